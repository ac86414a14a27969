/** What a caller may ask about product orders, judged by field before anything is asked of the provider. */
import type { Instant } from '../clock.ts';
import { InvalidInput } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { Dispatch, TokenSubject } from './provider.ts';

export interface CommerceTokenInput {
  readonly account?: string | undefined;
  readonly type: TokenSubject['type'];
  readonly sellerAccountId?: string | undefined;
}

const maxPerField = 1_000;
const dayMs = 86_400_000;
/** Naver does not say how far back a dispatch may lie; a time beyond these is a slip. */
const dispatchedWithin = { beforeMs: 30 * dayMs, afterMs: dayMs };
/** Naver's own are 16 digits. */
const productOrderIdForm = /^\d{1,20}$/;
const sellerIdForm = /^[\x21-\x7e]{1,64}$/;
const parcelTextForm = /^[\p{L}\p{N}\p{P}\p{S}](?:[\p{L}\p{N}\p{P}\p{S} ]{0,98}[\p{L}\p{N}\p{P}\p{S}])?$/u;
/** Naver's, of the dispatch API. */
const deliveryMethods = [
  'DELIVERY',
  'GDFW_ISSUE_SVC',
  'VISIT_RECEIPT',
  'DIRECT_DELIVERY',
  'QUICK_SVC',
  'NOTHING',
  'RETURN_DESIGNATED',
  'RETURN_DELIVERY',
  'RETURN_INDIVIDUAL',
  'RETURN_MERCHANT',
  'UNKNOWN',
];

/** @throws InvalidInput */
export function judgeSubject({ type, sellerAccountId }: CommerceTokenInput): TokenSubject {
  const path = ['input', 'sellerAccountId'];
  const invalid = (rule: string, message: string) => new InvalidInput([{ path, rule, message }]);
  if (type === 'SELF') {
    // Naver counts it as a malformed call, and caps an application that makes such.
    if (sellerAccountId !== undefined)
      throw invalid('NOT_WITH_SELF', 'Only a token of the type SELLER names a seller.');
    return { type };
  }
  if (sellerAccountId === undefined) throw invalid('REQUIRED', 'A token of the type SELLER names its seller.');
  if (!sellerIdForm.test(sellerAccountId)) {
    throw invalid('FORM', 'Give 1 to 64 printable ASCII characters without spaces.');
  }
  return { type, sellerAccountId };
}

/** Repeated ones are fine: each has its place in the answer. @throws InvalidInput */
export function judgeQueriedIds(ids: readonly string[]): void {
  const path = ['productOrderIds'];
  judgeCount(path, ids, 0);
  refuse(ids.flatMap((id, at) => idProblems([...path, String(at)], id)));
}

/** @throws InvalidInput */
export function judgeConfirmedIds(ids: readonly string[]): void {
  const path = ['productOrderIds'];
  judgeCount(path, ids, 1);
  const before = new Set<string>();
  refuse(ids.flatMap((id, at) => idProblems([...path, String(at)], id, before)));
}

/** @throws InvalidInput */
export function judgeDispatches(orders: readonly Dispatch[], now: Instant): void {
  judgeCount(['orders'], orders, 1);
  const before = new Set<string>();
  refuse(orders.flatMap((order, at) => dispatchProblems(order, { at, now, before })));
}

function dispatchProblems(
  order: Dispatch,
  { at, now, before }: { readonly at: number; readonly now: Instant; readonly before: Set<string> },
): FieldProblem[] {
  const { productOrderId, deliveryMethod, deliveryCompanyCode, trackingNumber, dispatchedAt } = order;
  const pathOf = (field: string): string[] => ['orders', String(at), field];
  const problems = idProblems(pathOf('productOrderId'), productOrderId, before);
  if (dispatchedAt < now - dispatchedWithin.beforeMs || dispatchedAt > now + dispatchedWithin.afterMs) {
    const message = 'Give a time from 30 days ago to a day from now.';
    problems.push({ path: pathOf('dispatchedAt'), rule: 'RANGE', message });
  }
  if (!deliveryMethods.includes(deliveryMethod)) {
    const message = `Give one of ${deliveryMethods.join(', ')}.`;
    problems.push({ path: pathOf('deliveryMethod'), rule: 'NOT_A_DELIVERY_METHOD', message });
  }
  for (const [field, text] of Object.entries({ deliveryCompanyCode, trackingNumber })) {
    if (text === undefined) {
      const message = 'A parcel (DELIVERY) needs its courier and its number.';
      if (deliveryMethod === 'DELIVERY') problems.push({ path: pathOf(field), rule: 'REQUIRED', message });
    } else if (!parcelTextForm.test(text)) {
      problems.push({
        path: pathOf(field),
        rule: 'FORM',
        message: 'Give 1 to 100 characters, no space at either end.',
      });
    }
  }
  return problems;
}

/** `before`: those that stood in the list before it, where none may stand there twice. */
function idProblems(path: string[], id: string, before?: Set<string>): FieldProblem[] {
  if (!productOrderIdForm.test(id)) {
    return [
      { path, rule: 'NOT_A_PRODUCT_ORDER_ID', message: "Give Naver's number of a product order: 1 to 20 digits." },
    ];
  }
  if (before?.has(id)) return [{ path, rule: 'REPEATED', message: 'It stands in the list already.' }];
  before?.add(id);
  return [];
}

/** Before any row is judged: a list may be as long as a request. @throws InvalidInput */
function judgeCount(path: string[], list: readonly unknown[], least: number): void {
  if (list.length >= least && list.length <= maxPerField) return;
  refuse([{ path, rule: 'COUNT', message: `Give ${least} to ${maxPerField.toLocaleString('en')}.` }]);
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}
