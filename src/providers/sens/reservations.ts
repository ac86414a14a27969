/** Messages that SENS holds until their time (SENS SMS v2, reservations): which it may hold, how one stands, and its cancel. */
import type { Clock, Instant } from '../../core/clock.ts';
import type { CancelResult, LookUpResult } from '../../core/provider.ts';
import { faultOf, MAX_CODE_LENGTH } from './answer.ts';
import type { SensApi } from './api.ts';
import { reserveStatusOf } from './rows.ts';

const MINUTE_MS = 60_000;
/** Nearer than this, what SENS does with a reserveTime is not published, and its cancel would hardly come in time. */
const MIN_AHEAD_MS = 15 * MINUTE_MS;
/** An image is kept for 6 days (SENS SMS v2, files), and whether a reservation prolongs that is not published. */
const MAX_AHEAD_MS = 5 * 24 * 60 * MINUTE_MS;

/** Over, and not to be cancelled. */
const LEFT: ReadonlySet<string> = new Set(['PROCESSING', 'DONE', 'FAIL', 'STALE', 'SKIP']);
/** Over, and never sent. */
const NEVER_SENT: ReadonlySet<string> = new Set(['CANCELED', 'FAIL', 'STALE', 'SKIP']);

/** A reserveTime has minutes and no seconds. */
export function acceptsReservation(at: Instant, now: Instant): boolean {
  return at % MINUTE_MS === 0 && at - now > MIN_AHEAD_MS && at - now <= MAX_AHEAD_MS;
}

/** How a reserved message stands; PENDING and not taken where SENS does not tell. */
export async function standingOfReservation(api: SensApi, reserveId: string, clock: Clock): Promise<LookUpResult> {
  const status = await statusOf(api, reserveId);
  if (status === undefined || !NEVER_SENT.has(status)) return { state: 'PENDING', taken: status !== undefined };
  return { state: 'FAILED', fault: faultOfStatus(status, clock.now()) };
}

/**
 * A refusal may also mean that an earlier try, whose answer was lost, has cancelled it. So whatever was not a plain yes is
 * held against the reservation's own status; that is asked after the cancel, and is the later word.
 */
export async function cancelReservation(api: SensApi, reserveId: string, clock: Clock): Promise<CancelResult> {
  const path = `/reservations/${encodeURIComponent(reserveId)}`;
  let { result, clockMended } = await api.call('DELETE', path);
  // To cancel twice does no harm.
  if (clockMended) ({ result } = await api.call('DELETE', path));
  if (result.kind === 'response' && result.status === 204) return { state: 'CANCELLED' };
  const fault = faultOf(result, clock.now());
  const status = await statusOf(api, reserveId);
  if (status === 'CANCELED') return { state: 'CANCELLED' };
  if (status !== undefined && LEFT.has(status)) return { state: 'TOO_LATE', fault };
  // 401, 403 and 429 speak of the account and not of the reservation.
  const isRefused = result.kind === 'response' && (result.status === 400 || result.status === 404);
  return { state: isRefused ? 'TOO_LATE' : 'UNKNOWN', fault };
}

async function statusOf(api: SensApi, reserveId: string): Promise<string | undefined> {
  const { result } = await api.call('GET', `/reservations/${encodeURIComponent(reserveId)}/reserve-status`);
  return reserveStatusOf(result, reserveId);
}

const faultOfStatus = (status: string, at: Instant) => ({
  provider: 'SENS' as const,
  code: status.slice(0, MAX_CODE_LENGTH),
  text: `The reservation is ${status}.`,
  at,
});
