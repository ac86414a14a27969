/**
 * Looks through a write-ahead log of SQLite for damage, before SQLite opens it: SQLite takes the first frame whose
 * checksum fails for the end and drops all behind it without a word. Only reads the file; tells, and mends nothing.
 * Format: https://www.sqlite.org/fileformat2.html, section 4.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The last bit says in which byte order the checksums read their words. */
const MAGIC_LITTLE_ENDIAN = 0x377f0682;
const MAGIC_BIG_ENDIAN = 0x377f0683;

type Sum = readonly [number, number];

interface Frame {
  /** Ends a transaction. */
  readonly isCommit: boolean;
  /** Written since the log last began anew: what is older has other salts. */
  readonly isCurrent: boolean;
}

interface WalHeader {
  readonly frameBytes: number;
  readonly littleEndian: boolean;
  readonly salts: Sum;
  readonly sum: Sum;
}

/** What is wrong with the log, or undefined where it is whole, absent, or merely ends in a commit that was cut short. */
export function findWalDamage(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return damageIn(file);
  } finally {
    closeSync(file);
  }
}

function damageIn(file: number): string | undefined {
  const { size } = fstatSync(file);
  // The header is synced before the first frame follows it.
  if (size <= HEADER_BYTES) return undefined;
  const header = readHeader(file);
  if (header === undefined) return holdsBytes(file, HEADER_BYTES, size) ? 'its header is broken' : undefined;

  const { frameBytes, littleEndian, salts } = header;
  const count = Math.floor((size - HEADER_BYTES) / frameBytes);
  const bytes = Buffer.alloc(frameBytes);
  const view = viewOf(bytes);

  const frameAt = (at: number, length: number): Frame => {
    readSync(file, bytes, 0, length, HEADER_BYTES + at * frameBytes);
    const isCurrent = view.getUint32(8) === salts[0] && view.getUint32(12) === salts[1];
    return { isCommit: view.getUint32(4) !== 0, isCurrent };
  };

  let sum = header.sum;
  for (let at = 0; at < count; at++) {
    const frame = frameAt(at, frameBytes);
    const before = checksum(view, 0, 8, littleEndian, sum);
    sum = checksum(view, FRAME_HEADER_BYTES, frameBytes, littleEndian, before);
    const isWhole = sum[0] === view.getUint32(16) && sum[1] === view.getUint32(20);
    if (isWhole && frame.isCurrent) continue;
    const finding = `frame ${at + 1} of ${count} is broken`;
    // A frame of an earlier log does not continue this one's checksum: its salts were written otherwise.
    if (isWhole) return finding;
    return isTornTail(at, frame) ? undefined : finding;
  }
  return undefined;

  /**
   * Every commit is synced before the next begins, so a power cut harms only the last one, of which each block may
   * or may not have arrived. Nearly every block carries the head of a frame: where all heads of it came, to its end,
   * the blocks came, and a frame broken before the last was broken later.
   */
  function isTornTail(broken: number, brokenFrame: Frame): boolean {
    let isHeadMissing = !brokenFrame.isCurrent;
    let end = brokenFrame.isCurrent && brokenFrame.isCommit ? broken : undefined;
    for (let at = broken + 1; at < count; at++) {
      const { isCommit, isCurrent } = frameAt(at, FRAME_HEADER_BYTES);
      if (end !== undefined && isCurrent) return false;
      if (end === undefined && !isCurrent) isHeadMissing = true;
      if (isCurrent && isCommit) end = at;
    }
    return end === undefined || end === broken || isHeadMissing;
  }
}

/** Undefined where it is not one that SQLite wrote whole. */
function readHeader(file: number): WalHeader | undefined {
  const bytes = Buffer.alloc(HEADER_BYTES);
  readSync(file, bytes, 0, HEADER_BYTES, 0);
  const view = viewOf(bytes);
  const magic = view.getUint32(0);
  if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return undefined;
  const littleEndian = magic === MAGIC_LITTLE_ENDIAN;
  const sum = checksum(view, 0, 24, littleEndian, [0, 0]);
  if (sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) return undefined;
  const salts = [view.getUint32(16), view.getUint32(20)] as const;
  return { frameBytes: FRAME_HEADER_BYTES + view.getUint32(8), littleEndian, salts, sum };
}

/** Section 4.2 of the format: continues `sum` over an even number of words. */
function checksum(view: DataView, from: number, to: number, littleEndian: boolean, sum: Sum): Sum {
  let [first, second] = sum;
  for (let at = from; at < to; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}

/** Whether anything but zeros stands there. */
function holdsBytes(file: number, from: number, to: number): boolean {
  const bytes = Buffer.alloc(64 * 1024);
  for (let at = from; at < to; ) {
    const read = readSync(file, bytes, 0, bytes.length, at);
    if (read === 0) return false;
    if (bytes.subarray(0, read).some((byte) => byte !== 0)) return true;
    at += read;
  }
  return false;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
