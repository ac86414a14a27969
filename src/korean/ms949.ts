/**
 * MS949 (cp949, what Korean carriers really take under the name EUC-KR): bytes of a text, and what stands in their way.
 * Pure functions over one table, built once from iconv-lite. No limits of any provider, no padding of fields.
 */
import iconv from 'iconv-lite';

export interface UnencodableCharacter {
  /** In UTF-16 units of the normalised text. */
  readonly index: number;
  readonly character: string;
  /** `U+20A9`. */
  readonly codePoint: string;
  readonly suggestion?: string;
}

/** UTF-16 unit -> its byte, or its two bytes as a big-endian number; 0 where there is none (and for NUL itself). */
const BYTES_BY_UNIT = buildTable();

/** Enough to mend a text by; every further one costs a segmentation on the main loop. */
const MAX_REPORTED = 100;
/** A longer cluster is a stack of marks, not a character that somebody would recognise. */
const MAX_GRAPHEME_UNITS = 32;

const SUBSTITUTES: ReadonlyMap<string, string> = new Map([
  ['\u20A9', '\uFFE6'], // won sign: only the full-width one is in the set (checked with iconv-lite 0.7)
  ['\u00A5', '\uFFE5'],
  ['\u00A2', '\uFFE0'],
  ['\u00A3', '\uFFE1'],
  ['\u00A6', '|'],
  ['\u00A9', '(C)'],
  ['\u00AB', '《'],
  ['\u00BB', '》'],
  ['\u2039', '〈'],
  ['\u203A', '〉'],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2012', '-'],
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2212', '-'],
  ['\u2043', '-'],
  ['\u301C', '\uFF5E'],
  ['\u2022', '·'],
  ['\u2027', '·'],
  ['\u2219', '·'],
  ['\u22C5', '·'],
  ['\u30FB', '·'],
  ['\u2044', '/'],
  ['\u201A', ','],
  ['\u201B', '‘'],
  ['\u201E', '“'],
  ['\u201F', '“'],
  ['\u02BC', '’'],
  ['\u02BB', '‘'],
  ['\u2713', 'V'],
  ['\u2714', 'V'],
  ['\u2764', '♥'],
  ['\u2B50', '★'],
  ['\u25AA', '■'],
  ['\u25AB', '□'],
  ['\u25FE', '■'],
  ['\u25FD', '□'],
  ['\u000B', '\n'],
  ['\u000C', '\n'],
  ['\u0085', '\n'],
  ['\u2028', '\n'],
  ['\u2029', '\n'],
]);

const SURROGATE = /\p{Cs}/u;
const UNSENDABLE = /(?![\n\t])[\p{Cs}\p{Cc}]/gu;
const SPACE = /^\p{Zs}$/u;
/** Marks, joiners, variation selectors and controls: nothing is lost to the eye when they go. */
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u115F\u1160\uFFA0]$/u;

const graphemes = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** False where half of a surrogate pair stands alone: such a text has no bytes of its own in UTF-8. */
export function isWellFormed(text: string): boolean {
  return !SURROGATE.test(text);
}

/** NFC and LF line ends: the form in which a text is stored, compared, counted and sent. */
export function normaliseText(text: string): string {
  return keepEncodable(text.normalize('NFC').replace(/\r\n?/g, '\n'));
}

/**
 * The bytes of a text. Control characters pass: they are characters of the set, and whether they may be sent is for
 * `unencodableCharacters` to say.
 * @throws RangeError on a character outside MS949; nothing is ever replaced by `?`.
 */
export function encodeMs949(text: string): Uint8Array {
  const bytes = new Uint8Array(ms949ByteLength(text));
  writeMs949(text, bytes, 0);
  return bytes;
}

/**
 * Writes the text at `offset` and answers how many bytes that took.
 * @throws RangeError on a character outside MS949, or where the target is too short; a part may then be written.
 */
export function writeMs949(text: string, target: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      target[at] = unit;
      at += 1;
      continue;
    }
    const pair = BYTES_BY_UNIT[unit] ?? 0;
    if (pair === 0) throw new RangeError(`MS949 has no ${codePointName(text.codePointAt(index) ?? unit)}.`);
    target[at] = pair >> 8;
    target[at + 1] = pair & 0xff;
    at += 2;
  }
  if (at > target.length) throw new RangeError(`The text needs ${at - offset} bytes at ${offset} of ${target.length}.`);
  return at - offset;
}

/** Bytes that the text takes; a character outside MS949 counts 2, as whatever replaces it most likely will. */
export function ms949ByteLength(text: string): number {
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) length += 1;
    else if (!(isLowSurrogate(unit) && isHighSurrogate(text.charCodeAt(index - 1)))) length += 2;
  }
  return length;
}

/** Bytes that are no MS949 become U+FFFD: what a peer sends never throws. */
export function decodeMs949(bytes: Uint8Array): string {
  return iconv.decode(bytes, 'cp949');
}

/** True where a receiver that knows only strict EUC-KR (KS X 1001, 2,350 of the 11,172 syllables) shows it too. */
export function fitsKsx1001(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    const pair = BYTES_BY_UNIT[unit] ?? 0;
    if (pair >> 8 < 0xa1 || (pair & 0xff) < 0xa1) return false;
  }
  return true;
}

/**
 * What a carrier cannot take, in order: characters outside MS949 and control characters other than LF and TAB (NUL would
 * end an NGS field). An emoji or a letter with its marks is one character, as the eye counts; the first 100 only.
 */
export function unencodableCharacters(normalised: string): UnencodableCharacter[] {
  const found: UnencodableCharacter[] = [];
  let reportedTo = 0;
  for (let index = 0; index < normalised.length && found.length < MAX_REPORTED; ) {
    if (isSendable(normalised.charCodeAt(index))) {
      index += 1;
      continue;
    }
    // Between what was reported last and here all is encodable, and of that only the last can be part of this grapheme.
    const from = Math.max(reportedTo, index - 1);
    const grapheme = graphemes.segment(normalised.slice(from, index + 2 * MAX_GRAPHEME_UNITS)).containing(index - from);
    const isWhole = grapheme !== undefined && grapheme.segment.length <= MAX_GRAPHEME_UNITS;
    const start = isWhole ? from + grapheme.index : index;
    const character = isWhole ? grapheme.segment : String.fromCodePoint(normalised.codePointAt(index) ?? 0);
    const suggestion = suggest(character);
    found.push({
      index: start,
      // A lone surrogate has no form in UTF-8, so it could not be shown to anyone.
      character: SURROGATE.test(character) ? '\uFFFD' : character,
      codePoint: Array.from(character, (part) => codePointName(part.codePointAt(0) ?? 0)).join(' '),
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    index = start + character.length;
    reportedTo = index;
  }
  return found;
}

/** What UTF-8 cannot carry, or a handset cannot show: lone surrogates, and control characters other than LF and TAB. */
export function unsendableCharacters(normalised: string): UnencodableCharacter[] {
  return Array.from(normalised.matchAll(UNSENDABLE), ({ 0: character, index }) => ({
    index,
    character: SURROGATE.test(character) ? '\uFFFD' : character,
    codePoint: codePointName(character.codePointAt(0) ?? 0),
  })).slice(0, MAX_REPORTED);
}

function suggest(grapheme: string): string | undefined {
  const parts = Array.from(grapheme);
  let suggestion = '';
  for (const part of parts) {
    const substitute = substituteFor(part);
    if (substitute === undefined) return undefined;
    suggestion += substitute;
  }
  return suggestion;
}

function substituteFor(character: string): string | undefined {
  if (isSendableText(character)) return character;
  const listed = SUBSTITUTES.get(character);
  if (listed !== undefined) return isSendableText(listed) ? listed : undefined;
  if (SPACE.test(character)) return ' ';
  if (INVISIBLE.test(character)) return '';
  // The compatibility form without its marks: é -> e, µ -> μ, ﬁ -> fi.
  const plain = keepEncodable(
    character
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .normalize('NFC'),
  );
  return plain !== '' && isSendableText(plain) ? plain : undefined;
}

/**
 * Three characters of KS X 1001 stand in Unicode's compatibility area, and NFC turns each into one that MS949 lacks
 * (found by comparing the whole plane); this turns them back into the canonically equal one that it has.
 */
function keepEncodable(composed: string): string {
  return composed.replace(/[\u00C5\u90CE\u96B8]/g, (character) => {
    if (character === '\u00C5') return '\u212B';
    return character === '\u90CE' ? '\uF92C' : '\uF9B8';
  });
}

function isSendable(unit: number): boolean {
  if (unit < 0x20) return unit === 0x0a || unit === 0x09;
  return unit !== 0x7f && BYTES_BY_UNIT[unit] !== 0;
}

function isSendableText(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (!isSendable(text.charCodeAt(index))) return false;
  return true;
}

function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function buildTable(): Uint16Array {
  const table = new Uint16Array(0x10000);
  let plane = '';
  for (let unit = 0; unit < 0x10000; unit += 1)
    plane += unit >= 0xd800 && unit < 0xe000 ? '?' : String.fromCharCode(unit);
  const bytes = iconv.encode(plane, 'cp949');
  let at = 0;
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      // iconv-lite writes `?` for what it cannot encode, silently (checked with iconv-lite 0.7).
      if (unit < 0x80) table[unit] = first;
      at += 1;
    } else {
      table[unit] = (first << 8) | (bytes[at + 1] ?? 0);
      at += 2;
    }
  }
  return table;
}
