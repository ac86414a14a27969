/**
 * What a packet costs on one core: our codec and session cipher beside the obvious ones (Buffer.concat with iconv-lite for
 * each field, a new cipher for each packet), in one run. By hand: `npx tsx bench/ngs-codec.ts`. Ratios travel between
 * machines; nanoseconds do not.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import iconv from 'iconv-lite';
import type { Submission } from '../src/core/provider.ts';
import { createBodyCipher, deriveKey } from '../src/providers/ngs/cipher.ts';
import { encodePacket, encryptFrame } from '../src/providers/ngs/codec.ts';
import { encodeDeliver } from '../src/providers/ngs/deliver.ts';
import { createFrameDecoder } from '../src/providers/ngs/frame-decoder.ts';
import { type FieldValues, PACKETS, type PacketName } from '../src/providers/ngs/packets.ts';

const ROUNDS = 9;
const PACKETS_A_ROUND = 50_000;

const sender = { senderCode: '101280092' };
const sms: Submission = {
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01020001234',
  from: '15880000',
  text: 'SMS 테스트 발송 입니다.',
};
const fields: FieldValues<'DELIVER'> = {
  MSGTYPE: 'S',
  DA_ADDR: sms.to,
  CALLBACK: sms.from,
  ENCODING: '0',
  TEXT: sms.text,
  SERIAL: '202112310012345',
  SENDER_CODE: sender.senderCode,
  MEDIACNT: '0',
  EXT_SIZE: '0',
};
const reportFields: FieldValues<'REPORT'> = {
  RESULT: '0',
  MESSAGE: 'K2103,TS',
  DA_ADDR: sms.to,
  SERIAL: fields.SERIAL,
  GWSERIAL: '220121140000164',
  SENDTIME: '20211231142201',
  TELCOINFO: 'SK',
};

const zeroIv = Buffer.alloc(16);
const key = deriveKey('testpwd', 12);
const deliver = Buffer.from(encodePacket('DELIVER', fields));
const ack = Buffer.from(encodePacket('DELIVER_ACK', { RESULT: '0', DA_ADDR: sms.to, SERIAL: fields.SERIAL }));
const report = Buffer.from(encodePacket('REPORT', reportFields));

function encodeByConcat(name: PacketName, values: Readonly<Record<string, string>>): Buffer {
  const parts = PACKETS[name].fields.map(({ name: field, size }) => {
    const bytes = iconv.encode(values[field] ?? '', 'cp949');
    return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
  });
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(14);
  header.write(PACKETS[name].headType);
  header.write(String(body.length), 4);
  return Buffer.concat([header, body]);
}

function decodeBySlices(name: PacketName, frame: Buffer): Record<string, string> {
  const values: Record<string, string> = {};
  let offset = 14;
  for (const { name: field, size } of PACKETS[name].fields) {
    values[field] = iconv.decode(frame.subarray(offset, offset + size), 'cp949').replace(/\0.*$/s, '');
    offset += size;
  }
  return values;
}

function encryptAlone(frame: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, zeroIv);
  const body = Buffer.concat([cipher.update(frame.subarray(14)), cipher.final()]);
  const header = Buffer.from(frame.subarray(0, 14)).fill(0, 4);
  header.write(String(body.length), 4);
  return Buffer.concat([header, body]);
}

function decryptAlone(body: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, zeroIv);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** Median nanoseconds a call. */
function time(run: () => unknown, calls = PACKETS_A_ROUND): number {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) run();
    // The first two warm up.
    if (round >= 2) rounds.push(Number(process.hrtime.bigint() - start) / calls);
  }
  return rounds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

const session = createBodyCipher(key);
const encrypted = Buffer.from(encryptFrame(deliver, session));
const plainDecoder = createFrameDecoder({ accepts: ['DELIVER', 'DELIVER_ACK', 'REPORT'] });
const copied = Buffer.alloc(deliver.length);

const same = [
  encodeByConcat('DELIVER', fields).equals(deliver),
  Buffer.from(encodeDeliver(sms, fields.SERIAL, sender)).equals(deliver),
  encryptAlone(deliver).equals(encrypted),
  Buffer.from(session.decrypt(encrypted.subarray(14)) ?? []).equals(decryptAlone(encrypted.subarray(14))),
];
if (same.includes(false)) throw new Error('The two do not make the same bytes: nothing to compare.');

const rows: readonly [string, () => unknown, (() => unknown)?][] = [
  ['copy 235 bytes (the limit)', () => copied.set(deliver)],
  ['encode DELIVER from its fields', () => encodePacket('DELIVER', fields), () => encodeByConcat('DELIVER', fields)],
  [
    'encode DELIVER from a submission',
    () => encodeDeliver(sms, fields.SERIAL, sender),
    () => encodeByConcat('DELIVER', fields),
  ],
  ['decode DELIVER', () => plainDecoder.push(deliver), () => decodeBySlices('DELIVER', deliver)],
  ['decode DELIVER_ACK', () => plainDecoder.push(ack), () => decodeBySlices('DELIVER_ACK', ack)],
  ['decode REPORT', () => plainDecoder.push(report), () => decodeBySlices('REPORT', report)],
  ['encrypt DELIVER, one cipher a session', () => encryptFrame(deliver, session), () => encryptAlone(deliver)],
  [
    'decrypt 224 bytes, one decipher a session',
    () => session.decrypt(encrypted.subarray(14)),
    () => decryptAlone(encrypted.subarray(14)),
  ],
];

const line = (...cells: readonly string[]) =>
  process.stdout.write(
    `| ${(cells[0] ?? '').padEnd(42)} | ${cells
      .slice(1)
      .map((cell) => cell.padStart(12))
      .join(' | ')} |\n`,
  );
line('', 'ours, ns', 'obvious, ns', 'ratio');
for (const [title, ours, obvious] of rows) {
  const oursNs = time(ours);
  const obviousNs = obvious === undefined ? undefined : time(obvious, PACKETS_A_ROUND / 5);
  const ratio = obviousNs === undefined ? '' : `${(obviousNs / oursNs).toFixed(1)}x`;
  line(title, oursNs.toFixed(0), obviousNs?.toFixed(0) ?? '', ratio);
}
