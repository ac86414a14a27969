/**
 * A partner of NGS made of bytes: it writes what it is told, right or wrong, and keeps what comes back. It knows no
 * codec of ours, and never answers by itself.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
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

const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');
const keyOf = (password: string, keypos: number): Buffer =>
  pad(hashOf(password).substring(keypos, Math.min(keypos + 32, 64)), 32);
const NO_IV = '\0'.repeat(16);

export function passwordField(password: string, keypos: number): string {
  const cipher = createCipheriv('aes-256-cbc', keyOf(password, keypos), NO_IV);
  return cipher.update(hashOf(password), 'utf8', 'base64') + cipher.final('base64');
}

/** The same packet with its body sealed, as a session of TYPE P has it. */
export function sealed(plain: Buffer, keypos = 12): Buffer {
  const cipher = createCipheriv('aes-256-cbc', keyOf(ACCOUNT.password, keypos), NO_IV);
  const body = Buffer.concat([cipher.update(plain.subarray(14)), cipher.final()]);
  return Buffer.concat([plain.subarray(0, 4), pad(String(body.length), 10), body]);
}

function opened(body: Buffer, keypos: number): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', keyOf(ACCOUNT.password, keypos), NO_IV);
  return Buffer.concat([decipher.update(body), decipher.final()]);
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
  /** What follows EXT_SIZE: EXTENTION and MEDIA. */
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

export type Attachment = readonly [mtype: string, encoding: string, content: string | Buffer];
const bytesOf = (content: string | Buffer, encoding: string): Buffer =>
  typeof content === 'string' ? iconv.encode(content, encoding === '1' ? 'utf8' : 'cp949') : content;

/** MEDIACNT and MEDIA. */
export const attached = (...attachments: readonly Attachment[]): DeliverFields => ({
  mediaCnt: String(attachments.length),
  tail: Buffer.concat(
    attachments.map(([mtype, encoding, content]) => {
      const bytes = bytesOf(content, encoding);
      return Buffer.concat([pad(mtype, 3), pad(encoding, 2), pad(String(bytes.length), 10), bytes]);
    }),
  ),
});

export interface KakaoFields {
  senderKey?: string;
  template?: string;
  method?: string;
  failover?: string;
  title?: string | Buffer;
}
/** The Kakao block in the place of TEXT. */
export const kakaoText = (changes: KakaoFields = {}): Buffer =>
  Buffer.concat([
    pad(changes.senderKey ?? 'cf1060fa976a7875eafae84083649af24f6ad3db', 41),
    pad(changes.template ?? 'temp_code_01', 31),
    pad(changes.method ?? 'p', 2),
    pad(changes.failover ?? '0', 2),
    typeof changes.title === 'object' ? changes.title : pad(changes.title ?? '', 65),
  ]);

export const LINK = packet('41', []);

interface Answer {
  /** Rises with each arrival on any line. */
  readonly arrival: number;
  readonly headType: string;
  /** What MsgLeng said. */
  readonly wireBytes: number;
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

/** With a KEYPOS, it opens the DELIVER_ACKs and REPORTs that come. */
export async function dial(port: number, keypos?: number): Promise<RawPeer> {
  const socket = connect(port, '127.0.0.1');
  const answers: Answer[] = [];
  let held = Buffer.alloc(0);
  let closed = false;
  let handedOut = 0;
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 14) {
      const end = 14 + Number(textOf(held.subarray(4, 14)));
      // A length that is none is never reached either.
      if (!(end >= 14 && held.length >= end)) return;
      const headType = textOf(held.subarray(0, 4));
      const isSealed = keypos !== undefined && ['22', '31'].includes(headType);
      const body = isSealed ? opened(held.subarray(14, end), keypos) : held.subarray(14, end);
      arrivals += 1;
      answers.push({
        arrival: arrivals,
        headType,
        wireBytes: end - 14,
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

/** Both sessions, bound; with a KEYPOS for each, in TYPE P. */
export async function logIn(
  port: number,
  keypos?: { readonly dlv: number; readonly rep: number },
): Promise<{ dlv: RawPeer; rep: RawPeer; certificate: Certificate }> {
  const certificate = await certify(port);
  const bind = (kind: string, its: number | undefined) =>
    bindPacket(kind, certificate.certKey, its === undefined ? {} : { type: 'P', keypos: String(its) });
  const dlv = await dial(certificate.deliverPort, keypos?.dlv);
  dlv.write(bind('DLV', keypos?.dlv));
  const rep = await dial(certificate.reportPort, keypos?.rep);
  rep.write(bind('REP', keypos?.rep));
  for (const line of [dlv, rep]) {
    const ack = await line.next();
    if (ack.headType !== '12' || ack.text(0, 4) !== '0') throw new Error(`BIND was refused: ${ack.text(19, 40)}`);
  }
  return { dlv, rep, certificate };
}

export const reportAckPacket = (serial: string, gwSerial: string, result = '0'): Buffer =>
  packet('32', [
    [result, 4],
    [serial, 20],
    [gwSerial, 16],
  ]);

/** RESULT and SERIAL of a DELIVER_ACK. */
export const ackOf = (answer: Answer): string[] => [answer.headType, answer.text(0, 4), answer.text(24, 20)];

export const reportOf = (answer: Answer) => ({
  headType: answer.headType,
  bytes: answer.body.length,
  result: answer.text(0, 4),
  message: answer.text(4, 15),
  to: answer.text(19, 20),
  serial: answer.text(39, 20),
  gwSerial: answer.text(59, 16),
  sendTime: answer.text(75, 15),
  telcoInfo: answer.text(90, 4),
});
