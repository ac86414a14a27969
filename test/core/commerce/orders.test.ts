import { describe, expect, it, onTestFinished } from 'vitest';
import { createCommerce } from '../../../src/core/commerce/commerce.ts';
import type { Dispatch, OrderActionResult, ProductOrder } from '../../../src/core/commerce/provider.ts';
import { InvalidInput, ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { createStreams } from '../../../src/core/events/follow.ts';
import { silentLog } from '../../../src/core/log.ts';
import { standingClock } from '../../support/push-core.ts';
import { answered, fault, productOrder, scriptedCommerce } from '../../support/scripted-commerce.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

async function rig(accounts = ['default']) {
  const store = await temporaryStore();
  const clock = standingClock();
  const providers = accounts.map((account) => scriptedCommerce({ clock, account }));
  const streams = createStreams(store);
  const commerce = createCommerce({ store, streams, providers, owner: 'one', clock, log: silentLog });
  onTestFinished(() => commerce.stop());
  const [provider] = providers as [ReturnType<typeof scriptedCommerce>];
  return { commerce, provider, providers };
}

const ids = (count: number, from = 1): string[] => Array.from({ length: count }, (_, at) => String(from + at));
const dispatch = (productOrderId: string, part: Partial<Dispatch> = {}): Dispatch => ({
  productOrderId,
  deliveryMethod: 'VISIT_RECEIPT',
  dispatchedAt: 1_700_000_000_000,
  ...part,
});
const lost = new ProviderUnavailable('The answer was lost.', { outcome: 'UNKNOWN' });
const sizes = (calls: readonly (readonly unknown[])[]): number[] => calls.map(([, rows]) => (rows as unknown[]).length);

async function problemsOf(call: () => unknown): Promise<string[]> {
  try {
    await call();
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields.map(({ path, rule }) => `${path.join('.')} ${rule}`);
    throw error;
  }
  return [];
}

describe('product orders', () => {
  it.each([
    [0, []],
    [1, [1]],
    [300, [300]],
    [301, [300, 1]],
    [1_000, [300, 300, 300, 100]],
  ])('%i distinct ids are asked for in calls of %j, and found whatever their order', async (count, calls) => {
    const { commerce, provider } = await rig();
    provider.script.productOrders = async (_token, asked) =>
      answered(
        asked
          .filter((id) => id !== '7')
          .map((id) => productOrder(id))
          .reverse(),
      );
    const keys = commerce.productOrderKeys(undefined, ids(count));
    const found = await commerce.load(keys);
    expect(found.map((order) => (order as ProductOrder | undefined)?.productOrderId)).toEqual(
      ids(count).map((id) => (id === '7' ? undefined : id)),
    );
    expect(sizes(provider.callsOf('productOrders'))).toEqual(calls);
  });

  it('of two accounts are two, though Naver numbers them alike', async () => {
    const { commerce, providers } = await rig(['default', 'second']);
    const [, second] = providers;
    if (second === undefined) throw new Error('There are two.');
    second.script.productOrders = async () => answered([productOrder('1', { productName: '다른 것' })]);
    const found = await commerce.load(['default-1', 'second-1', 'third-1', 'garbage', 'default-x']);
    expect(found).toMatchObject([
      { id: 'default-1', productName: '감귤 5kg' },
      { id: 'second-1', productName: '다른 것' },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that one call of several failed to get carry its error, and no other', async () => {
    const { commerce, provider } = await rig();
    provider.script.productOrders = async (_token, asked) => {
      if (asked.includes('301')) throw new RateLimited('query', { retryAt: 1 });
      return answered(asked.map((id) => productOrder(id)));
    };
    const found = await commerce.load(commerce.productOrderKeys(undefined, ids(302)));
    expect(found.slice(0, 300).every((order) => !(order instanceof Error))).toBe(true);
    expect(found.slice(300).every((order) => order instanceof RateLimited)).toBe(true);
  });
});

describe('the input of commerce', () => {
  it('is judged by field before anything is asked of Naver', async () => {
    const { commerce, provider } = await rig();
    const cases: [() => unknown, string[]][] = [
      [
        () => commerce.productOrderKeys(undefined, ['1', 'x', '']),
        ['productOrderIds.1 NOT_A_PRODUCT_ORDER_ID', 'productOrderIds.2 NOT_A_PRODUCT_ORDER_ID'],
      ],
      [() => commerce.productOrderKeys(undefined, ['1'.repeat(21)]), ['productOrderIds.0 NOT_A_PRODUCT_ORDER_ID']],
      [() => commerce.productOrderKeys(undefined, ids(1_001)), ['productOrderIds COUNT']],
      [() => commerce.productOrderKeys('second', ['1']), ['account UNKNOWN_ACCOUNT']],
      [() => commerce.confirm(undefined, []), ['productOrderIds COUNT']],
      [() => commerce.confirm(undefined, ['1', '2', '1']), ['productOrderIds.2 REPEATED']],
      [() => commerce.confirm('second', ['1']), ['account UNKNOWN_ACCOUNT']],
      [() => commerce.dispatch(undefined, [dispatch('1'), dispatch('1')]), ['orders.1.productOrderId REPEATED']],
      [
        () => commerce.dispatch(undefined, [dispatch('1', { deliveryMethod: 'ROCKET' })]),
        ['orders.0.deliveryMethod NOT_A_DELIVERY_METHOD'],
      ],
      [
        () => commerce.dispatch(undefined, [dispatch('1', { deliveryMethod: 'DELIVERY' })]),
        ['orders.0.deliveryCompanyCode REQUIRED', 'orders.0.trackingNumber REQUIRED'],
      ],
      [() => commerce.dispatch(undefined, [dispatch('1', { trackingNumber: ' 1' })]), ['orders.0.trackingNumber FORM']],
      [() => commerce.token({ type: 'SELF', sellerAccountId: 'a' }, 'HTTP'), ['input.sellerAccountId NOT_WITH_SELF']],
      [() => commerce.token({ type: 'SELLER' }, 'HTTP'), ['input.sellerAccountId REQUIRED']],
      [() => commerce.token({ type: 'SELLER', sellerAccountId: 'a b' }, 'HTTP'), ['input.sellerAccountId FORM']],
      [() => commerce.token({ type: 'SELF', account: 'second' }, 'HTTP'), ['input.account UNKNOWN_ACCOUNT']],
      [() => commerce.seller('second'), ['account UNKNOWN_ACCOUNT']],
    ];
    for (const [call, problems] of cases) expect(await problemsOf(call)).toEqual(problems);
    expect(provider.calls).toEqual([]);
  });

  it('finds nothing to ask where no account is configured', async () => {
    const { commerce } = await rig([]);
    await expect(commerce.seller(undefined)).rejects.toMatchObject({ code: 'PROVIDER_DISABLED' });
    await expect(commerce.confirm(undefined, ['1'])).rejects.toMatchObject({ code: 'PROVIDER_DISABLED' });
    await expect(commerce.orderChanges(undefined, undefined)).rejects.toMatchObject({ code: 'PROVIDER_DISABLED' });
  });
});

describe('an action on product orders', () => {
  it('goes out 30 at a time, and tells each row by itself, in the order given', async () => {
    const { commerce, provider } = await rig();
    const bad = ['3', '40', '65'];
    provider.script.confirm = async (_token, asked) =>
      answered({
        succeeded: asked.filter((id) => !bad.includes(id)).reverse(),
        failed: asked
          .filter((id) => bad.includes(id))
          .map((productOrderId) => ({ productOrderId, code: '104133', message: '처리할 수 없는 요청입니다.' })),
      });
    const result = await commerce.confirm(undefined, ids(65));
    expect(result.succeeded).toEqual(ids(65).filter((id) => !bad.includes(id)));
    expect(result.failed).toEqual(
      bad.map((productOrderId) => ({ productOrderId, code: '104133', message: '처리할 수 없는 요청입니다.' })),
    );
    expect(sizes(provider.callsOf('confirm'))).toEqual([30, 30, 5]);
  });

  it('does not take for done what the answer does not name', async () => {
    const { commerce, provider } = await rig();
    provider.script.confirm = async () => answered<OrderActionResult>({ succeeded: ['1'], failed: [] });
    expect(await commerce.confirm(undefined, ['1', '2'])).toMatchObject({
      succeeded: ['1'],
      failed: [{ productOrderId: '2', code: 'NOT_ANSWERED' }],
    });
  });

  it.each(['confirm', 'dispatch'] as const)(
    '%s reads back after a lost answer, and sends again only what was not done, once',
    async (method) => {
      const { commerce, provider } = await rig();
      let isFirst = true;
      provider.script[method] = async (_token: string, rows: readonly unknown[]) => {
        if (isFirst) {
          isFirst = false;
          throw lost;
        }
        // One of them got there meanwhile; one is refused.
        const [a, ...rest] = rows.map((row) => (typeof row === 'string' ? row : (row as Dispatch).productOrderId));
        const failed = [
          { productOrderId: a as string, code: '105306', message: '같은 상태' },
          { productOrderId: rest.pop() as string, code: '104133', message: 'no' },
        ];
        return answered({ succeeded: rest, failed });
      };
      const done: Partial<ProductOrder> =
        method === 'confirm'
          ? { placeOrderStatus: 'OK' }
          : { status: 'DELIVERING', placeOrderStatus: 'OK', delivery: { deliveryMethod: 'VISIT_RECEIPT' } };
      let reads = 0;
      provider.script.productOrders = async (_token, asked) => {
        reads += 1;
        return answered(asked.map((id) => productOrder(id, Number(id) > 20 && reads === 1 ? {} : done)));
      };
      const result =
        method === 'confirm'
          ? await commerce.confirm(undefined, ids(30))
          : await commerce.dispatch(
              undefined,
              ids(30).map((id) => dispatch(id)),
            );
      expect(result).toEqual({ succeeded: ids(29), failed: [{ productOrderId: '30', code: '104133', message: 'no' }] });
      expect(sizes(provider.callsOf(method))).toEqual([30, 10]);
      // That it is in the same state is enough of a confirmation, and not of a parcel.
      expect(sizes(provider.callsOf('productOrders'))).toEqual(method === 'confirm' ? [30] : [30, 1]);
    },
  );

  it('never sends a third time: what is lost again is read back once more, and else UNKNOWN', async () => {
    const { commerce, provider } = await rig();
    provider.script.confirm = () => Promise.reject(lost);
    const reads = [['1'], ['1', '2']];
    provider.script.productOrders = async (_token, asked) => {
      const done = reads.shift() ?? [];
      return answered(asked.map((id) => productOrder(id, done.includes(id) ? { placeOrderStatus: 'OK' } : {})));
    };
    expect(await commerce.confirm(undefined, ids(3))).toMatchObject({
      succeeded: ['1', '2'],
      failed: [{ productOrderId: '3', code: 'UNKNOWN' }],
    });
    expect(sizes(provider.callsOf('confirm'))).toEqual([3, 2]);
  });

  it('is ProviderUnavailable UNKNOWN where nothing could be read back, and nothing is sent again', async () => {
    const { commerce, provider } = await rig();
    provider.script.confirm = () => Promise.reject(lost);
    provider.script.productOrders = () => Promise.reject(lost);
    await expect(commerce.confirm(undefined, ids(65))).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      outcome: 'UNKNOWN',
    });
    expect(sizes(provider.callsOf('confirm'))).toEqual([30]);
  });

  it.each([
    ['lost', lost, 'UNKNOWN', 'NOT_SENT', 2],
    ['a limit', new RateLimited('confirm', { retryAt: 1 }), 'RATE_LIMITED', 'RATE_LIMITED', 2],
    ['a rejection', new ProviderRejected('No.', fault('4000')), 'PROVIDER_REJECTED', undefined, 3],
  ])('keeps what is known where a later call is met by: %s', async (_name, error, ownCode, restCode, calls) => {
    const { commerce, provider } = await rig();
    let call = 0;
    provider.script.confirm = async (_token, asked) => {
      call += 1;
      if (call === 2) throw error;
      return answered<OrderActionResult>({ succeeded: asked, failed: [] });
    };
    provider.script.productOrders = () => Promise.reject(lost);
    const { succeeded, failed } = await commerce.confirm(undefined, ids(65));
    expect(succeeded).toEqual(restCode === undefined ? [...ids(30), ...ids(5, 61)] : ids(30));
    const codeOf = new Map(failed.map(({ productOrderId, code }) => [productOrderId, code]));
    expect(ids(30, 31).map((id) => codeOf.get(id))).toEqual(ids(30).map(() => ownCode));
    expect(ids(5, 61).map((id) => codeOf.get(id))).toEqual(ids(5).map(() => restCode));
    expect(provider.callsOf('confirm')).toHaveLength(calls);
  });

  it('throws the failure itself where no call was answered', async () => {
    const { commerce, provider } = await rig();
    provider.script.dispatch = () => Promise.reject(new ProviderRejected('No.', fault('GW.IP_NOT_ALLOWED')));
    await expect(
      commerce.dispatch(
        undefined,
        ids(31).map((id) => dispatch(id)),
      ),
    ).rejects.toThrow(ProviderRejected);
  });
});
