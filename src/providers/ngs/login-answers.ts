/** Reads what the server answers to CERT and BIND, and the limits of EVENT 1; undefined where it is not as documented. */
import type { FieldValues } from './packets.ts';

export interface CertAck {
  readonly host: string;
  readonly certKey: string;
  readonly deliverPort: number;
  readonly reportPort: number;
}

/** Messages a second, by class (NGS 2.0.1, section 4.2). */
export interface TpsLimits {
  readonly smsTps: number;
  readonly mmsTps: number;
  readonly kakaoTps: number;
}

/** To be read only where RESULT is OK: otherwise SERVER_IP is a reason and the ports are empty. */
export function readCertAck(fields: FieldValues<'CERT_ACK'>): CertAck | undefined {
  const deliverPort = readPort(fields.DELIVER_PORT);
  const reportPort = readPort(fields.REPORT_PORT);
  const host = /^[A-Za-z0-9.:-]+$/.test(fields.SERVER_IP) ? fields.SERVER_IP : undefined;
  // It goes back in BIND as it came, so it must be what BIND can carry.
  const certKey = /^[!-~]{1,64}$/.test(fields.CERT_KEY) ? fields.CERT_KEY : undefined;
  if (host === undefined || certKey === undefined || deliverPort === undefined || reportPort === undefined) {
    return undefined;
  }
  return { host, certKey, deliverPort, reportPort };
}

export function readLimits(fields: FieldValues<'BIND_ACK'>): TpsLimits | undefined {
  return toLimits([fields.SMS_TPS, fields.MMS_TPS, fields.KKO_TPS]);
}

/** `80,30,30` (section 4.5). */
export function readEventLimits(data: string): TpsLimits | undefined {
  return toLimits(data.split(','));
}

function toLimits(texts: readonly string[]): TpsLimits | undefined {
  const [smsTps, mmsTps, kakaoTps, ...more] = texts.map(readTps);
  if (smsTps === undefined || mmsTps === undefined || kakaoTps === undefined || more.length > 0) return undefined;
  return { smsTps, mmsTps, kakaoTps };
}

function readTps(text: string): number | undefined {
  return /^[0-9]{1,4}$/.test(text.trim()) ? Number(text) : undefined;
}

function readPort(text: string): number | undefined {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
