/** What a session may be, as data: its states, why it ends, what it tells. No behaviour. */
import type { Instant } from '../../core/clock.ts';
import type { Connection, ConnectionEnd } from './connection.ts';
import type { LineKind } from './dial.ts';
import type { TpsLimits } from './login-answers.ts';
import type { SessionEnd } from './login-policy.ts';
import type { FieldValues } from './packets.ts';

interface Lines {
  readonly deliver: Connection;
  readonly report: Connection;
}

export type SessionState =
  | { readonly name: 'IDLE' }
  | { readonly name: 'CERTIFYING'; readonly auth: Connection }
  | {
      readonly name: 'BINDING';
      readonly lines: Lines;
      /** Whose BIND_ACK came. */
      readonly bound: readonly LineKind[];
      /** When the first of them came. */
      readonly boundAtMs: number | undefined;
      readonly limits: TpsLimits | undefined;
    }
  | {
      readonly name: 'BOUND';
      readonly lines: Lines;
      readonly boundAtMs: number;
      readonly boundSince: Instant;
      readonly limits: TpsLimits;
      /** Set by EVENT 0: how the end that it announces will count. */
      readonly leaving?: SessionEnd['kind'];
    }
  | { readonly name: 'BACKING_OFF'; readonly untilMs: number }
  | { readonly name: 'LOCKED_OUT' }
  | { readonly name: 'STOPPED' };

/** Why a login or its sessions ended. */
type EndCause =
  | ConnectionEnd
  | 'CERT_REFUSED'
  | 'BIND_REFUSED'
  | 'UNREADABLE_ACK'
  | 'UNEXPECTED_PACKET'
  | 'SERVER_CLOSING'
  | 'DELIVER_UNANSWERED'
  | 'REPORT_NOT_STORED';

export interface Ending {
  readonly cause: EndCause;
  /** RESULT, where the server gave one. */
  readonly result?: string;
  /** The server's own reason, or how it broke the wire. */
  readonly reason?: string;
}

export interface SessionView {
  readonly state: SessionState['name'];
  /** How many there were of each, since this process began. */
  readonly ends: Readonly<Record<SessionEnd['kind'], number>>;
  readonly limits?: TpsLimits;
  readonly boundSince?: Instant;
  readonly retryAt?: Instant;
  readonly lastEnding?: Ending & { readonly at: Instant };
  readonly lastEvent?: string;
}

export interface SessionListener {
  /** The REP session is bound; reports may come by it before the account is BOUND. */
  onReportLine(line: Connection): void;
  onBound(deliverLine: Connection, limits: TpsLimits): void;
  /** What was unsent on DLV has left. */
  onDrain(): void;
  onDeliverAck(fields: FieldValues<'DELIVER_ACK'>): void;
  onReport(fields: FieldValues<'REPORT'>): void;
  onLimits(limits: TpsLimits): void;
  /** EVENT 0: nothing more may be sent. */
  onLeaving(): void;
  /** Both sessions are gone. */
  onEnd(): void;
  /** Any change that health shows. */
  onChange(): void;
}
