/**
 * A NGS server that is not there: authentication, DLV and REP over real TCP on loopback, written from the document
 * (2.0.1) and not from our client. What it took survives a stop and a start, but not its process.
 */
import { type Clock, systemClock } from '../../core/clock.ts';
import { type ArmedFault, createFaultList, type FaultList } from '../faults.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { createNgsConnection, type NgsConnection } from './connection.ts';
import type { NgsAccount } from './credentials.ts';
import { createNgsDelivery } from './delivery.ts';
import { createNgsListeners, type NgsPorts } from './listeners.ts';
import { createNgsLogin, type SessionKind } from './login.ts';
import type { OutgoingReport, ReportRequest } from './reports.ts';
import { NGS_RESULT_CODES, type NgsResultCodes } from './results.ts';
import { changeNgsSettings, type NgsSettings, type NgsSettingsChange, ngsSettingsFrom } from './settings.ts';
import { createStrikes } from './strike.ts';
import { BIND_ACK, buildFrame, CERT_ACK, EVENT, type Frame, HEAD } from './wire.ts';

/** How long the authentication server waits for the client to hang up after CERT_ACK; not documented. */
const CERT_LINGER_MS = 1000;

export interface NgsSimulatorOptions extends NgsAccount, NgsSettingsChange {
  /** @default systemClock */
  readonly clock?: Clock;
  /** Replaces single codes of the provisional table. */
  readonly resultCodes?: Partial<NgsResultCodes>;
}

export interface NgsSimulator {
  readonly provider: 'NGS';
  readonly ledger: Ledger;
  readonly faults: FaultList;
  readonly arm: FaultList['arm'];
  readonly settings: NgsSettings;
  /** Throws a ZodError for a setting that does not exist. A new TPS is told by EVENT 1. */
  configure(changes: NgsSettingsChange): NgsSettings;
  /** Sends a REPORT as it stands, or as soon as there is a REP session. Throws a ZodError where it cannot. */
  sendReport(report: ReportRequest): OutgoingReport;
  /** REPORTs without their REPORT_ACK, due or not. */
  readonly waitingReports: number;
  /** EVENT 0 and the end for one session, or both. Tells how many. */
  kick(kind?: SessionKind, reason?: string): number;
  /** The address of the authentication server. */
  start(port?: number): Promise<{ readonly host: string; readonly port: number }>;
  stop(): Promise<void>;
}

export function createNgsSimulator(options: NgsSimulatorOptions): NgsSimulator {
  const clock = options.clock ?? systemClock;
  const codes: NgsResultCodes = { ...NGS_RESULT_CODES, ...options.resultCodes };
  const ledger = createLedger({ provider: 'NGS', clock });
  const faults = createFaultList();
  const timers = createTimers();
  const strikes = createStrikes({ faults, ledger, timers, codes, retune: (tps) => configure({ tps }) });
  const login = createNgsLogin(options, clock);
  let settings = ngsSettingsFrom(options);
  const delivery = createNgsDelivery({
    account: options,
    clock,
    timers,
    ledger,
    strikes,
    codes,
    settings: () => settings,
  });
  let ports: NgsPorts | undefined;

  const listeners = createNgsListeners((line, socket) => {
    createNgsConnection({
      socket,
      line,
      timers,
      loginDeadlineMs: settings.loginDeadlineMs,
      idleTimeoutMs: settings.idleTimeoutMs,
      onFrame: receive,
      onEnd(connection, reason) {
        delivery.detach(connection);
        const wasSession = login.release(connection);
        if (wasSession || !['served', 'the peer closed'].includes(reason)) {
          ledger.record({ event: `${line} ${wasSession ? 'session' : 'connection'}`, outcome: 'CLOSED', reason });
        }
      },
    });
  });

  function receive(connection: NgsConnection, { headType, body }: Frame): void {
    const drop = () => connection.cut();
    switch (headType) {
      case HEAD.CERT:
        strikes.pass({
          on: 'login',
          event: 'CERT',
          proceed: (fault) => cert(connection, body, fault),
          reject: (code) => refuseCert(connection, code, 'armed fault'),
          drop,
        });
        break;
      case HEAD.BIND:
        strikes.pass({
          on: 'bind',
          event: 'BIND',
          proceed: (fault) => bind(connection, body, fault),
          reject: (code) => refuseBind(connection, code, 'armed fault'),
          drop,
        });
        break;
      case HEAD.DELIVER:
        delivery.deliver(connection, body);
        break;
      case HEAD.REPORT_ACK:
        delivery.reportAck(body);
        break;
      case HEAD.LINK:
        ledger.record({ event: 'LINK', outcome: 'TAKEN', fields: { kind: connection.line } });
        strikes.pass({
          on: 'link',
          event: 'LINK',
          proceed: (fault) => connection.send(buildFrame(HEAD.LINK_ACK, {}, {}), fault),
          drop: () => undefined,
        });
        break;
    }
  }

  function cert(connection: NgsConnection, body: Buffer, fault: ArmedFault | undefined): void {
    if (!connection.open || ports === undefined) return;
    const verdict = login.cert(body, settings);
    if ('result' in verdict) {
      refuseCert(connection, codes[verdict.result], verdict.reason);
      return;
    }
    ledger.record({ event: 'CERT', outcome: 'TAKEN' });
    connection.send(
      buildFrame(HEAD.CERT_ACK, CERT_ACK, {
        RESULT: codes.E_OK,
        CERT_KEY: verdict.certKey,
        SERVER_IP: ports.host,
        DELIVER_PORT: String(ports.deliver),
        REPORT_PORT: String(ports.report),
      }),
      fault,
    );
    timers.after(CERT_LINGER_MS, () => connection.end());
  }

  function refuseCert(connection: NgsConnection, code: string, reason: string): void {
    ledger.record({ event: 'CERT', outcome: 'REFUSED', reason, fields: { result: code } });
    // SERVER_IP carries the reason, and the ports stay NUL (section 4.1).
    connection.end(buildFrame(HEAD.CERT_ACK, CERT_ACK, { RESULT: code, SERVER_IP: reason }));
  }

  function bind(connection: NgsConnection, body: Buffer, fault: ArmedFault | undefined): void {
    if (!connection.open) return;
    const verdict = login.bind(body, connection, settings);
    if ('result' in verdict) {
      refuseBind(connection, codes[verdict.result], verdict.reason);
      return;
    }
    connection.bind('seal' in verdict ? verdict.seal : undefined);
    const kind = connection.line;
    if ('rival' in verdict) {
      // The same ID twice ends both (section 1.2). DLV and REP share the ID, so it is meant for each KIND.
      const reason = `ID is bound twice as ${kind}`;
      ledger.record({ event: 'BIND', outcome: 'REFUSED', reason, fields: { kind } });
      connection.evict(reason);
      verdict.rival.evict(reason);
      return;
    }
    const type = connection.sealed ? 'P' : 'p';
    ledger.record({ event: 'BIND', outcome: 'TAKEN', fields: { kind, type } });
    const { sms, mms, kakao } = settings.tps;
    connection.send(
      buildFrame(HEAD.BIND_ACK, BIND_ACK, {
        RESULT: codes.E_OK,
        SMS_TPS: String(sms),
        MMS_TPS: String(mms),
        KKO_TPS: String(kakao),
      }),
      // A double login shows like this: accepted, and thrown out at once (section 1.2).
      fault?.kind === 'kick' ? undefined : fault,
    );
    if (fault?.kind === 'kick') connection.strike(fault);
    else if (kind === 'REP') delivery.attach(connection);
  }

  function refuseBind(connection: NgsConnection, code: string, reason: string): void {
    ledger.record({ event: 'BIND', outcome: 'REFUSED', reason, fields: { kind: connection.line, result: code } });
    connection.end(buildFrame(HEAD.BIND_ACK, BIND_ACK, { RESULT: code, MESSAGE: reason }));
  }

  function configure(changes: NgsSettingsChange): NgsSettings {
    settings = changeNgsSettings(settings, changes);
    if (changes.tps !== undefined) {
      const { sms, mms, kakao } = settings.tps;
      const event = buildFrame(HEAD.EVENT, EVENT, { TYPE: '1', DATA: `${sms},${mms},${kakao}` });
      login.session('DLV')?.send(event);
    }
    return settings;
  }

  return {
    provider: 'NGS',
    ledger,
    faults,
    arm: faults.arm,
    get settings() {
      return settings;
    },
    configure,
    sendReport: delivery.sendReport,
    get waitingReports() {
      return delivery.waiting;
    },
    kick(kind, reason = 'closed by the operator') {
      const kinds = kind === undefined ? (['DLV', 'REP'] as const) : [kind];
      const sessions = kinds.map((each) => login.session(each)).filter((session) => session?.open === true);
      for (const session of sessions) session?.evict(reason);
      return sessions.length;
    },
    async start(port = 0) {
      ports = await listeners.start(port);
      return { host: ports.host, port: ports.cert };
    },
    async stop() {
      timers.clear();
      await listeners.stop();
      // What was taken is owed its REPORT, also when the line comes back only later.
      delivery.settle();
    },
  };
}
