/** What ends several streams at once, each with its cursor: that whoever reads them reads no more, or may not. */

export type StreamEndReason = 'SHUTDOWN' | 'SLOW_CONSUMER' | 'CREDENTIAL_EXPIRED' | 'INVALID_CURSOR';

export interface StreamEnding {
  /** Undefined as long as nothing has ended. */
  reason(): StreamEndReason | undefined;
  /** Calls once, when it ends; at once where it already has. Returns how to let go. */
  onEnd(listener: (reason: StreamEndReason) => void): () => void;
  /** The first reason counts. */
  end(reason: StreamEndReason): void;
}

export function createStreamEnding(): StreamEnding {
  const listeners = new Set<(reason: StreamEndReason) => void>();
  let ended: StreamEndReason | undefined;
  return {
    reason: () => ended,
    onEnd(listener) {
      if (ended !== undefined) listener(ended);
      else listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end(reason) {
      if (ended !== undefined) return;
      ended = reason;
      for (const listener of listeners) listener(reason);
      listeners.clear();
    },
  };
}
