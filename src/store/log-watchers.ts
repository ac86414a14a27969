/** Who waits for which log to grow, in this process. Calls back in a microtask and never after the release. */

export interface LogWatchers {
  watch(log: string, onAppend: () => void): () => void;
  notify(log: string): void;
  logs(): readonly string[];
  clear(): void;
}

export function createLogWatchers(): LogWatchers {
  const watchersByLog = new Map<string, Set<() => void>>();

  return {
    watch(log, onAppend) {
      // A closure of its own for each watcher: the same function may watch twice.
      const watcher = () => onAppend();
      const watchers = watchersByLog.get(log) ?? new Set();
      watchersByLog.set(log, watchers.add(watcher));
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watchersByLog.get(log) === watchers) watchersByLog.delete(log);
      };
    },
    notify(log) {
      const watchers = watchersByLog.get(log);
      for (const watcher of watchers ?? []) {
        queueMicrotask(() => {
          if (watchers?.has(watcher)) watcher();
        });
      }
    },
    logs: () => [...watchersByLog.keys()],
    clear() {
      for (const watchers of watchersByLog.values()) watchers.clear();
      watchersByLog.clear();
    },
  };
}
