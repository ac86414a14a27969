/**
 * An append-only log of one tenant, or one provider account, and one topic, read by position, and the cursor that names
 * a position to a client. Entries carry ids and states, nothing personal: readers load the records behind them.
 */
import { type Position, type Store, storeKey } from '../store.ts';

export type CursorPosition =
  | { readonly known: true; readonly position: Position }
  /** A true cursor of this topic, but of data that has since been replaced. */
  | { readonly known: false };

export interface EventLog {
  readonly name: string;
  cursorAt(position: Position): string;
  /** Undefined for what is not a cursor of this tenant and topic. */
  parseCursor(cursor: string): CursorPosition | undefined;
  /** Where a reader begins that wants only what comes from now on. */
  head(): Promise<Position>;
}

const cursorForm = /^1\.([\w-]+)\.([\w-]{8})\.([0-9a-z]{1,11})$/;

/** `parts` names the log: the tenant or the account first, then the topic; of an account with its provider between. */
export function createEventLog(store: Store, ...parts: readonly string[]): EventLog {
  const name = storeKey(...parts);
  // A cursor of another tenant or topic must not be mistaken for one of this log.
  const tag = store.keyedHash(`cursor ${name}`).slice(0, 8);
  return {
    name,
    cursorAt: (position) => Buffer.from(`1.${store.epoch}.${tag}.${position.toString(36)}`).toString('base64url'),
    parseCursor(cursor) {
      const match = cursorForm.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
      if (match === null || match[2] !== tag) return undefined;
      if (match[1] !== store.epoch) return { known: false };
      const position = Number.parseInt(match[3] as string, 36);
      return Number.isSafeInteger(position) ? { known: true, position } : undefined;
    },
    head: async () => (await store.readLog(name, Number.MAX_SAFE_INTEGER, 1)).head,
  };
}
