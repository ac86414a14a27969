/**
 * Opens the three connections of a login with their first packets: CERT at the auth address, BIND for DLV and for REP
 * where CERT_ACK sends us (NGS 2.0.1, sections 4.1 and 4.2). It remembers nothing between them.
 */
import type { Clock } from '../../core/clock.ts';
import { chooseKeypos, encryptPassword } from './cipher.ts';
import { encodePacket, type Packet } from './codec.ts';
import { type Connection, type ConnectionEnd, openConnection } from './connection.ts';
import type { CertAck } from './login-answers.ts';
import { type FieldValues, PROTOCOL_VERSION } from './packets.ts';
import type { NgsTimings } from './timings.ts';

export type LineKind = 'DLV' | 'REP';

/** What CERT and both BINDs of one login say alike. */
export type Login = Pick<FieldValues<'CERT'>, 'ID' | 'PWD' | 'VERSION' | 'KEYPOS'>;

interface Dialling {
  readonly timings: NgsTimings;
  readonly clock: Clock;
  onPacket(packet: Packet): void;
  onEnd(end: ConnectionEnd): void;
}

/** One KEYPOS for all three, so that every reading of "the offset sent at BIND" agrees (section 5). */
export function prepareLogin(id: string, password: string): Login {
  const keypos = chooseKeypos();
  return { ID: id, PWD: encryptPassword(password, keypos), VERSION: PROTOCOL_VERSION, KEYPOS: String(keypos) };
}

export function dialAuth(host: string, port: number, login: Login, dialling: Dialling): Connection {
  return openConnection({
    ...dialling,
    host,
    port,
    hello: encodePacket('CERT', login),
    helloAck: 'CERT_ACK',
    accepts: ['CERT_ACK', 'EVENT'],
  });
}

export function dialLine(kind: LineKind, ack: CertAck, login: Login, dialling: Dialling): Connection {
  return openConnection({
    ...dialling,
    host: ack.host,
    port: kind === 'DLV' ? ack.deliverPort : ack.reportPort,
    hello: encodePacket('BIND', { ...login, CERT_KEY: ack.certKey, TYPE: 'p', KIND: kind }),
    helloAck: 'BIND_ACK',
    accepts: ['BIND_ACK', kind === 'DLV' ? 'DELIVER_ACK' : 'REPORT', 'LINK_ACK', 'EVENT'],
  });
}
