import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import {
  CommerceOrderChangesDocument,
  CommerceProductOrdersDocument,
  CommerceSellerDocument,
  CommerceTokenDocument,
  type CommerceTokenInput,
  ConfirmProductOrdersDocument,
  DispatchProductOrdersDocument,
  NodeByIdDocument,
  ProvidersDocument,
} from '../generated/operations.ts';
import { type GatewayClient, type Simulators, startGateway, startSimulators } from '../support/gateway.ts';
import { mustNotBeLogged } from '../support/run-log.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const provider = 'NAVER_COMMERCE';
const paths = 'v1/pay-order/seller/product-orders';
type Environment = Readonly<Record<string, string>>;

async function setUp(env: Environment = {}) {
  const simulators = await startSimulators();
  const whole = { GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env, ...env };
  return { ...simulators, env: whole, gateway: await startGateway(whole) };
}

const entries = ({ commerce }: Pick<Simulators, 'commerce'>, event: string) => commerce.ledger.entries({ event });

/** How many rows each call had. */
function callsOf(world: Pick<Simulators, 'commerce'>, event: string): number[] {
  const taken = entries(world, event).filter(({ outcome }) => outcome === 'TAKEN');
  return taken.map(({ fields }) => (fields as { productOrderIds: string[] }).productOrderIds.length);
}

async function token(gateway: GatewayClient, input: CommerceTokenInput = {}) {
  return (await gateway.query(CommerceTokenDocument, { input })).commerceToken;
}

async function ordersOf(gateway: GatewayClient, productOrderIds: string[]) {
  return (await gateway.query(CommerceProductOrdersDocument, { productOrderIds })).commerceProductOrders;
}

async function confirm(gateway: GatewayClient, productOrderIds: string[]) {
  return (await gateway.query(ConfirmProductOrdersDocument, { productOrderIds })).confirmProductOrders;
}

describe('commerceToken', () => {
  it('is Naver’s, fetched once and reused, also after a restart; another for a seller', async () => {
    const world = await setUp();
    const first = await token(world.gateway);
    expect(first).toMatchObject({ __typename: 'CommerceToken', tokenType: 'Bearer', accessToken: expect.any(String) });
    if (first.__typename !== 'CommerceToken') throw new Error(first.__typename);
    mustNotBeLogged(first.accessToken);
    expect(Date.parse(first.expiresAt) - Date.parse(first.renewAt)).toBe(30 * 60_000);
    for (const again of await Promise.all(Array.from({ length: 50 }, () => token(world.gateway)))) {
      expect(again).toEqual({ ...first, reused: true });
    }
    await world.gateway.stop();
    const gateway = await startGateway(world.env);
    expect(await token(gateway)).toEqual({ ...first, reused: true });
    expect(entries(world, 'POST token')).toHaveLength(1);
    const seller = await token(gateway, { type: 'SELLER', sellerAccountId: 'seller_1' });
    expect(seller).toMatchObject({ __typename: 'CommerceToken', reused: false });
    expect(world.commerce.state()).toMatchObject({ malformedTokenCalls: 0, isCapped: false });
  });

  it('is refused over WebSocket, and nothing is asked of Naver for what is no good input', async () => {
    const { gateway } = await setUp();
    const [said] = await take(gateway.subscribe(CommerceTokenDocument, { input: {} }), 1);
    expect(said?.commerceToken).toMatchObject({
      __typename: 'Unauthorized',
      message: 'A token is handed out over HTTP only.',
      missingScopes: [],
    });
    expect(await token(gateway, { sellerAccountId: 'seller_1' })).toMatchObject({
      fields: [{ path: ['input', 'sellerAccountId'], rule: 'NOT_WITH_SELF' }],
    });
    expect(await token(gateway, { account: 'second' })).toMatchObject({
      fields: [{ path: ['input', 'account'], rule: 'UNKNOWN_ACCOUNT' }],
    });
  });

  it('tells what Naver said where it is capped or refused, and asks no more for a while', async () => {
    const world = await setUp();
    world.commerce.revokeTokens();
    world.commerce.arm({ provider, kind: 'reject', on: 'token', code: 'GW.QUOTA_LIMIT', count: 5 });
    const subject = { type: 'SELLER', sellerAccountId: 'seller_1' } as const;
    for (let at = 0; at < 3; at += 1) {
      expect(await token(world.gateway, subject)).toMatchObject({
        __typename: 'CommerceRestricted',
        retry: 'SAFE_AFTER',
        origin: { code: 'GW.QUOTA_LIMIT', httpStatus: 429 },
      });
    }
    const [armed] = world.commerce.faults.list();
    expect(armed?.remaining).toBeGreaterThanOrEqual(3);
  });
});

describe('product orders', () => {
  it('asked for anywhere in one document are one call for every 300 distinct ids, in the order asked', async () => {
    const world = await setUp();
    const ids = world.commerce.addProductOrders(301);
    const unknown = '9999999999999999';
    const part = '{ ... on CommerceProductOrderList { productOrders { id productOrderId status } } }';
    const query = `query ($first: [ID!]!, $second: [ID!]!) {
      first: commerceProductOrders(productOrderIds: $first) ${part}
      second: commerceProductOrders(productOrderIds: $second) ${part}
    }`;
    const idsUpTo = (count: number) => ({
      first: ids.slice(0, 200).reverse(),
      second: [...ids.slice(100, count), unknown],
    });
    const ask = async (count: number) =>
      (await (await world.gateway.post({ query, variables: idsUpTo(count) })).json()) as {
        data: Record<'first' | 'second', { productOrders: ({ productOrderId: string } | null)[] }>;
      };
    const { data } = await ask(299);
    expect(data.first.productOrders.map((order) => order?.productOrderId)).toEqual([...ids.slice(0, 200)].reverse());
    expect(data.second.productOrders.map((order) => order?.productOrderId)).toEqual([
      ...ids.slice(100, 299),
      undefined,
    ]);
    expect(callsOf(world, 'POST query')).toEqual([300]);
    await ask(300);
    expect(callsOf(world, 'POST query').toSorted((a, b) => a - b)).toEqual([1, 300, 300]);
  });

  it('are nodes, and what is none of ours asks nothing', async () => {
    const world = await setUp();
    const [productOrderId = ''] = world.commerce.addProductOrders(1);
    const list = await ordersOf(world.gateway, [productOrderId]);
    expect(list).toMatchObject({ productOrders: [{ productOrderId, status: 'PAYED', placeOrderStatus: 'NOT_YET' }] });
    const id = list.__typename === 'CommerceProductOrderList' ? (list.productOrders[0]?.id ?? '') : '';
    expect((await world.gateway.query(NodeByIdDocument, { id })).node).toMatchObject({
      __typename: 'CommerceProductOrder',
      id,
    });
    for (const other of ['second-1', 'default-x', 'default']) {
      const forged = Buffer.from(`CommerceProductOrder:${other}`).toString('base64url');
      expect((await world.gateway.query(NodeByIdDocument, { id: forged })).node).toBeNull();
    }
    expect(await ordersOf(world.gateway, ['1', 'x'])).toMatchObject({
      fields: [{ path: ['productOrderIds', '1'], rule: 'NOT_A_PRODUCT_ORDER_ID' }],
    });
    expect(callsOf(world, 'POST query')).toEqual([1, 1]);
  });

  it('and the seller tell failures as members, and the account is on the board', async () => {
    const world = await setUp();
    expect((await world.gateway.query(CommerceSellerDocument, {})).commerceSeller).toMatchObject({
      __typename: 'CommerceSeller',
      accountId: world.commerce.state().accountId,
    });
    world.commerce.arm({
      provider,
      kind: 'reject',
      on: 'call',
      status: 403,
      code: 'GW.IP_NOT_ALLOWED',
      endpoint: `${paths}/query`,
    });
    expect(await ordersOf(world.gateway, ['1'])).toMatchObject({ __typename: 'ProviderRejected' });
    const providers = (await world.gateway.query(ProvidersDocument, {})).providers;
    expect(providers).toContainEqual(expect.objectContaining({ provider, account: 'default', configured: true }));
  });
});

describe('an action', () => {
  it('on 65 orders of which Naver refuses 3 answers 62 and 3, by three calls', async () => {
    const world = await setUp();
    const ids = [...world.commerce.addProductOrders(65)];
    const refused = [ids[0], ids[40], ids[64]] as string[];
    for (const id of refused) world.commerce.change(id, 'PURCHASE_DECIDED');
    const answer = await confirm(world.gateway, ids);
    expect(answer).toMatchObject({
      __typename: 'CommerceOrderActionPayload',
      succeeded: ids.filter((id) => !refused.includes(id)),
      failed: refused.map((productOrderId) => ({ productOrderId, code: '104133', message: expect.any(String) })),
    });
    expect(callsOf(world, 'POST confirm')).toEqual([30, 30, 5]);
  });

  it('whose answer is a 504 behind the deed is read back, and not repeated', async () => {
    const world = await setUp();
    const ids = [...world.commerce.addProductOrders(5)];
    world.commerce.arm({ provider, kind: 'reject', on: 'answer', code: 'GW.TIMEOUT.01', endpoint: `${paths}/confirm` });
    expect(await confirm(world.gateway, ids)).toMatchObject({ succeeded: ids, failed: [] });
    expect(callsOf(world, 'POST confirm')).toEqual([5]);

    world.commerce.arm({
      provider,
      kind: 'reject',
      on: 'answer',
      code: 'GW.TIMEOUT.01',
      endpoint: `${paths}/dispatch`,
    });
    const orders = ids.map((productOrderId, at) => ({
      productOrderId,
      deliveryMethod: 'DELIVERY',
      deliveryCompanyCode: 'CJGLS',
      trackingNumber: `12345678${at}`,
      dispatchedAt: new Date().toISOString(),
    }));
    const { dispatchProductOrders } = await world.gateway.query(DispatchProductOrdersDocument, { orders });
    expect(dispatchProductOrders).toMatchObject({ succeeded: ids, failed: [] });
    expect(callsOf(world, 'POST dispatch')).toEqual([5]);
    expect(
      world.commerce.state().productOrders.every(({ productOrderStatus }) => productOrderStatus === 'DELIVERING'),
    ).toBe(true);
  });

  it('whose answer is a 504 before the deed is done once', async () => {
    const world = await setUp();
    const ids = [...world.commerce.addProductOrders(3)];
    world.commerce.arm({ provider, kind: 'reject', on: 'call', code: 'GW.TIMEOUT.01', endpoint: `${paths}/confirm` });
    expect(await confirm(world.gateway, ids)).toMatchObject({ succeeded: ids, failed: [] });
    expect(callsOf(world, 'POST confirm')).toEqual([3]);
  });
});

describe('commerceOrderChanged', () => {
  it('tells each change with its order, over WebSocket and SSE, and what was missed from a cursor on', async () => {
    const world = await setUp();
    const streams = [
      world.gateway.subscribe(CommerceOrderChangesDocument, {}),
      world.gateway.events(CommerceOrderChangesDocument, {}),
    ];
    const [begun] = (await Promise.all(streams.map((stream) => take(stream, 1)))).flat();
    expect(begun?.commerceOrderChanged).toMatchObject({ __typename: 'StreamCaughtUp', replayed: 0 });
    const cursor = begun?.commerceOrderChanged.__typename === 'StreamCaughtUp' ? begun.commerceOrderChanged.cursor : '';
    const ids = world.commerce.addProductOrders(3);
    for (const stream of streams) {
      const told = (await take(stream, 3)).map((each) => each.commerceOrderChanged);
      expect(told).toMatchObject(
        ids.map((productOrderId) => ({
          __typename: 'CommerceOrderChange',
          productOrderId,
          changeType: 'PAYED',
          productOrder: { status: 'PAYED' },
        })),
      );
    }
    await world.gateway.stop();
    world.commerce.change(ids[0] ?? '', 'DISPATCHED');
    const gateway = await startGateway(world.env);
    const resumed = await takeUntil(
      gateway.subscribe(CommerceOrderChangesDocument, { after: cursor }),
      ({ commerceOrderChanged: event }) =>
        event.__typename === 'CommerceOrderChange' && event.changeType === 'DISPATCHED',
    );
    const changes = resumed.flatMap(({ commerceOrderChanged: event }) =>
      event.__typename === 'CommerceOrderChange' ? [[event.productOrderId, event.changeType]] : [],
    );
    expect(changes).toEqual([...ids.map((id) => [id, 'PAYED']), [ids[0], 'DISPATCHED']]);
  });
});

describe('a key', () => {
  const scopes = { reads: ['commerce:read'], writes: ['commerce:write'], takes: ['commerce:token'] } as const;

  it('opens what its scope names, and nothing else', async () => {
    const file = join(await temporaryFolder(), 'tenants.json');
    const keyOf = (id: string): string => `${id}-key-0123456789`;
    const keys = Object.entries(scopes).map(([id, granted]) => ({
      id,
      secretSha256: hashApiKey(keyOf(id)),
      scopes: granted as readonly Scope[],
    }));
    await writeFile(file, JSON.stringify({ tenants: [{ id: 'one', keys }] }));
    const world = await setUp({ GWANMUN_API_KEY: '', SENDER_NUMBERS: '', GWANMUN_TENANTS_FILE: file });
    const [productOrderId = ''] = world.commerce.addProductOrders(1);
    const order = { productOrderId, deliveryMethod: 'NOTHING', dispatchedAt: new Date().toISOString() };
    for (const id of Object.keys(scopes)) {
      const gateway = world.gateway.as(keyOf(id));
      const seller = (await gateway.query(CommerceSellerDocument, {})).commerceSeller;
      const listed = await ordersOf(gateway, [productOrderId]);
      const confirmed = await confirm(gateway, [productOrderId]);
      const { dispatchProductOrders } = await gateway.query(DispatchProductOrdersDocument, { orders: [order] });
      const taken = await token(gateway);
      const answers = [seller, listed, confirmed, dispatchProductOrders, taken].map(({ __typename }) => __typename);
      const whether = (isAllowed: boolean, type: string): string => (isAllowed ? type : 'Unauthorized');
      expect(answers).toEqual([
        whether(id === 'reads', 'CommerceSeller'),
        whether(id === 'reads', 'CommerceProductOrderList'),
        whether(id === 'writes', 'CommerceOrderActionPayload'),
        whether(id === 'writes', 'CommerceOrderActionPayload'),
        whether(id === 'takes', 'CommerceToken'),
      ]);
      const node = Buffer.from(`CommerceProductOrder:default-${productOrderId}`).toString('base64url');
      const found = (await gateway.query(NodeByIdDocument, { id: node })).node;
      expect(found === null).toBe(id !== 'reads');
      const stream = gateway.subscribe(CommerceOrderChangesDocument, {});
      if (id === 'reads') expect(await take(stream, 1)).toHaveLength(1);
      else await expect(take(stream, 1)).rejects.toThrow('commerce:read');
    }
  });
});
