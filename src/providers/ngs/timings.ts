/** Every wait of an NGS account, with the document's reason (NGS 2.0.1). Tests pass shorter ones. */

export interface NgsTimings {
  readonly connectTimeoutMs: number;
  /** No ACK of any packet within it: close and log in anew (section 2.2). Also for a frame that began and stalled. */
  readonly ackTimeoutMs: number;
  /** LINK goes out this long after the last packet received; the document asks for at most a minute (section 2.2). */
  readonly linkIdleMs: number;
  /** Between the end of a session and the next CERT, at least (section 1.2); doubles with each failure in a row. */
  readonly reconnectFloorMs: number;
  readonly reconnectCeilingMs: number;
  /** Between two CERTs, whatever happened: a second one within 3 s is refused (section 4.1). */
  readonly certIntervalMs: number;
  /** Logins in each of these spans are bounded: too many lock the account (section 1.2). */
  readonly loginBudgets: readonly { readonly spanMs: number; readonly logins: number }[];
  /** A session that the server ends this soon after BIND was kicked: the ID is logged in elsewhere (section 1.2). */
  readonly kickedWithinMs: number;
  readonly kickedFloorMs: number;
  readonly kickedCeilingMs: number;
  /** A session that lived this long wipes out the failures before it. */
  readonly stableAfterMs: number;
  /** After EVENT 0 nothing new leaves, and ACKs and REPORTs on their way get this long. */
  readonly closingGraceMs: number;
  /** An ACK slower than this shrinks the window. */
  readonly slowAckMs: number;
  /** The second of the TPS (section 4.2), and 1 ms for two clocks that do not run quite alike or round. */
  readonly pacingWindowMs: number;
  /** How long a submission may wait for a place in the window; then it is handed back, unsent. */
  readonly queueTimeoutMs: number;
  /** How long `stop` waits for what is in flight. */
  readonly drainTimeoutMs: number;
}

export const NGS_TIMINGS: NgsTimings = {
  connectTimeoutMs: 5_000,
  ackTimeoutMs: 10_000,
  linkIdleMs: 50_000,
  reconnectFloorMs: 5_000,
  reconnectCeilingMs: 60_000,
  certIntervalMs: 3_000,
  loginBudgets: [
    { spanMs: 60_000, logins: 6 },
    { spanMs: 3_600_000, logins: 60 },
  ],
  kickedWithinMs: 2_000,
  kickedFloorMs: 30_000,
  kickedCeilingMs: 300_000,
  stableAfterMs: 60_000,
  closingGraceMs: 1_000,
  slowAckMs: 3_000,
  pacingWindowMs: 1_001,
  queueTimeoutMs: 5_000,
  drainTimeoutMs: 8_000,
};
