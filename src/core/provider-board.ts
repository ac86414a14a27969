/** How every provider account stands now, and a stream of the changes. Latest only: an old health is of no use. */
import type { StreamEnding } from './events/ending.ts';
import type { ProviderName } from './outcome.ts';
import type { ProviderHealth } from './provider.ts';

export interface ProviderBoard {
  all(): readonly ProviderHealth[];
  /** What stands now, then each account again whenever it changed, until `ending`. Memory: one health an account. */
  follow(ending?: StreamEnding, mayKnow?: (health: ProviderHealth) => boolean): AsyncIterableIterator<ProviderHealth>;
  /** Completes every stream. */
  endAll(): void;
  live(): number;
}

/** Any account of any provider, as far as the board looks at it. */
export interface WatchedAccount {
  readonly provider: ProviderName;
  readonly account: string;
  health(): ProviderHealth;
  onChange(listener: () => void): () => void;
}

export interface ProviderBoardOptions {
  readonly running: readonly WatchedAccount[];
  /** Known, but without settings. */
  readonly disabled: readonly ProviderHealth[];
}

const everything = (_health: ProviderHealth): boolean => true;

export function createProviderBoard({ running, disabled }: ProviderBoardOptions): ProviderBoard {
  const all = (): readonly ProviderHealth[] => [...running.map((provider) => provider.health()), ...disabled];
  const open = new Set<AsyncIterableIterator<ProviderHealth>>();

  function follow(ending?: StreamEnding, mayKnow = everything): AsyncIterableIterator<ProviderHealth> {
    const finished = { done: true, value: undefined } as const;
    const due = new Map<string, () => ProviderHealth>();
    const given = new Map<string, string>();
    let closed = false;
    let wake: (() => void) | undefined;
    const releases = running.map((provider) =>
      provider.onChange(() => {
        due.set(`${provider.provider} ${provider.account}`, provider.health);
        wake?.();
      }),
    );
    for (const health of all()) due.set(`${health.provider} ${health.account}`, () => health);

    function close(): void {
      if (closed) return;
      closed = true;
      for (const release of releases) release();
      open.delete(iterator);
      wake?.();
    }

    async function advance(): Promise<IteratorResult<ProviderHealth>> {
      for (;;) {
        if (closed) return finished;
        for (const [name, health] of due) {
          due.delete(name);
          const value = health();
          // onChange also fires for vacancies; only what a reader can see is a change.
          const text = JSON.stringify(value);
          if (given.get(name) === text || !mayKnow(value)) continue;
          given.set(name, text);
          return { done: false, value };
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    }

    let tail: Promise<unknown> = Promise.resolve();
    const iterator: AsyncIterableIterator<ProviderHealth> = {
      next() {
        const result = tail.then(advance);
        tail = result.catch(() => undefined);
        return result;
      },
      return() {
        close();
        return Promise.resolve(finished);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    open.add(iterator);
    if (ending !== undefined) releases.push(ending.onEnd(close));
    return iterator;
  }

  return {
    all,
    follow,
    endAll() {
      for (const iterator of open) void iterator.return?.();
    },
    live: () => open.size,
  };
}
