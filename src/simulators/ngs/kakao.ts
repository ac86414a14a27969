/** The Kakao block in the place of TEXT, and the JSON of the buttons (NGS 2.0.1, section 4.3). */
import type { JsonValue } from '../ledger.ts';
import type { Media } from './media.ts';
import { NgsRefused } from './results.ts';
import { decodeText } from './text.ts';

const ENCODING_UTF8 = '1';

export type KakaoInfo = {
  readonly senderKey: string;
  readonly template: string;
  readonly method: string;
  readonly failover: string;
  readonly title: string;
};

const refused = (reason: string) => new NgsRefused('E_INVALID_KAKAO_INFO', reason);

export function readKakaoInfo(msgType: string, field: (name: string) => Buffer): KakaoInfo {
  const value = (name: string) => field(name).toString('latin1');
  if (!/^[0-9A-Za-z]{1,40}$/.test(value('SENDERKEY'))) throw refused('SENDERKEY is not 1 to 40 digits and letters');
  const isAlimTalk = msgType === 'A' || msgType === 'a';
  const template = value('TEMPLATE');
  if (isAlimTalk && !/^[\x21-\x7e]+$/.test(template)) throw refused('TEMPLATE is missing or no code');
  if (!isAlimTalk && template !== '') throw refused('TEMPLATE is only for AlimTalk');
  // p is the default, so the field may stay empty.
  const method = value('METHOD') === '' ? 'p' : value('METHOD');
  if (!['p', 'r', 'P'].includes(method)) throw refused('METHOD is none of p, r and P');
  if (!/^[0-3]$/.test(value('FAILOVER'))) throw refused('FAILOVER is not 0 to 3');
  const title = decodeText(field('TITLE'), value('ENCODING'));
  if (title === undefined) throw refused('TITLE is not in its ENCODING');
  return { senderKey: value('SENDERKEY'), template, method, failover: value('FAILOVER'), title };
}

/** Its annex is not public: all that is known is button_cnt and button1, button2 and so on. */
export function checkButtons(media: Media | undefined): JsonValue | undefined {
  if (media === undefined) return undefined;
  const wrong = (reason: string) => new NgsRefused('E_INVALID_MEDIA', `MTYPE 13 ${reason}`);
  if (media.encoding !== ENCODING_UTF8) throw wrong('has an ENCODING other than 1');
  const text = decodeText(media.bytes, ENCODING_UTF8);
  if (text === undefined) throw wrong('is not in UTF-8');
  let json: JsonValue;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong('is no JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong('is no JSON object');
  const members = Object.entries(json);
  const numbers = members.flatMap(([name]) => /^button([1-9]\d*)$/.exec(name)?.[1] ?? []).map(Number);
  const count = members.find(([name]) => name === 'button_cnt')?.[1] ?? 0;
  if (count !== numbers.length) throw wrong(`has ${numbers.length} buttons, and button_cnt says otherwise`);
  if (numbers.some((number) => number > numbers.length)) throw wrong('does not number its buttons from 1 on');
  return json;
}
