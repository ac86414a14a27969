/**
 * The places at which a crash would hurt most, by name, so that a test can end the process at exactly one of them. Nothing
 * in src/ ever sets the hook: in production each is one check for undefined.
 */

/** In the order in which a message passes them. */
export const CRASH_POINTS = [
  'accept.before-commit',
  /** Durable, and its caller has not heard. */
  'accept.committed',
  'dispatch.claimed',
  /** SUBMITTING is durable, and not a byte has left. */
  'dispatch.intent-stored',
  'ngs.deliver-written',
  /** Headers and body are the system's now. */
  'http.request-written',
  /** The provider has said, and it is stored nowhere. */
  'dispatch.answer-received',
  'dispatch.answer-stored',
  'report.received',
  /** Durable, and no REPORT_ACK has left. */
  'report.stored',
  'look-up.answered',
  /** Claimed, and not yet UNCONFIRMED. */
  'sweep.abandoned',
  /** Claimed, and not yet EXPIRED. */
  'sweep.expired',
  /** In the writing thread: everything of a group is written, and not committed. */
  'store.before-commit',
  /** In the writing thread: committed and synced, and nobody was told. */
  'store.committed',
  /** Back in the main thread, before the first promise of the group resolves. */
  'store.told',
] as const;

/** Those of what else is stored before a provider is asked for it. */
type OtherCrashPoint =
  /** Durable with its external id, and Sentbe has not been asked. */
  | 'remittance.stored'
  /** Sentbe has answered, and it is stored nowhere. */
  | 'remittance.answered';

export type CrashPoint = (typeof CRASH_POINTS)[number] | OtherCrashPoint;

/**
 * Where a test's own entry puts its hook. On the global object, since the writing thread of the embedded store has modules of
 * its own.
 */
export const crashHook = Symbol.for('gwanmun.crash-hook');

export interface Crashable {
  [crashHook]?: (point: CrashPoint) => void;
}

export function crashPoint(point: CrashPoint): void {
  (globalThis as Crashable)[crashHook]?.(point);
}
