import { describe, expect, it } from 'vitest';
import type { NaverCommerceSimulatorOptions } from '../../../src/simulators/naver-commerce/simulator.ts';
import { MINUTE_MS, START, startNaverCommerceSimulator } from '../../support/naver-commerce-simulator.ts';
import { failureOf, given, provider } from './account.ts';

const HOUR_MS = 60 * MINUTE_MS;
const clientId = 'simulated';
/** The helper's own: 16 zero bytes. */
const clientSecret = `$2a$04$${'.'.repeat(22)}`;

/** Our reading of the documents against the simulator's, which is another. The simulator's clock stands still; waiting is real. */
async function account(options: Partial<NaverCommerceSimulatorOptions> = {}, skewMs = 0) {
  const { simulator, clock, url, entries } = await startNaverCommerceSimulator(options);
  const ours = { now: () => clock.at + skewMs, monotonicMs: () => performance.now() };
  const made = provider(url, { clientId, clientSecret, clock: ours });
  const token = async () => (await made.issueToken({ type: 'SELF' })).accessToken;
  return { simulator, clock, made, token, entries };
}

describe('against the simulator', () => {
  it('a token is had for the own shop and for a seller, and none of the calls is malformed', async () => {
    const { simulator, made } = await account({ quotaPenalty: 'AT_ONCE' });
    const issued = await made.issueToken({ type: 'SELF' });
    expect(issued).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresAt: START + 3 * HOUR_MS,
    });
    const sellers = await made.issueToken({ type: 'SELLER', sellerAccountId: 'ncp_1+x/y' });
    expect(await given(made.seller(sellers.accessToken))).toMatchObject({ accountId: 'ncp_1+x/y' });
    expect(await given(made.seller(issued.accessToken))).toMatchObject({ accountId: simulator.state().accountId });
    expect(simulator.state()).toMatchObject({ malformedTokenCalls: 0, isCapped: false, liveTokens: 2 });
  });

  it('a token that was revoked is refused by every call, and another one opens again', async () => {
    const { simulator, made, token } = await account({ productOrderCount: 1 });
    const first = await token();
    const [id = ''] = simulator.state().productOrders.map(({ productOrderId }) => productOrderId);
    simulator.revokeTokens();
    expect(await made.seller(first)).toMatchObject({
      tokenRefused: true,
      fault: { code: 'GW.AUTHN', httpStatus: 401 },
    });
    expect(await made.confirm(first, [id])).toMatchObject({ tokenRefused: true });
    expect(await made.orderChanges(first, { from: START, to: START })).toMatchObject({ tokenRefused: true });
    expect(await given(made.confirm(await token(), [id]))).toEqual({ succeeded: [id], failed: [] });
  });

  it.each([-10 * MINUTE_MS, 10 * MINUTE_MS])('a clock that is %i ms off costs one refusal', async (skewMs) => {
    const { made, entries } = await account({}, skewMs);
    expect(await made.issueToken({ type: 'SELF' })).toMatchObject({ expiresAt: START + skewMs + 3 * HOUR_MS });
    expect(entries('POST token').map(({ outcome }) => outcome)).toEqual(['REFUSED', 'TAKEN']);
  });

  it('another secret is rejected in Naver’s words', async () => {
    const { url } = await startNaverCommerceSimulator();
    const made = provider(url, {
      clientId,
      clientSecret: '$2a$04$abcdefghijklmnopqrstuu',
      clock: { now: () => START, monotonicMs: () => 0 },
    });
    const failure = await failureOf(made.issueToken({ type: 'SELF' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { httpStatus: 400 } });
    expect(failure.origin?.text).toContain('client_secret_sign');
    expect(made.health().healthy).toBe(false);
  });

  it('300 product orders are one call, and those that Naver does not know are left out', async () => {
    const { simulator, made, token, entries } = await account();
    const ids = simulator.addProductOrders(299);
    const found = await given(made.productOrders(await token(), [...ids, '1']));
    expect(found.map(({ productOrderId }) => productOrderId).sort()).toEqual([...ids].sort());
    expect(found[0]).toMatchObject({
      status: 'PAYED',
      placeOrderStatus: 'NOT_YET',
      quantity: expect.any(Number),
      paidAt: START,
    });
    expect(entries('POST query')).toHaveLength(1);
  });

  it('an order is confirmed, then dispatched, and refused the second time by a code', async () => {
    const { simulator, made, token } = await account();
    const ids = simulator.addProductOrders(3);
    const [first = '', second = ''] = ids;
    const bearer = await token();
    expect(await given(made.confirm(bearer, [...ids, '1']))).toEqual({
      succeeded: ids,
      failed: [{ productOrderId: '1', code: expect.stringMatching(/^\d+$/), message: expect.any(String) }],
    });
    const parcel = (productOrderId: string, trackingNumber: string) => ({
      productOrderId,
      deliveryMethod: 'DELIVERY',
      deliveryCompanyCode: 'CJGLS',
      trackingNumber,
      dispatchedAt: START,
    });
    const both = [parcel(first, '123456789011'), parcel(second, '123456789012')];
    expect(await given(made.dispatch(bearer, both))).toEqual({ succeeded: [first, second], failed: [] });
    const again = await given(made.dispatch(bearer, both));
    expect(again.succeeded).toEqual([]);
    expect(again.failed.map(({ productOrderId }) => productOrderId)).toEqual([first, second]);
    const [found] = await given(made.productOrders(bearer, [first]));
    expect(found).toMatchObject({ status: 'DELIVERING', placeOrderStatus: 'OK' });
  });

  it('the feed is read to its end over many pages, each change once', async () => {
    const { simulator, clock, made, token } = await account({ pageLimit: 3 });
    const ids = simulator.addProductOrders(10);
    clock.at += 1_000;
    for (const id of ids) simulator.change(id, 'DISPATCHED');
    const bearer = await token();
    const seen: string[] = [];
    let from = START;
    let moreSequence: string | undefined;
    let pages = 0;
    do {
      const page = await given(made.orderChanges(bearer, { from, to: clock.at, moreSequence }));
      seen.push(...page.changes.map((each) => `${each.productOrderId} ${each.changedAt} ${each.changeType}`));
      from = page.more?.from ?? from;
      moreSequence = page.more?.sequence;
      pages += 1;
    } while (moreSequence !== undefined);
    expect(pages).toBeGreaterThan(3);
    expect(new Set(seen).size).toBe(seen.length);
    for (const id of ids) expect(seen).toContain(`${id} ${clock.at} DISPATCHED`);
  });

  it('its rate is kept from the first answer on', async () => {
    const { made, token, entries } = await account({ ratePerSecond: 20 });
    const bearer = await token();
    await given(made.seller(bearer));
    await Promise.all(Array.from({ length: 30 }, () => made.seller(bearer)));
    expect(entries('GET account').every(({ outcome }) => outcome === 'TAKEN')).toBe(true);
  });

  it('an address that is not on the list is told as such', async () => {
    const { made } = await account({ ipAllowed: false });
    expect(await failureOf(made.issueToken({ type: 'SELF' }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      origin: { code: 'GW.IP_NOT_ALLOWED', httpStatus: 403 },
    });
  });
});
