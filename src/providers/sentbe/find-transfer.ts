/**
 * The transfers whose answers were lost, among those that Sentbe lists. A row has no external_id in any document, so without
 * one it is told by user, recipient, amount and time.
 */
import { isSameAmount } from '../../core/remittance/amount.ts';
import type { LostTransfers, ProviderTransfer } from '../../core/remittance/provider.ts';

type Page = readonly ProviderTransfer[];

export interface FindTransfersOptions {
  /** From 1. Five rows each (Sentbe, check transfer status). */
  readonly page: (number: number) => Promise<Page>;
  readonly lost: LostTransfers;
  /** The most pages that are asked for. */
  readonly maxPages: number;
}

/** Undefined where that many pages did not tell all. @throws what `page` throws */
export async function findTransfers(options: FindTransfersOptions): Promise<readonly ProviderTransfer[] | undefined> {
  const { lost, maxPages } = options;
  const pages = new Map<number, Page>();

  /** Undefined where no more may be asked for. Behind the end, and where `page` is not heard, it is empty. */
  async function page(number: number): Promise<Page | undefined> {
    const known = pages.get(number);
    if (known !== undefined) return known;
    if (pages.size >= maxPages) return undefined;
    const rows = await options.page(number);
    const first = pages.get(1)?.[0]?.id;
    const fresh = first !== undefined && rows[0]?.id === first ? [] : rows;
    pages.set(number, fresh);
    return fresh;
  }

  /**
   * The first page that reaches the time, by doubling and halving: the list goes back for years, and is older first or
   * newer first, which no document says.
   */
  async function firstInTime(order: Order): Promise<number | undefined> {
    let before = 0;
    let reached = 1;
    for (;;) {
      const rows = await page(reached);
      if (rows === undefined) return undefined;
      if (reaches(rows, order, lost)) break;
      before = reached;
      reached *= 2;
    }
    while (reached - before > 1) {
      const middle = Math.floor((before + reached) / 2);
      const rows = await page(middle);
      if (rows === undefined) return undefined;
      if (reaches(rows, order, lost)) reached = middle;
      else before = middle;
    }
    return reached;
  }

  /** All rows from one page on; true where the end of the list, or of the time, was seen. */
  async function readFrom(number: number, order: Order | undefined): Promise<boolean> {
    for (let at = number; ; at += 1) {
      const rows = await page(at);
      if (rows === undefined) return false;
      if (rows.length === 0 || (order !== undefined && passes(rows, order, lost))) return true;
      if (isComplete(lost, pages)) return true;
    }
  }

  const shown = orderOf((await page(1)) ?? []);
  const order = shown === 'NONE' ? undefined : shown;
  const from = order === undefined ? 1 : await firstInTime(order);
  let isWhole = from !== undefined && (await readFrom(from, order));
  // Where it was not sorted after all, all of it is read.
  if (order !== undefined && [...pages.values()].some((rows) => (orderOf(rows) ?? order) !== order)) {
    isWhole = await readFrom(1, undefined);
  }
  if (!isWhole && !isComplete(lost, pages)) return undefined;
  const rows = [...pages.values()].flat();
  // A list that grew at its front shows rows twice.
  const found = rows.flatMap((row) => (canBe(row, lost) ? [[row.id, row] as const] : []));
  return [...new Map(found).values()];
}

type Order = 'OLDEST_FIRST' | 'NEWEST_FIRST';

const timesOf = (rows: Page): number[] => rows.flatMap(({ createdAt }) => createdAt ?? []);

/** Undefined where a page does not show it, NONE where it has none. */
function orderOf(rows: Page): Order | 'NONE' | undefined {
  const times = timesOf(rows);
  const steps = new Set(times.slice(1).map((time, at) => Math.sign(time - (times[at] ?? 0))));
  if (times.length < rows.length || (steps.has(1) && steps.has(-1))) return 'NONE';
  if (steps.has(1)) return 'OLDEST_FIRST';
  return steps.has(-1) ? 'NEWEST_FIRST' : undefined;
}

/** The time begins on this page or before it. A page that tells no time is not passed over. */
function reaches(rows: Page, order: Order, { madeFrom, madeTo }: LostTransfers): boolean {
  const last = timesOf(rows).at(-1);
  if (last === undefined) return true;
  return order === 'OLDEST_FIRST' ? last >= madeFrom : last <= madeTo;
}

/** All behind this page is of another time. */
function passes(rows: Page, order: Order, { madeFrom, madeTo }: LostTransfers): boolean {
  const last = timesOf(rows).at(-1);
  if (last === undefined) return false;
  return order === 'OLDEST_FIRST' ? last > madeTo : last < madeFrom;
}

/** Each is known by its external id: nothing is left to be sought. */
function isComplete({ externalIds }: LostTransfers, pages: ReadonlyMap<number, Page>): boolean {
  const named = new Set([...pages.values()].flat().map(({ externalId }) => externalId));
  return externalIds.every((externalId) => named.has(externalId));
}

function canBe(transfer: ProviderTransfer, lost: LostTransfers): boolean {
  const { userId, recipientId, externalId, receive, createdAt } = transfer;
  if (externalId !== undefined) return lost.externalIds.includes(externalId);
  return (
    userId === lost.userId &&
    recipientId === lost.recipientId &&
    receive?.currency === lost.receiveCurrency &&
    isSameAmount(receive.amount, String(lost.receiveAmount)) &&
    createdAt !== undefined &&
    createdAt >= lost.madeFrom &&
    createdAt <= lost.madeTo
  );
}
