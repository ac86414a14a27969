/** SENS's list and get (SENS SMS v2, list and get): pages put together, rows found. What they mean is for the look-up. */
import type { SensApi } from './api.ts';
import { pageOf, type SensRow } from './rows.ts';

export interface MessageList {
  readonly rows: readonly SensRow[];
  /** False where rows may be missing. */
  readonly isWhole: boolean;
}

export interface MessagePages {
  /** In the order of `query`, which is signed and sent as it stands. Undefined where not even a first page came. */
  list(query: readonly (readonly [name: string, value: string])[]): Promise<MessageList | undefined>;
  /** Undefined where it cannot be shown. */
  get(messageId: string): Promise<SensRow | undefined>;
}

/** A request has at most 100 recipients, and a page at least one row: a list that goes on for longer goes in circles. */
const MAX_PAGES = 100;

export function createMessagePages(api: SensApi): MessagePages {
  return {
    async list(query) {
      const path = `/messages?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
      const rows: SensRow[] = [];
      const tokens = new Set<string>();
      let isWhole = true;
      let next = '';
      do {
        const page = pageOf((await api.call('GET', `${path}${next}`)).result);
        if (page === undefined) return tokens.size === 0 ? undefined : { rows, isWhole: false };
        rows.push(...page.rows);
        isWhole &&= page.isWhole;
        if (page.nextToken === undefined) return { rows, isWhole };
        if (tokens.has(page.nextToken)) break;
        tokens.add(page.nextToken);
        next = `&nextToken=${encodeURIComponent(page.nextToken)}`;
      } while (tokens.size < MAX_PAGES);
      return { rows, isWhole: false };
    },
    async get(messageId) {
      const { result } = await api.call('GET', `/messages/${encodeURIComponent(messageId)}`);
      return pageOf(result)?.rows.find((row) => row.messageId === messageId);
    },
  };
}
