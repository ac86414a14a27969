/** The scalars of the contract. Those a caller types by hand take any text: core judges them, with the path at hand. */
import { GraphQLError, Kind } from 'graphql';
import type { Instant } from '../core/clock.ts';
import { builder } from './builder.ts';

const koreaOffsetMs = 9 * 3_600_000;
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/;

function printKoreanTime(instant: Instant): string {
  return new Date(instant + koreaOffsetMs).toISOString().replace('Z', '+09:00');
}

function parseTime(value: unknown): Instant {
  const instant = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(instant)) throw new GraphQLError('A DateTime is written as RFC 3339 with an offset.');
  return instant;
}

builder.scalarType('DateTime', {
  description: 'RFC 3339 with offset, always printed in +09:00 (provider clocks are KST).',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  serialize: printKoreanTime,
  parseValue: parseTime,
});

function textScalar(
  name: 'PhoneNumber' | 'CallbackNumber' | 'Base64',
  description: string,
  serialize: (value: never) => string,
): void {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw new GraphQLError(`A ${name} is a text.`);
    return value;
  };
  builder.scalarType(name, {
    description,
    serialize: serialize as (value: unknown) => string,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
}

textScalar(
  'PhoneNumber',
  'In: 01012345678, 010-1234-5678, +821012345678. Out: E.164 (+821012345678).',
  (value: string) => value,
);
textScalar(
  'CallbackNumber',
  'Registered Korean caller number, kept national (15880000, 0212345678): 15xx/16xx have no E.164 form.',
  (value: string) => value,
);
textScalar('Base64', 'Base64 bytes.', (value: Uint8Array) => Buffer.from(value).toString('base64'));
