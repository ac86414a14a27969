/**
 * A partner of NGS made of bytes: it writes what it is told, right or wrong, and keeps what comes back. It knows no
 * codec of ours, and never answers by itself.
 */
import { createCipheriv, createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import iconv from 'iconv-lite';
import { until } from './until.ts';

export const ACCOUNT = { id: 'testid', password: 'testpwd' };
export const pad = (text: string, size: number): Buffer => {
  const field = Buffer.alloc(size);
  iconv.encode(text, 'cp949').copy(field);
  return field;
};

export function packet(headType: string, fields: readonly (readonly [text: string | Buffer, size: number])[]): Buffer {
  const body = Buffer.concat(fields.map(([text, size]) => (typeof text === 'string' ? pad(text, size) : text)));
  return Buffer.concat([pad(headType, 4), pad(String(body.length), 10), body]);
}

export function passwordField(password: string, keypos: number): string {
  const hash = createHash('sha256').update(password).digest('hex');
  const key = pad(hash.substring(keypos, Math.min(keypos + 32, 64)), 32);
  const cipher = createCipheriv('aes-256-cbc', key, '\0'.repeat(16));
  return cipher.update(hash, 'utf8', 'base64') + cipher.final('base64');
}

export interface CertFields {
  id?: string;
  pwd?: string;
  version?: string;
  keypos?: string;
}
export const certPacket = (changes: CertFields = {}) =>
  packet('0', [
    [changes.id ?? ACCOUNT.id, 20],
    [changes.pwd ?? passwordField(ACCOUNT.password, Number(changes.keypos ?? 12)), 110],
    [changes.version ?? 'TV_2.0.1', 15],
    [changes.keypos ?? '12', 4],
  ]);

export const bindPacket = (kind: string, certKey: string, changes: CertFields & { type?: string } = {}) =>
  packet('11', [
    [changes.id ?? ACCOUNT.id, 20],
    [changes.pwd ?? passwordField(ACCOUNT.password, Number(changes.keypos ?? 12)), 110],
    [certKey, 65],
    [changes.type ?? 'p', 2],
    [kind, 4],
    [changes.version ?? 'TV_2.0.1', 15],
    [changes.keypos ?? '12', 4],
  ]);

export interface DeliverFields {
  msgType?: string;
  to?: string;
  from?: string;
  encoding?: string;
  text?: string | Buffer;
  serial?: string;
  senderCode?: string;
  mediaCnt?: string;
  extSize?: string;
  tail?: Buffer;
}
export const deliverPacket = (changes: DeliverFields = {}) =>
  packet('21', [
    [changes.msgType ?? 'S', 2],
    [changes.to ?? '01020001234', 20],
    [changes.from ?? '15880000', 20],
    [changes.encoding ?? '0', 2],
    [changes.text ?? 'SMS 테스트 발송 입니다.', 141],
    [changes.serial ?? '202112310012345', 20],
    [changes.senderCode ?? '101280092', 10],
    [changes.mediaCnt ?? '0', 2],
    [changes.extSize ?? '0', 4],
    [changes.tail ?? Buffer.alloc(0), 0],
  ]);

export const LINK = packet('41', []);

interface Answer {
  /** Rises with each arrival on any line. */
  readonly arrival: number;
  readonly headType: string;
  readonly body: Buffer;
  /** The field at an offset of the body, up to its first NUL. */
  text(offset: number, size: number): string;
}

export interface RawPeer {
  readonly socket: Socket;
  readonly answers: readonly Answer[];
  readonly closed: boolean;
  write(bytes: Buffer): void;
  /** Answers in order, each handed out once. Rejects where the line ends first. */
  next(): Promise<Answer>;
  whenClosed(): Promise<void>;
}

const textOf = (bytes: Buffer) => iconv.decode(bytes, 'cp949').replace(/\0.*$/s, '');

let arrivals = 0;

export async function dial(port: number): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1');
  const answers: Answer[] = [];
  let held = Buffer.alloc(0);
  let closed = false;
  let handedOut = 0;
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 14) {
      const end = 14 + Number(textOf(held.subarray(4, 14)));
      if (held.length < end) return;
      const body = held.subarray(14, end);
      arrivals += 1;
      answers.push({
        arrival: arrivals,
        headType: textOf(held.subarray(0, 4)),
        body,
        text: (offset, size) => textOf(body.subarray(offset, offset + size)),
      });
      held = held.subarray(end);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    closed = true;
  });
  await until(() => !socket.connecting);
  return {
    socket,
    answers,
    get closed() {
      return closed;
    },
    write: (bytes) => {
      socket.write(bytes);
    },
    async next() {
      const index = handedOut;
      handedOut += 1;
      await until(() => answers.length > index || closed);
      const answer = answers[index];
      if (answer === undefined) throw new Error('The line ended before an answer came.');
      return answer;
    },
    whenClosed: () => until(() => closed),
  };
}

export interface Certificate {
  readonly certKey: string;
  readonly deliverPort: number;
  readonly reportPort: number;
}

export async function certify(port: number): Promise<Certificate> {
  const line = await dial(port);
  line.write(certPacket());
  const ack = await line.next();
  line.socket.end();
  if (ack.headType !== '1' || ack.text(0, 4) !== '0') throw new Error(`CERT was refused: ${ack.text(69, 40)}`);
  return { certKey: ack.text(4, 65), deliverPort: Number(ack.text(109, 8)), reportPort: Number(ack.text(117, 8)) };
}

/** Both sessions, bound. */
export async function logIn(port: number): Promise<{ dlv: RawPeer; rep: RawPeer; certificate: Certificate }> {
  const certificate = await certify(port);
  const dlv = await dial(certificate.deliverPort);
  dlv.write(bindPacket('DLV', certificate.certKey));
  const rep = await dial(certificate.reportPort);
  rep.write(bindPacket('REP', certificate.certKey));
  for (const line of [dlv, rep]) {
    const ack = await line.next();
    if (ack.headType !== '12' || ack.text(0, 4) !== '0') throw new Error(`BIND was refused: ${ack.text(19, 40)}`);
  }
  return { dlv, rep, certificate };
}
