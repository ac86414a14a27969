/**
 * Opens the three connections of a login with their first packets: CERT at the auth address, BIND for DLV and for REP
 * where CERT_ACK sends us (NGS 2.0.1, sections 4.1 and 4.2). It remembers nothing between them.
 */
import type { Clock } from '../../core/clock.ts';
import { chooseKeypos, createBodyCipher, deriveKey, encryptPassword } from './cipher.ts';
import { encodePacket } from './codec.ts';
import { type Connection, type ConnectionEnd, openConnection } from './connection.ts';
import type { Packet, WireError } from './frame-decoder.ts';
import type { CertAck } from './login-answers.ts';
import { type FieldValues, PROTOCOL_VERSION } from './packets.ts';
import type { NgsTimings } from './timings.ts';

export type LineKind = 'DLV' | 'REP';

export interface Login {
  /** What CERT and both BINDs say alike. */
  readonly fields: FieldValues<'CERT'>;
  /** Of the bodies on both sessions, where they are encrypted. */
  readonly key: Uint8Array | undefined;
}

interface Dialling {
  readonly timings: NgsTimings;
  readonly clock: Clock;
  mayGreet(): boolean;
  onPacket(packet: Packet): void;
  onDrain?(): void;
  onEnd(end: ConnectionEnd, fault?: WireError): void;
}

/** One KEYPOS for all three, so that every reading of "the offset sent at BIND" agrees (section 5). */
export function prepareLogin(id: string, password: string, isEncrypted: boolean): Login {
  const keypos = chooseKeypos();
  return {
    fields: { ID: id, PWD: encryptPassword(password, keypos), VERSION: PROTOCOL_VERSION, KEYPOS: String(keypos) },
    key: isEncrypted ? deriveKey(password, keypos) : undefined,
  };
}

export function dialAuth(host: string, port: number, login: Login, dialling: Dialling): Connection {
  return openConnection({
    ...dialling,
    host,
    port,
    hello: encodePacket('CERT', login.fields),
    helloAck: 'CERT_ACK',
    accepts: ['CERT_ACK', 'EVENT'],
  });
}

export function dialLine(kind: LineKind, ack: CertAck, { fields, key }: Login, dialling: Dialling): Connection {
  const TYPE = key === undefined ? 'p' : 'P';
  return openConnection({
    ...dialling,
    host: ack.host,
    port: kind === 'DLV' ? ack.deliverPort : ack.reportPort,
    hello: encodePacket('BIND', { ...fields, CERT_KEY: ack.certKey, TYPE, KIND: kind }),
    helloAck: 'BIND_ACK',
    accepts: ['BIND_ACK', kind === 'DLV' ? 'DELIVER_ACK' : 'REPORT', 'LINK_ACK', 'EVENT'],
    cipher: key === undefined ? undefined : createBodyCipher(key),
  });
}
