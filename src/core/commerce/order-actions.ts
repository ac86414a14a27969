/**
 * confirmProductOrders and dispatchProductOrders: split into what one call may hold, each row's outcome told by itself.
 * Where an answer was lost, what became of its rows is read back before any of them is sent again, and once only.
 */
import { GatewayError, ProviderRejected, ProviderUnavailable } from '../errors.ts';
import { type OrderSource, queryProductOrders } from './order-query.ts';
import type { CommerceAnswer, Delivery, Dispatch, OrderActionResult, ProductOrder, TokenSubject } from './provider.ts';

/** Both take judged input, and throw a GatewayError only where nothing at all is known of any row. */
export interface OrderActions {
  confirm(ids: readonly string[]): Promise<OrderActionResult>;
  dispatch(orders: readonly Dispatch[]): Promise<OrderActionResult>;
}

interface Action<Row> {
  readonly idOf: (row: Row) => string;
  readonly send: (accessToken: string, rows: readonly Row[]) => Promise<CommerceAnswer<OrderActionResult>>;
  /** Whether what was asked for is what is there. */
  readonly isDone: (order: ProductOrder, row: Row) => boolean;
  /** Whether two in the same state are the same: a confirmation is as any other, a parcel may be another's. */
  readonly isAllInState: boolean;
}

interface RowFailure {
  readonly code: string;
  readonly message: string;
}

type Outcome = 'DONE' | RowFailure;
type Outcomes = ReadonlyMap<string, Outcome>;

const self: TokenSubject = { type: 'SELF' };
/** "The same state as now": of a row that is sent again, it says that the first time, or somebody else, was before it. */
const sameState = '105306';
const afterDispatch = ['DELIVERING', 'DELIVERED', 'PURCHASE_DECIDED'];
const unnamed = { code: 'NOT_ANSWERED', message: 'The answer does not name it: read it before it is sent again.' };
const unknown = { code: 'UNKNOWN', message: 'The answer was lost: read it before it is sent again.' };
const notSent = { code: 'NOT_SENT', message: 'It was not sent: the answer to the ones before was lost.' };

export function createOrderActions(source: OrderSource): OrderActions {
  const { provider, tokens } = source;

  async function act<Row>(rows: readonly Row[], action: Action<Row>): Promise<OrderActionResult> {
    const outcomes = new Map<string, Outcome>();
    const settle = (settled: readonly Row[], outcome: RowFailure): void => {
      for (const row of settled) outcomes.set(action.idOf(row), outcome);
    };
    let failure: GatewayError | undefined;
    let isAnswered = false;
    for (let at = 0; at < rows.length; at += provider.maxProductOrdersPerAction) {
      const chunk = rows.slice(at, at + provider.maxProductOrdersPerAction);
      try {
        for (const [id, outcome] of await chunkOutcomes(chunk, action)) outcomes.set(id, outcome);
        isAnswered = true;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        failure ??= error;
        const { code, message } = error;
        settle(chunk, isLost(error) ? unknown : { code, message });
        // A rejection may be about these rows; anything else would meet the next ones, too.
        if (error instanceof ProviderRejected) continue;
        settle(rows.slice(at + chunk.length), isLost(error) ? notSent : { code, message });
        break;
      }
    }
    if (failure !== undefined && !isAnswered) throw failure;
    return resultOf(rows.map(action.idOf), outcomes);
  }

  /** @throws GatewayError where none of them has an outcome; UNKNOWN where they may all have had their effect. */
  async function chunkOutcomes<Row>(rows: readonly Row[], action: Action<Row>): Promise<Outcomes> {
    try {
      return outcomesOf(rows, action, await send(rows, action));
    } catch (error) {
      if (!isLost(error)) throw error;
      const known = await readBack(rows, action).catch(() => undefined);
      if (known === undefined) throw error;
      const open = rows.filter((row) => !known.has(action.idOf(row)));
      return open.length === 0 ? known : new Map([...known, ...(await sendAgain(open, action))]);
    }
  }

  /** What certainly was not done, or not as it was asked for, when it was read back: that one Naver refuses. */
  async function sendAgain<Row>(rows: readonly Row[], action: Action<Row>): Promise<Outcomes> {
    try {
      const outcomes = outcomesOf(rows, action, await send(rows, action));
      const same = rows.filter((row) => isSameState(outcomes.get(action.idOf(row))));
      const done = action.isAllInState
        ? new Map(same.map((row) => [action.idOf(row), 'DONE' as const]))
        : await readBack(same, action).catch(() => new Map<string, Outcome>());
      return new Map([...outcomes].map(([id, outcome]) => [id, done.get(id) === 'DONE' ? 'DONE' : outcome]));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const { code, message } = error;
      const known = isLost(error) ? await readBack(rows, action).catch(() => undefined) : undefined;
      const open = isLost(error) ? unknown : { code, message };
      return new Map(rows.map(action.idOf).map((id) => [id, known?.get(id) ?? open]));
    }
  }

  const send = <Row>(rows: readonly Row[], action: Action<Row>): Promise<OrderActionResult> =>
    tokens.withToken(self, (accessToken) => action.send(accessToken, rows));

  /** Those that are as was asked for, and those of which nothing could be learnt. @throws GatewayError */
  async function readBack<Row>(rows: readonly Row[], { idOf, isDone }: Action<Row>): Promise<Map<string, Outcome>> {
    if (rows.length === 0) return new Map();
    const { orders, failed } = await queryProductOrders(source, rows.map(idOf));
    const found = new Map(orders.map((order) => [order.productOrderId, order]));
    return new Map(
      rows.flatMap((row): [string, Outcome][] => {
        const id = idOf(row);
        if (failed.has(id)) return [[id, unknown]];
        const order = found.get(id);
        return order !== undefined && isDone(order, row) ? [[id, 'DONE']] : [];
      }),
    );
  }

  return {
    confirm: (ids) =>
      act(ids, {
        idOf: (id) => id,
        send: (accessToken, rows) => provider.confirm(accessToken, rows),
        isDone: ({ placeOrderStatus, status }) => placeOrderStatus === 'OK' || afterDispatch.includes(status),
        isAllInState: true,
      }),
    dispatch: (orders) =>
      act(orders, {
        idOf: ({ productOrderId }) => productOrderId,
        send: (accessToken, rows) => provider.dispatch(accessToken, rows),
        isDone: ({ status, delivery }, asked) => afterDispatch.includes(status) && isParcel(asked, delivery),
        isAllInState: false,
      }),
  };
}

/** Of every parcel there is to know: by whom, and with which number. A number is the same with and without hyphens. */
function isParcel(asked: Dispatch, sent: Delivery | undefined): boolean {
  const bare = (number: string | undefined): string | undefined => number?.replace(/[\s-]/g, '');
  return (
    sent !== undefined &&
    sent.deliveryMethod === asked.deliveryMethod &&
    sent.deliveryCompanyCode === asked.deliveryCompanyCode &&
    bare(sent.trackingNumber) === bare(asked.trackingNumber)
  );
}

const isSameState = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined && outcome !== 'DONE' && outcome.code === sameState;

function isLost(error: unknown): boolean {
  return error instanceof ProviderUnavailable && error.outcome === 'UNKNOWN';
}

function outcomesOf<Row>(
  rows: readonly Row[],
  { idOf }: Action<Row>,
  { succeeded, failed }: OrderActionResult,
): Outcomes {
  const named = new Map<string, Outcome>(succeeded.map((id) => [id, 'DONE']));
  for (const { productOrderId, code, message } of failed) named.set(productOrderId, { code, message });
  return new Map(rows.map(idOf).map((id) => [id, named.get(id) ?? unnamed]));
}

/** In the order in which they were given. */
function resultOf(ids: readonly string[], outcomes: Outcomes): OrderActionResult {
  const succeeded = ids.filter((id) => outcomes.get(id) === 'DONE');
  const failed = ids.flatMap((productOrderId) => {
    const outcome = outcomes.get(productOrderId) ?? unnamed;
    return outcome === 'DONE' ? [] : [{ productOrderId, ...outcome }];
  });
  return { succeeded, failed };
}
