/** The scalars of the contract. Those a caller types by hand take any text: core judges them, with the path at hand. */
import { GraphQLError, Kind } from 'graphql';
import type { Instant } from '../core/clock.ts';
import { builder } from './builder.ts';

const koreaOffsetMs = 9 * 3_600_000;
const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt ]([01]\d|2[0-3]):\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]([01]\d|2[0-3]):\d\d)$/;
/** In Korea, where every time is printed: a year has four digits, there as here. */
const earliest = Date.parse('0001-01-01T00:00:00+09:00');
const latest = Date.parse('9999-12-31T23:59:59.999+09:00');

function printKoreanTime(instant: Instant): string {
  return new Date(instant + koreaOffsetMs).toISOString().replace('Z', '+09:00');
}

function parseTime(value: unknown): Instant {
  const [text, day] = (typeof value === 'string' ? rfc3339.exec(value) : undefined) ?? [];
  const instant = text !== undefined && isDay(day) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!(instant >= earliest && instant <= latest)) {
    throw new GraphQLError('A DateTime is written as RFC 3339 with an offset, and names a day that exists.');
  }
  return instant;
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(day = ''): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
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

builder.scalarType('WebAuthnJSON', {
  description: 'W3C WebAuthn JSON (PublicKeyCredentialCreationOptionsJSON and friends), passed through unchanged.',
  serialize: (value) => value,
});
