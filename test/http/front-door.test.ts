import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { maxBodyBytesOf } from '../../src/http/body.ts';
import { isJudgedMutation } from '../../src/http/costly-mutations.ts';
import { BODY_LIMITS } from '../../src/http/limits.ts';
import { callerKeys, startProductionGateway } from '../support/operator-gateway.ts';

const { caller } = callerKeys;
const authorization = `Bearer ${caller}`;
const json = { authorization, 'content-type': 'application/json' };
const send = 'mutation { sendSms(input: { idempotencyKey: "k", to: "01012345678", text: "t" }) { __typename } }';
const parameters = (query: string): string => `?${new URLSearchParams({ query })}`;

type Gateway = Awaited<ReturnType<typeof startProductionGateway>>;
const ask = ({ url }: Gateway, init: RequestInit, search = ''): Promise<Response> =>
  fetch(`${url}/graphql${search}`, { signal: AbortSignal.timeout(20_000), ...init });
const post = (gateway: Gateway, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  ask(gateway, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });

async function messageCount(gateway: Gateway): Promise<number> {
  const response = await post(gateway, { query: '{ messages { edges { cursor } } }' });
  const { data } = (await response.json()) as { data: { messages: { edges: unknown[] } } };
  return data.messages.edges.length;
}

/** As graphql-cop and its like ask, with a key; true is a finding. */
const scans: Record<string, (gateway: Gateway) => Promise<boolean>> = {
  'overloads aliases': async (gateway) => {
    const query = `query cop { ${Array.from({ length: 101 }, (_, at) => `alias${at}:__typename`).join(' ')} }`;
    return (await (await post(gateway, { query })).text()).includes('"alias100":');
  },
  'overloads an array of operations': async (gateway) => {
    const response = await post(
      gateway,
      Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' })),
    );
    return Array.isArray(await response.json());
  },
  'overloads directives': async (gateway) => {
    const response = await post(gateway, { query: `query cop { __typename ${'@aa'.repeat(10)} }` });
    return ((await response.json()) as { errors: unknown[] }).errors.length === 10;
  },
  'overloads a field': async (gateway) => {
    const response = await post(gateway, { query: `query cop { ${'__typename \n'.repeat(500)} }` });
    return (await response.text()).includes('"__typename":');
  },
  'reads the schema in circles': async (gateway) => {
    const query = `query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`;
    return (await (await post(gateway, { query })).text()).includes('"types":');
  },
  'reads the schema': async (gateway) =>
    (await (await post(gateway, { query: 'query cop { __schema { types { name } } }' })).text()).includes('"types":'),
  'is given suggestions': async (gateway) => {
    for (const query of [
      'query cop { directive }',
      'query cop { __schema { directive } }',
      '{ message(ids: 1) { id } }',
      send.replace('text', 'tex'),
    ]) {
      if (/did you mean/i.test(await (await post(gateway, { query })).text())) return true;
    }
    const variables = { f: { kinds: ['SM'] } };
    const query = 'query ($f: MessageFilter) { messages(filter: $f) { edges { cursor } } }';
    return /did you mean/i.test(await (await post(gateway, { query, variables })).text());
  },
  'finds an IDE': async (gateway) => {
    for (const path of ['/', '/graphiql', '/playground', '/console', '/graphql']) {
      const response = await fetch(`${gateway.url}${path}`, { headers: { authorization, accept: 'text/html' } });
      if (/graphiql|playground/i.test(await response.text())) return true;
    }
    return false;
  },
  'queries by GET': async (gateway) =>
    (await (await ask(gateway, { headers: { authorization } }, parameters('query cop {__typename}'))).text()).includes(
      '"data":',
    ),
  'mutates by GET': async (gateway) => {
    for (const headers of [{ authorization }, { authorization, 'graphql-preflight': '1' }]) {
      const response = await ask(gateway, { headers }, parameters('mutation cop {__typename}'));
      if ((await response.text()).includes('"data":')) return true;
    }
    return false;
  },
  'posts a form': async (gateway) => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      const headers = { authorization, 'content-type': type };
      const response = await ask(gateway, { method: 'POST', headers, body: parameters(send).slice(1) });
      if (response.status !== 415) return true;
    }
    return (await messageCount(gateway)) > 0;
  },
  'is traced': async (gateway) => {
    const response = await post(gateway, { query: 'query cop { __typename }' }, { 'x-apollo-tracing': '1' });
    return (await response.text()).includes('tracing');
  },
  'sees an error that nobody handles': async (gateway) => {
    for (const query of ['qwerty cop { abc }', '{', '', 'query cop { message(id: {}) { id } }']) {
      const response = await post(gateway, { query });
      if (response.status >= 500 || /exception|stack|node_modules/i.test(await response.text())) return true;
    }
    return false;
  },
};

describe('a scanner with a key', { timeout: 120_000 }, () => {
  it('finds nothing', async () => {
    const gateway = await startProductionGateway();
    const findings: string[] = [];
    for (const [name, scan] of Object.entries(scans)) if (await scan(gateway)) findings.push(name);
    expect(findings).toEqual([]);
  });

  it('would find the schema, had it a key that may ask for it', async () => {
    const gateway = await startProductionGateway();
    const headers = { authorization: `Bearer ${callerKeys.operator}` };
    const response = await post(gateway, { query: 'query cop { __schema { types { name } } }' }, headers);
    expect(await response.text()).toContain('"types":');
  });
});

describe('a page of another origin', () => {
  const own = 'https://shop.example';
  const setUp = (): Promise<Gateway> =>
    startProductionGateway({ GWANMUN_CORS_ORIGINS: `${own}, https://desk.example` });
  const cors = (response: Response): string[] =>
    [...response.headers.keys()].filter((name) => name.startsWith('access-control'));

  it('may call and read where the operator lists it', async () => {
    const gateway = await setUp();
    const asked = {
      origin: own,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key',
    };
    const preflight = await ask(gateway, { method: 'OPTIONS', headers: asked });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(own);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('x-api-key');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await post(gateway, { query: '{ __typename }' }, { origin: own });
    expect(answer.headers.get('access-control-allow-origin')).toBe(own);
    // Also why it was refused.
    const refused = await post(gateway, { query: '{ __typename }' }, { origin: own, authorization: 'Bearer wrong' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, own]);
  });

  it.each([
    'https://evil.example',
    'https://shop.example.evil.example',
    'http://shop.example',
    'null',
    'https://shop.example:444',
  ])('is given nothing as %s', async (origin) => {
    const gateway = await setUp();
    const headers = { origin, 'access-control-request-method': 'POST' };
    expect(cors(await ask(gateway, { method: 'OPTIONS', headers }))).toEqual([]);
    expect(cors(await post(gateway, { query: '{ __typename }' }, { origin }))).toEqual([]);
  });

  it('cannot make a visitor ask anything by GET, whatever the browser sends along', async () => {
    const gateway = await setUp();
    const search = parameters('{ __typename }');
    for (const accept of ['*/*', 'text/event-stream', 'application/json']) {
      const response = await ask(gateway, { headers: { authorization, accept } }, search);
      expect([response.status, await response.json()]).toEqual([
        403,
        { errors: [expect.objectContaining({ extensions: { code: 'CSRF_REFUSED' } })] },
      ]);
    }
    for (const site of ['cross-site', 'same-site', 'none']) {
      const headers = { authorization, 'sec-fetch-site': site };
      expect((await ask(gateway, { headers }, search)).status).toBe(403);
    }
    for (const name of ['graphql-preflight', 'apollo-require-preflight', 'x-requested-with']) {
      const headers = { authorization, [name]: '1' };
      expect((await ask(gateway, { headers }, search)).status).toBe(200);
    }
  });
});

describe('a body', () => {
  const body = (bytes: number): string => {
    const empty = JSON.stringify({ query: '{ __typename }', variables: { a: '' } });
    return JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(bytes - empty.length) } });
  };
  const scopes = (
    ...names: Parameters<typeof maxBodyBytesOf>[0]['scopes'] extends ReadonlySet<infer S> ? S[] : never
  ) => maxBodyBytesOf({ scopes: new Set(names) });

  it('has room for images only where the key may send them', () => {
    expect(scopes('messages:read', 'otp', 'operator')).toBe(BODY_LIMITS.bytes);
    expect(scopes('commerce:write')).toBe(BODY_LIMITS.parcelBytes);
    expect(scopes('messages:send')).toBe(BODY_LIMITS.imageBytes);
    expect(scopes('commerce:write', 'remittance')).toBe(BODY_LIMITS.imageBytes);
  });

  it.each([
    ['reader', BODY_LIMITS.bytes],
    ['marketeer', BODY_LIMITS.parcelBytes],
    ['caller', BODY_LIMITS.imageBytes],
  ] as const)('of a %s is taken up to its last byte, and refused with 413 behind it', async (key, bytes) => {
    const gateway = await startProductionGateway();
    const headers = { ...json, authorization: `Bearer ${callerKeys[key]}` };
    const status = async (size: number, stream: boolean): Promise<number> => {
      const text = body(size);
      const init = stream ? { body: new Blob([text]).stream(), duplex: 'half' } : { body: text };
      const response = await ask(gateway, { method: 'POST', headers, ...init } as RequestInit);
      await response.text();
      return response.status;
    };
    expect([await status(bytes, false), await status(bytes, true)]).toEqual([200, 200]);
    expect([await status(bytes + 1, false), await status(bytes + 1, true)]).toEqual([413, 413]);
  });
});

describe('the table of costly mutations', () => {
  it('knows each mutation of the schema', () => {
    const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
    expect(names.filter((name) => !isJudgedMutation(name))).toEqual([]);
  });
});

describe('GraphiQL', () => {
  it('is shown in production only where the operator says so, without a key in it', async () => {
    const page = async (gateway: Gateway): Promise<string> =>
      (await fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/html' } })).text();
    expect(await page(await startProductionGateway())).not.toContain('<html');
    const shown = await page(await startProductionGateway({ GWANMUN_GRAPHIQL: 'true' }));
    expect(shown).toContain('<html');
    expect(shown).not.toContain(caller);
  });
});
