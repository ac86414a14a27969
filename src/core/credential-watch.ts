/**
 * Tells whoever is connected that its credential has ended: its key was taken away or has expired. Looks at each live
 * credential once a second, and at once when the tenants were replaced; how a connection then ends is the transport's.
 */
import type { Caller } from './tenant.ts';
import type { TenantDirectory } from './tenant-directory.ts';

export interface CredentialWatch {
  /** Calls once, when the caller's credential has ended; at once where it already has. Returns how to let go. */
  onEnd(caller: Caller, listener: () => void): () => void;
  close(): void;
}

/** By the wall clock, so that a clock that was set is seen, too. */
const everyMs = 1_000;

export function createCredentialWatch(tenants: Pick<TenantDirectory, 'current' | 'onReplaced'>): CredentialWatch {
  const watched = new Map<Caller, Set<() => void>>();

  function look(): void {
    for (const [caller, listeners] of watched) {
      if (tenants.current(caller) !== undefined) continue;
      watched.delete(caller);
      for (const listener of listeners) listener();
    }
  }

  const release = tenants.onReplaced(look);
  const timer = setInterval(look, everyMs);
  timer.unref();

  return {
    onEnd(caller, listener) {
      const listeners = watched.get(caller) ?? new Set();
      // A listener of its own, also where the same one is given twice.
      const own = (): void => listener();
      listeners.add(own);
      watched.set(caller, listeners);
      if (tenants.current(caller) === undefined) look();
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && watched.get(caller) === listeners) watched.delete(caller);
      };
    },
    close() {
      clearInterval(timer);
      release();
    },
  };
}
