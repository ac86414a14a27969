/**
 * Reserved sends at the SENS simulator and how they stand (SENS SMS v2, reservations). Their messages lie in the
 * mailbox.
 */
import type { Instant } from '../../core/clock.ts';

export interface Reservation {
  readonly reserveId: string;
  /** As the request printed it. */
  readonly reserveTime: string;
  readonly reserveTimeZone: string;
  readonly startsAt: Instant;
  readonly doneAt: Instant;
  /** How it ends instead of DONE: an armed fault. */
  readonly forced?: string | undefined;
}

export interface Reservations {
  add(reservation: Reservation): void;
  /** The body of reserve-status; undefined for a stranger. */
  status(reserveId: string, now: Instant): { readonly [name: string]: string } | undefined;
  /** True where it was READY; the document sees no use in it later. */
  cancel(reserveId: string, now: Instant): boolean;
}

export function createReservations(maxReservations = 50_000): Reservations {
  const held = new Map<string, Reservation & { readonly cancelled: boolean }>();

  function stateOf(reservation: Reservation & { readonly cancelled: boolean }, now: Instant): string {
    if (reservation.cancelled) return 'CANCELED';
    if (now < reservation.startsAt) return 'READY';
    if (reservation.forced !== undefined) return reservation.forced;
    return now < reservation.doneAt ? 'PROCESSING' : 'DONE';
  }

  return {
    add(reservation) {
      held.set(reservation.reserveId, { ...reservation, cancelled: false });
      const [oldest] = held.keys();
      if (held.size > maxReservations && oldest !== undefined) held.delete(oldest);
    },
    status(reserveId, now) {
      const found = held.get(reserveId);
      if (found === undefined) return undefined;
      const { reserveTime, reserveTimeZone } = found;
      return { reserveId, reserveTimeZone, reserveTime, reserveStatus: stateOf(found, now) };
    },
    cancel(reserveId, now) {
      const found = held.get(reserveId);
      if (found === undefined || stateOf(found, now) !== 'READY') return false;
      held.set(reserveId, { ...found, cancelled: true });
      return true;
    },
  };
}
