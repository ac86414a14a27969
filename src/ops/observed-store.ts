/** The store's writes as an operator sees them: how many, how long, how they end. It changes nothing of what they do. */
import { currentRequest } from '../core/request.ts';
import type { Store } from '../core/store.ts';
import type { Metrics } from './metrics.ts';
import type { Spans } from './spans.ts';

export function observeStore(store: Store, { metrics, spans }: { metrics: Metrics; spans: Spans }): Store {
  async function write(batch: Parameters<Store['write']>[0]): ReturnType<Store['write']> {
    const stop = metrics.storeWrites.startTimer();
    try {
      const result = await store.write(batch);
      stop({ outcome: result.committed ? 'COMMITTED' : 'CONFLICT' });
      return result;
    } catch (error) {
      stop({ outcome: 'FAILED' });
      throw error;
    }
  }

  return {
    ...store,
    // What nobody waits for is no part of anybody's trace.
    write: (batch) =>
      currentRequest() === undefined
        ? write(batch)
        : spans.run(
            { name: 'store write', kind: 'INTERNAL', facts: {} },
            () => write(batch),
            (ended) => ({
              'gwanmun.outcome': 'error' in ended ? 'FAILED' : ended.value.committed ? 'COMMITTED' : 'CONFLICT',
            }),
          ),
  };
}
