/**
 * CERT and BIND at the NGS simulator: the 3-second floor, the CERT_KEY and how long it is good, and one session of
 * each KIND. It holds the login state of the one account; it reads and writes no sockets.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { checkCredentials, type NgsAccount } from './checks.ts';
import type { NgsConnection } from './connection.ts';
import type { NgsRefusal } from './results.ts';
import { BIND, CERT, NgsViolation, readFields } from './wire.ts';

export type SessionKind = 'DLV' | 'REP';

type CertVerdict = { readonly certKey: string } | NgsRefusal;
type BindVerdict = { readonly bound: true } | { readonly rival: NgsConnection } | NgsRefusal;

export interface NgsLogin {
  cert(body: Buffer, limits: { readonly certFloorMs: number }): CertVerdict;
  bind(body: Buffer, connection: NgsConnection, limits: { readonly bindWithinMs: number }): BindVerdict;
  session(kind: SessionKind): NgsConnection | undefined;
  /** True where this connection was a session. */
  release(connection: NgsConnection): boolean;
}

export function createNgsLogin(account: NgsAccount, clock: Clock): NgsLogin {
  const sessions = new Map<SessionKind, NgsConnection>();
  let lastCertMs = Number.NEGATIVE_INFINITY;
  let issued: { readonly key: string; readonly atMs: number; readonly usedBy: Set<SessionKind> } | undefined;

  function checkBind(body: Buffer, kind: SessionKind, bindWithinMs: number): NgsRefusal | undefined {
    const fields = readFields(BIND, body);
    const refused = checkCredentials(fields, account);
    if (refused !== undefined) return refused;
    if (fields.KIND.toString('latin1') !== kind) {
      return { result: 'E_INVALID_KIND', reason: `KIND is not ${kind} on this port` };
    }
    if (issued === undefined || fields.CERT_KEY.toString('latin1') !== issued.key) {
      return { result: 'E_INVALID_CERT_KEY', reason: 'CERT_KEY is not the one issued last' };
    }
    // "Within a few seconds" of the CERT (section 4.2).
    if (clock.monotonicMs() - issued.atMs > bindWithinMs) {
      return { result: 'E_INVALID_CERT_KEY', reason: 'CERT_KEY has expired: CERT again' };
    }
    const type = fields.TYPE.toString('latin1');
    if (type === 'P') return { result: 'E_INVALID_TYPE', reason: 'TYPE P is not simulated' };
    return type === 'p' ? undefined : { result: 'E_INVALID_TYPE', reason: 'TYPE is neither p nor P' };
  }

  return {
    cert(body, { certFloorMs }) {
      const now = clock.monotonicMs();
      const sinceLastMs = now - lastCertMs;
      lastCertMs = now;
      // Two in 3 seconds are too many (section 4.1); the early one counts, too.
      if (sinceLastMs < certFloorMs) return { result: 'E_CERT_TOO_OFTEN', reason: `CERT within ${certFloorMs} ms` };
      const refused = guarded(() => checkCredentials(readFields(CERT, body), account));
      if (refused !== undefined) return refused;
      const certKey = randomBytes(48).toString('base64');
      issued = { key: certKey, atMs: now, usedBy: new Set() };
      return { certKey };
    },
    bind(body, connection, { bindWithinMs }) {
      const kind = connection.line as SessionKind;
      const refused = guarded(() => checkBind(body, kind, bindWithinMs));
      if (refused !== undefined) return refused;
      const rival = sessions.get(kind);
      if (rival?.open) return { rival };
      // A session that ended needs a CERT again before its BIND (section 2.1).
      if (issued?.usedBy.has(kind)) {
        return { result: 'E_INVALID_CERT_KEY', reason: 'CERT_KEY was used: CERT again' };
      }
      issued?.usedBy.add(kind);
      sessions.set(kind, connection);
      return { bound: true };
    },
    session: (kind) => sessions.get(kind),
    release(connection) {
      for (const [kind, session] of sessions) if (session === connection) return sessions.delete(kind);
      return false;
    },
  };
}

/** A login packet has an answer for its own malformation, too. */
function guarded(check: () => NgsRefusal | undefined): NgsRefusal | undefined {
  try {
    return check();
  } catch (fault) {
    if (!(fault instanceof NgsViolation)) throw fault;
    return { result: 'E_INVALID_PACKET', reason: fault.message };
  }
}
