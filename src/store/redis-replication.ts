/**
 * Whether a replica has what was written: one WAIT for all writes that were answered before it left, one at a time. It counts
 * only for the connection that it went out on, since a WAIT on another one knows nothing of what was written on this.
 */

const REPLICA_WITHIN_MS = 200;

export interface ReplicaConfirmation {
  /** Resolves where a replica has all that was written on this connection so far. */
  confirm(writtenOn: number): Promise<void>;
}

export interface ReplicaConfirmationOptions {
  /** Asks on the connection as it is now: how many replicas have it, once one has or the time is over. */
  readonly wait: (replicas: number, withinMs: number) => Promise<number>;
  /** Numbers the connections: another one, another number. */
  readonly connection: () => number;
}

interface Confirmed {
  readonly replicas: number;
  readonly on: number;
}

export function createReplicaConfirmation({ wait, connection }: ReplicaConfirmationOptions): ReplicaConfirmation {
  let inFlight: Promise<unknown> = Promise.resolve();
  let next: Promise<Confirmed> | undefined;

  function ask(): Promise<Confirmed> {
    next ??= inFlight.then(async () => {
      next = undefined;
      const on = connection();
      const asked = wait(1, REPLICA_WITHIN_MS);
      inFlight = asked.catch(() => undefined);
      return { replicas: await asked, on };
    });
    return next;
  }

  return {
    async confirm(writtenOn) {
      const { replicas, on } = await ask();
      if (on !== writtenOn) throw new Error('the connection was lost before a replica had confirmed');
      if (replicas < 1) throw new Error('no replica has confirmed');
    },
  };
}
