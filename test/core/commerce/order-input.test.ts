import { describe, expect, it } from 'vitest';
import { judgeConfirmedIds, judgeDispatches, judgeQueriedIds } from '../../../src/core/commerce/order-input.ts';
import { InvalidInput } from '../../../src/core/errors.ts';

const now = Date.parse('2026-03-02T12:00:00+09:00');
const dayMs = 86_400_000;
const dispatch = (productOrderId: string, dispatchedAt = now) => ({
  productOrderId,
  deliveryMethod: 'NOTHING',
  dispatchedAt,
});
const judges = {
  queried: judgeQueriedIds,
  confirmed: judgeConfirmedIds,
  dispatched: (ids: readonly string[]) =>
    judgeDispatches(
      ids.map((id) => dispatch(id)),
      now,
    ),
};

function problemsOf(judge: () => void): { path: string; rule: string }[] {
  try {
    judge();
  } catch (error) {
    if (error instanceof InvalidInput) return error.fields.map(({ path, rule }) => ({ path: path.join('.'), rule }));
    throw error;
  }
  return [];
}

/** How often the ids of a list are looked at while it is judged. */
function watched(count: number, idOf: (at: number) => string): { ids: string[]; looks: () => number } {
  let looks = 0;
  const ids = new Proxy(
    Array.from({ length: count }, (_, at) => idOf(at)),
    {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1;
        return Reflect.get(target, name, receiver);
      },
    },
  );
  return { ids, looks: () => looks };
}

describe.each(['queried', 'confirmed'] as const)('a list of product orders that is to be %s', (kind) => {
  it('is refused for its length alone, and nothing in it is looked at', () => {
    const { ids, looks } = watched(40_000, () => 'x');
    const [problem, ...others] = problemsOf(() => judges[kind](ids));
    expect(problem).toEqual({ path: 'productOrderIds', rule: 'COUNT' });
    expect(others).toEqual([]);
    expect(looks()).toBe(0);
  });

  it('is looked through a few times, however many are in it', () => {
    const { ids, looks } = watched(1_000, String);
    expect(problemsOf(() => judges[kind](ids))).toEqual([]);
    expect(looks()).toBeLessThanOrEqual(4_000);
  });
});

describe('a list of product orders', () => {
  it('that are to be dispatched is refused for its length alone', () => {
    const orders = new Array<ReturnType<typeof dispatch>>(40_000).fill(dispatch('x'));
    expect(problemsOf(() => judgeDispatches(orders, now))).toEqual([{ path: 'orders', rule: 'COUNT' }]);
  });

  it.each(Object.keys(judges) as (keyof typeof judges)[])(
    'that are to be %s, all of them bad, is told its first 50 and how many more',
    (kind) => {
      const problems = problemsOf(() => judges[kind](new Array<string>(1_000).fill('x')));
      expect(problems).toHaveLength(51);
      expect(problems[49]?.rule).toBe('NOT_A_PRODUCT_ORDER_ID');
      expect(problems[50]).toMatchObject({ rule: 'MORE', path: kind === 'dispatched' ? 'orders' : 'productOrderIds' });
    },
  );

  it.each([
    [-30 * dayMs - 1, ['RANGE']],
    [-30 * dayMs, []],
    [dayMs, []],
    [dayMs + 1, ['RANGE']],
    [Number.MAX_SAFE_INTEGER, ['RANGE']],
  ])('is not dispatched %i ms from now where that is far: %j', (offsetMs, rules) => {
    const problems = problemsOf(() => judgeDispatches([dispatch('1', now + offsetMs)], now));
    expect(problems).toEqual(rules.map((rule) => ({ path: 'orders.0.dispatchedAt', rule })));
  });
});
