/**
 * The life of an account's two sessions: CERT, two BINDs, BOUND, and the way back after any loss (NGS 2.0.1,
 * section 2). Both sessions stand and fall together. It hands packets to its listener and reads only EVENT itself.
 */
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Connection, ConnectionEnd } from './connection.ts';
import { createDeadline } from './deadline.ts';
import { dialAuth, dialLine, type LineKind, type Login, prepareLogin } from './dial.ts';
import type { Packet, WireError } from './frame-decoder.ts';
import { readCertAck, readEventLimits, readLimits } from './login-answers.ts';
import { createLoginPolicy, type SessionEnd } from './login-policy.ts';
import type { FieldValues } from './packets.ts';
import type { ResultCodes } from './result-codes.ts';
import type { Ending, SessionListener, SessionState, SessionView } from './session-state.ts';
import type { NgsTimings } from './timings.ts';

export interface SessionOptions {
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly id: string;
  readonly password: string;
  /** TYPE P on both sessions. */
  readonly encrypted: boolean;
  readonly resultCodes: ResultCodes;
  readonly timings: NgsTimings;
  readonly clock: Clock;
  /** Whether this process may log in at this moment: a second login under one ID ends both (section 1.2). */
  mayLogIn(): boolean;
  readonly log: Log;
  readonly listener: SessionListener;
}

export interface Session {
  start(): void;
  /** Resolves once no socket is left. What is written and unsent may still leave, but not with `atOnce`. */
  stop(how?: { readonly atOnce: boolean }): Promise<void>;
  /** Ends both sessions and logs in anew, later. */
  fail(ending: Ending): void;
  view(): SessionView;
}

const NOT_OWNER_PAUSE_MS = 1_000;

export function createSession(options: SessionOptions): Session {
  const { account, resultCodes, timings, clock, mayLogIn, log, listener } = options;
  const policy = createLoginPolicy(timings);
  let state: SessionState = { name: 'IDLE' };
  let lastEnding: SessionView['lastEnding'];
  let lastEvent: string | undefined;
  let ends: SessionView['ends'] = { LOST: 0, KICKED: 0, REFUSED: 0, LEFT: 0 };
  /** Settles once every connection so far is gone. */
  let released: Promise<unknown> = Promise.resolve();
  const retryDeadline = createDeadline(logIn);
  const closingDeadline = createDeadline(() => fail({ cause: 'SERVER_CLOSING' }));

  function enter(next: SessionState): void {
    state = next;
    listener.onChange();
  }

  function logIn(): void {
    const nowMs = clock.monotonicMs();
    const certAtMs = policy.earliestCertAt(nowMs);
    if (certAtMs === Number.POSITIVE_INFINITY) {
      log.error('ngs.locked-out', { account });
      enter({ name: 'LOCKED_OUT' });
    } else if (certAtMs > nowMs || !mayLogIn()) {
      // Who may not log in now hears very soon that it stops, or may again.
      const untilMs = certAtMs > nowMs ? certAtMs : nowMs + NOT_OWNER_PAUSE_MS;
      enter({ name: 'BACKING_OFF', untilMs });
      retryDeadline.set(Math.ceil(untilMs - nowMs));
    } else {
      policy.noteCert(nowMs);
      const login = prepareLogin(options.id, options.password, options.encrypted);
      const auth = dialAuth(
        options.host,
        options.port,
        login,
        dialling((packet) => onAuthPacket(packet, login)),
      );
      enter({ name: 'CERTIFYING', auth });
    }
  }

  function dialling(handle: (packet: Packet) => Ending | undefined) {
    return {
      timings,
      clock,
      mayGreet: mayLogIn,
      onPacket(packet: Packet): void {
        const ending = packet.name === 'EVENT' ? onEvent(packet.fields) : handle(packet);
        if (ending !== undefined) fail(ending);
      },
      onEnd: (cause: ConnectionEnd, fault?: WireError) =>
        fail({ cause, ...(fault === undefined ? {} : { reason: fault.message }) }),
    };
  }

  function onAuthPacket(packet: Packet, login: Login): Ending | undefined {
    if (packet.name !== 'CERT_ACK' || state.name !== 'CERTIFYING') return { cause: 'UNEXPECTED_PACKET' };
    const { RESULT, SERVER_IP } = packet.fields;
    // SERVER_IP carries the reason where RESULT is not OK (section 4.1).
    if (!resultCodes.isOk(RESULT)) return { cause: 'CERT_REFUSED', result: RESULT, reason: SERVER_IP };
    const ack = readCertAck(packet.fields);
    if (ack === undefined) return { cause: 'UNREADABLE_ACK' };
    release([state.auth]);
    const dial = (kind: LineKind) =>
      dialLine(kind, ack, login, {
        ...dialling((answer) => onLinePacket(kind, answer)),
        onDrain: () => kind === 'DLV' && listener.onDrain(),
      });
    const lines = { deliver: dial('DLV'), report: dial('REP') };
    enter({ name: 'BINDING', lines, bound: [], boundAtMs: undefined, limits: undefined });
    return undefined;
  }

  function onLinePacket(kind: LineKind, packet: Packet): Ending | undefined {
    if (packet.name === 'BIND_ACK') return onBindAck(kind, packet.fields);
    const isBound = state.name === 'BOUND' || (state.name === 'BINDING' && state.bound.includes(kind));
    if (!isBound) return { cause: 'UNEXPECTED_PACKET' };
    if (packet.name === 'REPORT') listener.onReport(packet.fields);
    if (packet.name === 'DELIVER_ACK') listener.onDeliverAck(packet.fields);
    return undefined;
  }

  function onBindAck(kind: LineKind, fields: FieldValues<'BIND_ACK'>): Ending | undefined {
    if (state.name !== 'BINDING' || state.bound.includes(kind)) return { cause: 'UNEXPECTED_PACKET' };
    const { RESULT, MESSAGE } = fields;
    if (!resultCodes.isOk(RESULT)) return { cause: 'BIND_REFUSED', result: RESULT, reason: MESSAGE };
    // The limits of the session that sends count.
    const limits = kind === 'DLV' ? readLimits(fields) : state.limits;
    if (kind === 'DLV' && limits === undefined) return { cause: 'UNREADABLE_ACK' };

    const { lines } = state;
    const line = kind === 'DLV' ? lines.deliver : lines.report;
    const bound = [...state.bound, kind];
    const nowMs = clock.monotonicMs();
    line.keepAlive();
    if (kind === 'REP') listener.onReportLine(line);
    if (bound.length === 2 && limits !== undefined) {
      enter({ name: 'BOUND', lines, boundAtMs: nowMs, boundSince: clock.now(), limits });
      log.info('ngs.bound', { account, tps: limits.smsTps });
      listener.onBound(lines.deliver, limits);
    } else {
      enter({ name: 'BINDING', lines, bound, boundAtMs: nowMs, limits });
    }
    return undefined;
  }

  function onEvent({ TYPE, DATA }: FieldValues<'EVENT'>): Ending | undefined {
    lastEvent = `${TYPE} ${DATA}`;
    if (TYPE === '0') return onServerClosing();
    const limits = TYPE === '1' ? readEventLimits(DATA) : undefined;
    if (limits === undefined || (state.name !== 'BINDING' && state.name !== 'BOUND')) {
      log.warn('ngs.event-ignored', { account, code: TYPE });
      listener.onChange();
      return undefined;
    }
    enter({ ...state, limits });
    log.info('ngs.limits-changed', { account, tps: limits.smsTps });
    listener.onLimits(limits);
    return undefined;
  }

  /** EVENT 0: answers and reports already on their way get a moment, then both sessions end. */
  function onServerClosing(): Ending | undefined {
    if (state.name !== 'BOUND') return { cause: 'SERVER_CLOSING' };
    if (state.leaving !== undefined) return undefined;
    closingDeadline.set(timings.closingGraceMs);
    enter({ ...state, leaving: wasJustBound(state.boundAtMs) ? 'KICKED' : 'LOST' });
    listener.onLeaving();
    return undefined;
  }

  function wasJustBound(boundAtMs: number | undefined): boolean {
    return boundAtMs !== undefined && clock.monotonicMs() - boundAtMs < timings.kickedWithinMs;
  }

  function judge({ cause, result = '' }: Ending): SessionEnd['kind'] {
    // A busy server refuses too, and says with its code that we may come again.
    if (cause === 'CERT_REFUSED' || cause === 'BIND_REFUSED')
      return resultCodes.isRetriable(result) ? 'LOST' : 'REFUSED';
    if (state.name !== 'BINDING' && state.name !== 'BOUND') return 'LOST';
    if (state.name === 'BOUND' && state.leaving !== undefined) return state.leaving;
    // Our store's fault and not the line's: it must not count towards a kick, which would keep us away for minutes.
    if (cause === 'REPORT_NOT_STORED') return 'LEFT';
    const isByServer = cause === 'PEER_CLOSED' || cause === 'SERVER_CLOSING';
    return isByServer && wasJustBound(state.boundAtMs) ? 'KICKED' : 'LOST';
  }

  function fail(ending: Ending): void {
    if (!isConnected(state)) return;
    const nowMs = clock.monotonicMs();
    const kind = judge(ending);
    policy.noteEnd({ kind, boundForMs: state.name === 'BOUND' ? nowMs - state.boundAtMs : undefined }, nowMs);
    lastEnding = { ...ending, at: clock.now() };
    ends = { ...ends, [kind]: ends[kind] + 1 };
    const facts = { account, state: state.name, kind, cause: ending.cause, code: ending.result };
    // A wrong password or a second gateway under the same ID does not heal: somebody must look.
    if (kind === 'LOST') log.warn('ngs.session-ended', facts);
    else log.error('ngs.session-ended', facts);
    closeConnections();
    // Before the state changes, so that nobody is told of a change while the line still looks open.
    listener.onEnd();
    logIn();
  }

  function closeConnections(atOnce = false): void {
    closingDeadline.clear();
    retryDeadline.clear();
    if (state.name === 'CERTIFYING') release([state.auth], atOnce);
    if (state.name === 'BINDING' || state.name === 'BOUND') release([state.lines.deliver, state.lines.report], atOnce);
  }

  function release(connections: readonly Connection[], atOnce = false): void {
    released = Promise.all([released, ...connections.map((connection) => connection.close(atOnce))]);
  }

  return {
    start() {
      if (state.name === 'IDLE' || state.name === 'STOPPED') logIn();
    },
    async stop({ atOnce } = { atOnce: false }) {
      if (isConnected(state)) policy.noteEnd({ kind: 'LEFT', boundForMs: undefined }, clock.monotonicMs());
      closeConnections(atOnce);
      listener.onEnd();
      enter({ name: 'STOPPED' });
      await released;
    },
    fail,
    view() {
      const { limits, boundSince } = state.name === 'BOUND' ? state : {};
      const retryAt =
        state.name === 'BACKING_OFF' ? Math.round(clock.now() + state.untilMs - clock.monotonicMs()) : undefined;
      return {
        state: state.name,
        ends,
        ...(limits === undefined ? {} : { limits }),
        ...(boundSince === undefined ? {} : { boundSince }),
        ...(retryAt === undefined ? {} : { retryAt }),
        ...(lastEnding === undefined ? {} : { lastEnding }),
        ...(lastEvent === undefined ? {} : { lastEvent }),
      };
    },
  };
}

function isConnected(state: SessionState): boolean {
  return state.name === 'CERTIFYING' || state.name === 'BINDING' || state.name === 'BOUND';
}
