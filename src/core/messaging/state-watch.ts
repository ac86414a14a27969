/**
 * Waits until a message leaves the states that a caller does not want to hear of. One reader of the log a tenant serves
 * every waiter, so it works the same whichever process moved the message on.
 */
import type { Store } from '../store.ts';
import type { MessageState } from './message.ts';
import type { MessageEntry, MessageStore } from './message-store.ts';

export interface StateWatch {
  /** Resolves once `reached` is true of the message's state, or `timeoutMs` have passed. */
  waitFor(tenant: string, id: string, reached: (state: MessageState) => boolean, timeoutMs: number): Promise<void>;
  /** Whoever waits, now or later, has waited long enough. */
  close(): Promise<void>;
}

type Listener = (state: MessageState) => void;

interface Tail {
  readonly listeners: Map<string, Set<Listener>>;
  readonly release: () => void;
}

const pageSize = 256;

export function createStateWatch(store: Store, messages: MessageStore): StateWatch {
  const tails = new Map<string, Promise<Tail>>();
  const waiting = new Set<() => void>();
  let isClosed = false;

  async function openTail(tenant: string): Promise<Tail> {
    const log = messages.log(tenant);
    const listeners = new Map<string, Set<Listener>>();
    let position = await log.head();
    let reading = false;
    let grown = false;
    async function read(): Promise<void> {
      grown = true;
      if (reading) return;
      reading = true;
      try {
        while (grown) {
          grown = false;
          const page = await store.readLog(log.name, position, pageSize);
          for (const { position: at, entry } of page.entries) {
            position = at;
            const { messageId, state } = entry as MessageEntry;
            for (const listener of listeners.get(messageId) ?? []) listener(state);
          }
          if (page.entries.length === pageSize) grown = true;
        }
      } catch {
        // The store is away: waiters run into their time-out and answer with what they know.
      } finally {
        reading = false;
      }
    }
    return { listeners, release: store.watchLog(log.name, () => void read()) };
  }

  return {
    async waitFor(tenant, id, reached, timeoutMs) {
      if (isClosed) return;
      const opening = tails.get(tenant) ?? openTail(tenant);
      tails.set(tenant, opening);
      let tail: Tail;
      try {
        tail = await opening;
      } catch (error) {
        tails.delete(tenant);
        throw error;
      }
      const waiters = tail.listeners.get(id) ?? new Set();
      tail.listeners.set(id, waiters);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(finish, timeoutMs);
        function finish(): void {
          clearTimeout(timer);
          waiting.delete(finish);
          waiters.delete(listener);
          if (waiters.size === 0) tail.listeners.delete(id);
          resolve();
        }
        function listener(state: MessageState): void {
          if (reached(state)) finish();
        }
        waiters.add(listener);
        waiting.add(finish);
        // It was closed while the tail was opened.
        if (isClosed) finish();
        // It may have got there before we listened.
        messages.load([messages.key(tenant, id)]).then(
          ([stored]) => stored && listener(stored.message.state),
          (error) => {
            finish();
            reject(error);
          },
        );
      });
    },
    async close() {
      isClosed = true;
      for (const finish of waiting) finish();
      for (const opening of tails.values()) (await opening.catch(() => undefined))?.release();
      tails.clear();
    },
  };
}
