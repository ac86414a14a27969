/**
 * How many sockets there may be, of an address that has not said who it is, of a tenant and in all, and how much a client
 * may say on one. Counts only: who closes what, and with which code, stands in websocket.ts.
 */
import { type Clock, systemClock } from '../core/clock.ts';
import { SOCKET_LIMITS } from './limits.ts';

type Limits = { readonly [Name in keyof typeof SOCKET_LIMITS]: number };

export interface SocketCaps {
  /** Takes a place for a socket that is to be opened; undefined where there is none. */
  enter(address: string): SocketPlace | undefined;
}

export interface SocketPlace {
  /** It has said who it is. False where its tenant has no room for it. */
  identify(tenantId: string): boolean;
  /** The client said something. False where it says too much. */
  hear(): boolean;
  /** Gives the place back, once or more often. */
  leave(): void;
}

export function createSocketCaps(
  limits: Limits = SOCKET_LIMITS,
  clock: Pick<Clock, 'monotonicMs'> = systemClock,
): SocketCaps {
  const strangers = createTally();
  const ofTenants = createTally();
  let open = 0;

  return {
    enter(address) {
      if (open >= limits.sockets || strangers.count(address) >= limits.uninitialisedPerAddress) return undefined;
      open += 1;
      let leaveGroup: (() => void) | undefined = strangers.add(address);
      let left = false;
      let room = limits.messagesPerMinute;
      let heardAtMs = clock.monotonicMs();

      return {
        identify(tenantId) {
          // Its socket may have closed while it was being asked.
          if (left || ofTenants.count(tenantId) >= limits.perTenant) return false;
          leaveGroup?.();
          leaveGroup = ofTenants.add(tenantId);
          return true;
        },
        hear() {
          const nowMs = clock.monotonicMs();
          const regained = ((nowMs - heardAtMs) * limits.messagesPerMinute) / 60_000;
          room = Math.min(limits.messagesPerMinute, room + regained);
          heardAtMs = nowMs;
          if (room < 1) return false;
          room -= 1;
          return true;
        },
        leave() {
          if (left) return;
          left = true;
          open -= 1;
          leaveGroup?.();
        },
      };
    },
  };
}

export interface Tally {
  count(name: string): number;
  /** One more. Returns how to take it away again, once. */
  add(name: string): () => void;
}

/** How many there are under each name; of a name without any, nothing is kept. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    count: (name) => counts.get(name) ?? 0,
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
      let counted = true;
      return () => {
        if (!counted) return;
        counted = false;
        const rest = (counts.get(name) ?? 0) - 1;
        if (rest > 0) counts.set(name, rest);
        else counts.delete(name);
      };
    },
  };
}
