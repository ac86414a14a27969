import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnionType } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import { type Quotas, SCOPES } from '../../src/core/tenant.ts';
import { schema } from '../../src/graphql/schema.ts';
import { SendSmsDocument } from '../generated/operations.ts';
import { type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { mutationsOf } from '../support/id-matrix.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { transports } from '../support/transports.ts';

const keyOf = (tenant: string): string => `quota-${tenant}-0123456789`;

/** Tenants a and b with the same quotas. */
async function startWith(perMinute: NonNullable<Quotas['perMinute']>, redis?: RedisServer): Promise<Gateway> {
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  const tenants = ['a', 'b'].map((id) => ({
    id,
    callerNumbers: ['15880000'],
    quotas: { perMinute },
    keys: [{ id: 'k', scopes: SCOPES, secretSha256: hashApiKey(keyOf(id)) }],
  }));
  writeFileSync(file, JSON.stringify({ tenants }));
  const { env } = await startSimulators();
  return startGateway({
    ...env,
    ...(redis !== undefined && { REDIS_URL: redis.url }),
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
  });
}

async function redisServer(): Promise<RedisServer> {
  const server = await startRedisServer();
  onTestFinished(() => server.dispose());
  return server;
}

const sms = (idempotencyKey: string) => ({
  idempotencyKey,
  to: '01012345678',
  text: 'hello',
  providers: ['SENS' as const],
  wait: 'QUEUED' as const,
});

/** A batch counts as sendSms as well, and has a test of its own. */
const mutations = mutationsOf(schema).filter(({ field }) => field !== 'sendSmsBatch');
const listsRateLimited = (field: string): boolean => {
  const type = schema.getMutationType()?.getFields()[field]?.type.toString().replace('!', '') ?? '';
  const union = schema.getType(type);
  return isUnionType(union) && union.getTypes().some(({ name }) => name === 'RateLimited');
};

interface Answer {
  readonly data: Record<string, { __typename: string; code: string; retryAt: string; scope: string }> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly retryAt?: string } }[];
}

const stores = [
  ['the embedded store', async () => undefined, true],
  ['Redis', redisServer, hasRedisServer],
] as const;

for (const [place, open, isHere] of stores) {
  describe.runIf(isHere)(`A tenant's quotas with ${place}`, () => {
    it('bound each mutation, typed where its union says so, and never another tenant', async () => {
      const fields = Object.fromEntries(mutations.map(({ field }) => [field, 1]));
      const gateway = await startWith({ fields }, await open());
      for (const { field, query, variables } of mutations) {
        const ask = async (tenant: string): Promise<Answer> => {
          const body = { query, variables: variables('', 'none') };
          return (await (await gateway.as(keyOf(tenant)).post(body)).json()) as Answer;
        };
        const isRefused = ({ data, errors }: Answer): boolean =>
          data?.[field]?.code === 'RATE_LIMITED' || errors?.[0]?.extensions.code === 'RATE_LIMITED';
        expect([field, isRefused(await ask('a'))]).toEqual([field, false]);
        const refused = await ask('a');
        if (listsRateLimited(field)) {
          expect(refused.data?.[field]).toMatchObject({ __typename: 'RateLimited', retryAt: expect.any(String) });
        } else {
          expect([field, refused]).toMatchObject([
            field,
            {
              data: null,
              errors: [{ extensions: { code: 'RATE_LIMITED', retryAt: expect.any(String), scope: field, limit: 1 } }],
            },
          ]);
        }
        expect([field, isRefused(await ask('b'))]).toEqual([field, false]);
      }
    });

    it('say the same on every transport, also for queries and streams', async () => {
      const gateway = await startWith({ operations: 2 }, await open());
      const providers = { query: '{ providers { account } }' };
      for (let nth = 0; nth < 2; nth++) await transports[0]?.[1](gateway, keyOf('a'), providers);
      for (const [name, ask] of transports) {
        for (const query of [providers.query, 'subscription { messageChanged { __typename } }']) {
          if (name === 'HTTP' && query.startsWith('subscription')) continue;
          const answer = await ask(gateway, keyOf('a'), { query });
          expect([name, query, answer.codes, answer.ran]).toEqual([name, query, ['RATE_LIMITED'], false]);
          expect(answer.text).toMatch(/"retryAt":"20\d\d-/);
        }
        expect((await ask(gateway, keyOf('b'), { query: '{ __typename }' })).codes).toEqual([]);
      }
      const { codes } = await (transports[0]?.[1](gateway, keyOf('b'), providers) ?? Promise.reject(new Error()));
      expect(codes).toEqual([]);
    });

    it('count one operation once, however many fields it has', async () => {
      const gateway = await startWith({ operations: 2 }, await open());
      const client = gateway.as(keyOf('a'));
      const two = { query: '{ a: providers { account } b: providers { account } }' };
      for (let nth = 0; nth < 2; nth++) expect(await (await client.post(two)).json()).not.toHaveProperty('errors');
      const { sendSms } = await client.query(SendSmsDocument, { input: sms('1') });
      expect(sendSms.__typename).toBe('RateLimited');
    });

    it('count a batch as its messages, and together with those of sendSms', async () => {
      const gateway = await startWith({ fields: { sendSms: 4 } }, await open());
      const client = gateway.as(keyOf('a'));
      const batch = async (...keys: string[]) => {
        const query = `mutation ($inputs: [SendSmsInput!]!) {
          sendSmsBatch(inputs: $inputs) { __typename ... on Error { code retryAt } }
        }`;
        const answer = (await (await client.post({ query, variables: { inputs: keys.map(sms) } })).json()) as Answer;
        return answer.data?.['sendSmsBatch'];
      };
      expect(await batch('1', '2', '3')).toMatchObject({ __typename: 'SendSmsBatchPayload' });
      expect(await batch('4', '5')).toMatchObject({ __typename: 'RateLimited', retryAt: expect.any(String) });
      expect(await batch('4', '5', '6', '7', '8')).toMatchObject({ __typename: 'InvalidInput' });
      const send = async (key: string) => (await client.query(SendSmsDocument, { input: sms(key) })).sendSms.__typename;
      expect([await send('4'), await send('5')]).toEqual(['Message', 'RateLimited']);
    });
  });
}

describe.runIf(hasRedisServer)('Quotas whose Redis is frozen', () => {
  it('refuse what costs money, typed, and leave reading to the store', async () => {
    const server = await redisServer();
    const gateway = await startWith({}, server);
    const client = gateway.as(keyOf('a'));
    server.freeze();
    const { sendSms } = await client.query(SendSmsDocument, { input: sms('1') });
    expect(sendSms).toMatchObject({
      __typename: 'ProviderUnavailable',
      code: 'STORE_UNAVAILABLE',
      outcome: 'NOT_ACCEPTED',
    });
    const read = await (await client.post({ query: '{ providers { account } }' })).json();
    expect(read).not.toHaveProperty('errors');
    server.thaw();
  });
});
