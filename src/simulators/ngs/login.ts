/**
 * CERT and BIND at the NGS simulator: the 3-second floor, the CERT_KEY and how long it is good, and one session of
 * each KIND. It holds the login state of the one account; it reads and writes no sockets.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { NgsConnection } from './connection.ts';
import { checkCredentials, type NgsAccount } from './credentials.ts';
import type { NgsRefusal } from './results.ts';
import { createSeal, type Seal } from './seal.ts';
import { BIND, CERT, NgsViolation, readFields } from './wire.ts';

export type SessionKind = 'DLV' | 'REP';

type CertVerdict = { readonly certKey: string } | NgsRefusal;
/** `seal` where the session's TYPE is P. */
type BindVerdict = { readonly seal: Seal | undefined } | { readonly rival: NgsConnection } | NgsRefusal;

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

  function checkBind(body: Buffer, kind: SessionKind, bindWithinMs: number): { seal: Seal | undefined } | NgsRefusal {
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
    if (type !== 'p' && type !== 'P') return { result: 'E_INVALID_TYPE', reason: 'TYPE is neither p nor P' };
    const other = sessions.get(kind === 'DLV' ? 'REP' : 'DLV');
    // Whether the two sessions may differ is not said: refusing it is a guess, and the stricter one.
    if (other?.open && other.sealed !== (type === 'P')) {
      return { result: 'E_INVALID_TYPE', reason: 'TYPE differs from the other session' };
    }
    // "On the offset given at BIND" (section 5): the session's own KEYPOS counts, and not that of the CERT.
    const keypos = Number(fields.KEYPOS.toString('latin1'));
    return { seal: type === 'P' ? createSeal(account.password, keypos) : undefined };
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
      const verdict = guarded(() => checkBind(body, kind, bindWithinMs));
      if ('result' in verdict) return verdict;
      const rival = sessions.get(kind);
      if (rival?.open) return { rival };
      // A session that ended needs a CERT again before its BIND (section 2.1).
      if (issued?.usedBy.has(kind)) {
        return { result: 'E_INVALID_CERT_KEY', reason: 'CERT_KEY was used: CERT again' };
      }
      issued?.usedBy.add(kind);
      sessions.set(kind, connection);
      return verdict;
    },
    session: (kind) => sessions.get(kind),
    release(connection) {
      for (const [kind, session] of sessions) if (session === connection) return sessions.delete(kind);
      return false;
    },
  };
}

/** A login packet has an answer for its own malformation, too. */
function guarded<Verdict>(check: () => Verdict): Verdict | NgsRefusal {
  try {
    return check();
  } catch (fault) {
    if (!(fault instanceof NgsViolation)) throw fault;
    return { result: 'E_INVALID_PACKET', reason: fault.message };
  }
}
