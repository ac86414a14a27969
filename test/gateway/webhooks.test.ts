import type { TypedDocumentNode as Document } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import { InboundWebhooksDocument, NodeByIdDocument, ReplayWebhookDocument } from '../generated/operations.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';
import { postWebhook, serveWebhooks } from '../support/webhook-server.ts';
import { effectsIn, pushBody, sign, webhookCore } from '../support/webhooks.ts';

const wrong = `sha256=${'0'.repeat(64)}`;
const apiKey = (tenant: string, name: string): string => `${tenant}-${name}-0123456789`;
const tenantWith = (id: string, scopes: Readonly<Record<string, Scope[]>>) => ({
  id,
  callerNumbers: [],
  keys: Object.entries(scopes).map(([name, of]) => ({
    id: name,
    secretSha256: hashApiKey(apiKey(id, name)),
    scopes: of,
  })),
});
const tenants = [
  tenantWith('one', { reads: ['webhooks'], sends: ['messages:send'] }),
  tenantWith('two', { reads: ['webhooks'], operates: ['operator'], both: ['webhooks', 'operator'] }),
];

async function setUp() {
  const store = await temporaryStore();
  const core = webhookCore(store);
  const { url } = await serveWebhooks(core, { tenants });
  const clientOf = (tenant: string, name: string) => {
    const call = async <Data, Variables>(document: Document<Data, Variables>, variables: Variables) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': apiKey(tenant, name) },
        body: JSON.stringify({ query: print(document), variables }),
      });
      return (await response.json()) as { data: Data; errors?: { extensions: object }[] };
    };
    return {
      call,
      list: async (variables: Parameters<typeof call<unknown, object>>[1] = {}) => {
        const { data } = await call(InboundWebhooksDocument, variables);
        return data.inboundWebhooks.edges.map(({ node }) => node);
      },
      page: async (variables: object) => (await call(InboundWebhooksDocument, variables)).data.inboundWebhooks,
      replay: async (id: string) => (await call(ReplayWebhookDocument, { id })).data.replayWebhook,
      node: async (id: string) => (await call(NodeByIdDocument, { id })).data.node,
    };
  };
  const post = async (body: string, signature?: string): Promise<number> =>
    postWebhook(`${url}/webhooks/securekey`, body, signature ?? (await sign(body)));
  core.effect.tenantOf.set('of-one', 'one').set('of-two', 'two');
  expect(await post(pushBody('of-one'))).toBe(200);
  expect(await post(pushBody('of-two'))).toBe(200);
  expect(await post(pushBody('of-nobody'))).toBe(200);
  expect(await post(pushBody('of-one'), wrong)).toBe(401);
  await until(async () => (await effectsIn(store)).length === 2);
  return {
    ...core,
    store,
    post,
    one: clientOf('one', 'reads'),
    without: clientOf('one', 'sends'),
    two: clientOf('two', 'reads'),
    operator: clientOf('two', 'operates'),
    both: clientOf('two', 'both'),
  };
}

const textOf = ({ body }: { body: string }): string => Buffer.from(body, 'base64').toString();
const invalid = (rule: string) => ({ __typename: 'InvalidInput', fields: [{ path: ['id'], rule }] });

describe('the list of received webhooks', () => {
  it("holds a tenant's own with their raw bytes, and nothing of another", async () => {
    const { one, two, post } = await setUp();
    await post(pushBody('of-one'));
    const own = await one.list();
    expect(own).toMatchObject([
      { provider: 'SECUREKEY', event: 'push.responded', signatureValid: true, duplicates: 1, replays: 0 },
    ]);
    expect(own.map(textOf)).toEqual([pushBody('of-one')]);
    expect((await two.list()).map(textOf)).toEqual([pushBody('of-two')]);
    expect(await one.list({ provider: 'SECUREKEY' })).toEqual(own);
    expect(await one.list({ provider: 'SENTBE' })).toEqual([]);
  });

  it('is read page by page, and another list takes no cursor of it', async () => {
    const { one, two, effect, post } = await setUp();
    const ids = ['a', 'b', 'c'];
    for (const id of ids) {
      effect.tenantOf.set(id, 'one');
      await post(pushBody(id));
    }
    const first = await one.page({ first: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = first.pageInfo.endCursor ?? '';
    const rest = await one.page({ first: 3, after });
    expect([...first.edges, ...rest.edges].map(({ node }) => textOf(node))).toEqual(['of-one', ...ids].map(pushBody));
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const refused = await two.call(InboundWebhooksDocument, { after });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });

  it('of what is nobody’s is the operator’s, with what is forged', async () => {
    const { operator } = await setUp();
    const unmatched = await operator.list({ unmatched: true });
    expect(unmatched.map((node) => [textOf(node), node.event, node.signatureValid])).toEqual([
      [pushBody('of-nobody'), 'push.responded', true],
      [pushBody('of-one'), null, false],
    ]);
  });

  it('asks for the scope webhooks, and for operator of what is nobody’s', async () => {
    const { one, without, operator } = await setUp();
    for (const [client, variables, scope] of [
      [without, {}, 'webhooks'],
      [operator, {}, 'webhooks'],
      [one, { unmatched: true }, 'operator'],
    ] as const) {
      expect((await client.call(InboundWebhooksDocument, variables)).errors).toMatchObject([
        { extensions: { code: 'UNAUTHORIZED', missingScopes: [scope] } },
      ]);
    }
    expect(await without.replay('x')).toEqual({ __typename: 'Unauthorized', missingScopes: ['webhooks'] });
  });
});

describe('a webhook by its ID', () => {
  it('is null for whoever may not list it', async () => {
    const { one, two, without, operator, both } = await setUp();
    const [own = expect.unreachable()] = await one.list();
    const [orphan = expect.unreachable()] = await operator.list({ unmatched: true });
    expect(await one.node(own.id)).toEqual({ __typename: 'InboundWebhook', id: own.id });
    expect(await operator.node(orphan.id)).toEqual({ __typename: 'InboundWebhook', id: orphan.id });
    expect(await both.node(orphan.id)).not.toBeNull();
    for (const client of [two, without, operator, both]) expect(await client.node(own.id)).toBeNull();
    for (const client of [one, two, without]) expect(await client.node(orphan.id)).toBeNull();
  });
});

describe('replayWebhook', () => {
  it('runs the effect again, and changes nothing more', async () => {
    const { one, effect, store } = await setUp();
    const [{ id } = expect.unreachable()] = await one.list();
    const before = effect.applied.length;
    expect(await one.replay(id)).toEqual({
      __typename: 'InboundWebhook',
      id,
      event: 'push.responded',
      replays: 1,
    });
    expect(effect.applied.slice(before)).toEqual(['of-one']);
    expect((await effectsIn(store)).sort()).toEqual(['of-one', 'of-two']);
    expect(await one.list()).toMatchObject([{ replays: 1, duplicates: 0 }]);
  });

  it('knows none of another tenant, none that is nobody’s, and nothing by garbage', async () => {
    const { one, two, operator, effect } = await setUp();
    const [{ id } = expect.unreachable()] = await one.list();
    const [orphan = expect.unreachable()] = await operator.list({ unmatched: true });
    const before = effect.applied.length;
    for (const [client, of] of [
      [two, id],
      [operator, id],
      [one, orphan.id],
      [one, 'garbage'],
      [one, Buffer.from('Message:x').toString('base64url')],
    ] as const) {
      expect(await client.replay(of)).toMatchObject(invalid('UNKNOWN'));
    }
    expect(effect.applied).toHaveLength(before);
  });

  it('lets the operator run what was nobody’s, which moves to its tenant; and nobody what is forged', async () => {
    const { one, operator, effect } = await setUp();
    const [orphan = expect.unreachable(), forged = expect.unreachable()] = await operator.list({ unmatched: true });
    expect(await operator.replay(forged.id)).toMatchObject(invalid('SIGNATURE_INVALID'));
    effect.tenantOf.set('of-nobody', 'one');
    expect(await operator.replay(orphan.id)).toMatchObject({ __typename: 'InboundWebhook', replays: 1 });
    expect((await one.list()).map(textOf)).toEqual([pushBody('of-one'), pushBody('of-nobody')]);
    expect(await operator.list({ unmatched: true })).toHaveLength(1);
    expect(await operator.node(orphan.id)).toBeNull();
  });
});
