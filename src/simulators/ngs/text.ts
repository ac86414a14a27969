/** Text as NGS carries it: MS949 under ENCODING 0 (which the document calls EUC-KR), UTF-8 under 1. */
import iconv from 'iconv-lite';

/** Undefined where the bytes are not text in that encoding: proven by encoding them back. */
export function decodeText(bytes: Buffer, encoding: string): string | undefined {
  const charset = encoding === '1' ? 'utf8' : 'cp949';
  const text = iconv.decode(bytes, charset, { stripBOM: false });
  return iconv.encode(text, charset).equals(bytes) ? text : undefined;
}

/** What it takes as an SMS, LMS or MMS. A character that MS949 lacks counts as the `?` that it becomes. */
export const ms949Bytes = (text: string): number => iconv.encode(text, 'cp949').length;
