import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { hostileDocuments } from '../support/hostile-documents.ts';
import { callerKeys, startProductionGateway } from '../support/operator-gateway.ts';
import { transports } from '../support/transports.ts';

/** How many fields of the three roots were asked to resolve. */
let resolved = 0;
for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
  for (const field of Object.values(type?.getFields() ?? {})) {
    const { resolve, subscribe } = field;
    const counted =
      <Args extends unknown[], Result>(run: (...args: Args) => Result) =>
      (...args: Args): Result => {
        resolved += 1;
        return run(...args);
      };
    if (resolve !== undefined) field.resolve = counted(resolve);
    if (subscribe !== undefined) field.subscribe = counted(subscribe);
  }
}

beforeEach(() => {
  resolved = 0;
});

describe('sixty hostile documents', { timeout: 120_000 }, () => {
  it('are sixty, each with a name of its own', () => {
    expect(new Set(hostileDocuments.map(({ name }) => name)).size).toBe(60);
    expect(hostileDocuments).toHaveLength(60);
  });

  it.each(transports)(
    'are refused over %s, each with its code, and nothing of them is executed',
    async (_name, ask) => {
      const gateway = await startProductionGateway();
      const verdicts: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      for (const { name, code, ...operation } of hostileDocuments) {
        const { status = 400, text, codes, ran } = await ask(gateway, callerKeys.caller, operation);
        verdicts[name] = { code: codes[0], ran, serverFault: status >= 500, suggests: text.includes('Did you mean') };
        expected[name] = { code, ran: false, serverFault: false, suggests: false };
      }
      expect(verdicts).toEqual(expected);
      expect(resolved).toBe(0);
    },
  );

  it.each(transports)('do not keep an honest one over %s from being executed', async (_name, ask) => {
    const gateway = await startProductionGateway();
    const answer = await ask(gateway, callerKeys.caller, { query: '{ providers { account } }' });
    expect(answer).toMatchObject({ ran: true, codes: [] });
    expect(resolved).toBe(1);
  });
});

describe('what is honest', { timeout: 120_000 }, () => {
  const folder = new URL('../../schema/operations/', import.meta.url);
  const refusals = ['LIMIT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];
  const introspection = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });

  it('passes: every document of schema/operations', async () => {
    const gateway = await startProductionGateway();
    const [[, overHttp] = expect.fail()] = transports;
    for (const file of readdirSync(folder)) {
      const query = readFileSync(new URL(file, folder), 'utf8');
      // Whatever it lacks, be it a variable or the name of an operation: it is none of these.
      const { codes } = await overHttp(gateway, callerKeys.caller, { query });
      expect([file, codes.filter((code) => refusals.includes(code))]).toEqual([file, []]);
    }
  });

  it.each(transports)(
    'passes over %s: the introspection of GraphiQL, for an operator and for nobody else',
    async (_name, ask) => {
      const gateway = await startProductionGateway();
      const asked = async (key: string) => {
        const { codes, ran, text } = await ask(gateway, key, { query: introspection });
        return { codes, ran, tells: text.includes('MessageConnection') };
      };
      const refused = { codes: ['INTROSPECTION_DISABLED'], ran: false, tells: false };
      expect(await asked(callerKeys.caller)).toEqual(refused);
      expect(await asked(callerKeys.operator)).toEqual({ codes: [], ran: true, tells: true });
      // Once it is remembered, too.
      expect(await asked(callerKeys.reader)).toEqual(refused);
    },
  );
});
