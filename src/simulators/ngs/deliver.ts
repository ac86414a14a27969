/**
 * A DELIVER, read from its raw bytes and judged field by field by the NGS document (2.0.1, section 4.3). Stateless:
 * how fast it came, and what becomes of it, is judged elsewhere.
 */
import { checkContent, type NgsContent, RULES, type TpsClass } from './content.ts';
import type { NgsAccount } from './credentials.ts';
import { readMedia } from './media.ts';
import { type NgsRefusal, NgsRefused } from './results.ts';
import { decodeText } from './text.ts';
import { DELIVER, DELIVER_BYTES, KAKAO_DELIVER, NgsViolation, readFields } from './wire.ts';

/** Section 4.3: which EXTENTION an EXT_SIZE announces, for partners who have agreed upon it. */
const EXTENTIONS = { '10': 'DPT_CODE', '16': 'NAT_CODE' } as const;
export type Extention = (typeof EXTENTIONS)[keyof typeof EXTENTIONS];

export interface ReadDeliver {
  readonly msgType: string;
  readonly to: string;
  readonly from: string;
  readonly encoding: string;
  readonly serial: string;
  readonly senderCode: string;
  /** To go back in the ACK, byte for byte. */
  readonly raw: { readonly DA_ADDR: Buffer; readonly SERIAL: Buffer };
  readonly verdict:
    | { readonly ok: true; readonly tpsClass: TpsClass; readonly content: NgsContent }
    /** A value that the document forbids: answered with its code, and not taken. */
    | { readonly ok: false; readonly refusal: NgsRefusal };
}

/** Throws NgsViolation where the packet itself is wrong, so that nothing in it can be trusted or answered. */
export function readDeliver(body: Buffer, account: NgsAccount, agreed: readonly Extention[]): ReadDeliver {
  const msgType = readFields({ MSGTYPE: DELIVER.MSGTYPE }, body).MSGTYPE.toString('latin1');
  const rules = Object.hasOwn(RULES, msgType) ? RULES[msgType] : undefined;
  const isKakao = rules?.tpsClass === 'kakao';
  const fields: Readonly<Record<string, Buffer>> = readFields(isKakao ? KAKAO_DELIVER : DELIVER, body);
  const bytesOf = (name: string): Buffer => fields[name] ?? Buffer.alloc(0);
  const value = (name: string): string => bytesOf(name).toString('latin1');
  if (!/^[0-9A-Za-z]{1,19}$/.test(value('SERIAL'))) {
    throw new NgsViolation('SERIAL is not 1 to 19 digits and letters.');
  }

  function judge(): ReadDeliver['verdict'] {
    if (rules === undefined) {
      const later = ['s', 'l', 'm'].includes(msgType);
      throw new NgsRefused('E_INVALID_MSGTYPE', later ? `MSGTYPE ${msgType} is for later` : 'MSGTYPE is unknown');
    }
    checkAddresses(value, account);
    if (!['0', '1'].includes(value('ENCODING'))) {
      throw new NgsRefused('E_INVALID_ENCODING', 'ENCODING is neither 0 nor 1');
    }
    if (!/^\d{9}$/.test(value('SENDER_CODE'))) {
      throw new NgsRefused('E_INVALID_SENDER_CODE', 'SENDER_CODE is not 9 digits');
    }
    if (!/^[0-4]$/.test(value('MEDIACNT'))) throw new NgsRefused('E_INVALID_MEDIA', 'MEDIACNT is not 0 to 4');
    const behind = body.subarray(DELIVER_BYTES);
    const extention = readExtention(value('EXT_SIZE'), behind, agreed);
    const media = readMedia(Number(value('MEDIACNT')), behind.subarray(Number(value('EXT_SIZE'))));
    const content = checkContent(msgType, rules, bytesOf, media);
    return {
      ok: true,
      tpsClass: rules.tpsClass,
      content: { ...content, ...(extention !== undefined && { extention }) },
    };
  }

  return {
    msgType,
    to: value('DA_ADDR'),
    from: value('CALLBACK'),
    encoding: value('ENCODING'),
    serial: value('SERIAL'),
    senderCode: value('SENDER_CODE'),
    raw: { DA_ADDR: bytesOf('DA_ADDR'), SERIAL: bytesOf('SERIAL') },
    verdict: refusedOr(judge),
  };
}

function refusedOr(judge: () => ReadDeliver['verdict']): ReadDeliver['verdict'] {
  try {
    return judge();
  } catch (fault) {
    if (!(fault instanceof NgsRefused)) throw fault;
    return { ok: false, refusal: fault.refusal };
  }
}

function checkAddresses(value: (name: string) => string, account: NgsAccount): void {
  if (!/^01[016789]\d{7,8}$/.test(value('DA_ADDR'))) {
    throw new NgsRefused('E_INVALID_DA_ADDR', 'DA_ADDR is no mobile number in digits');
  }
  if (!/^\d+$/.test(value('CALLBACK'))) throw new NgsRefused('E_INVALID_CALLBACK', 'CALLBACK is not in digits');
  if (!account.registeredNumbers.includes(value('CALLBACK'))) {
    throw new NgsRefused('E_INVALID_CALLBACK', 'CALLBACK is not registered');
  }
}

function readExtention(size: string, behind: Buffer, agreed: readonly Extention[]): NgsContent['extention'] {
  if (size === '0') return undefined;
  const name = Object.hasOwn(EXTENTIONS, size) ? EXTENTIONS[size as keyof typeof EXTENTIONS] : undefined;
  if (name === undefined) throw new NgsRefused('E_INVALID_EXT_SIZE', 'EXT_SIZE is none of 0, 10 and 16');
  if (!agreed.includes(name)) throw new NgsRefused('E_INVALID_EXT_SIZE', `${name} was not agreed upon`);
  if (behind.length < Number(size)) throw new NgsRefused('E_INVALID_EXT_SIZE', 'EXTENTION is shorter than EXT_SIZE');
  const bytes = readFields({ [name]: Number(size) }, behind)[name] ?? Buffer.alloc(0);
  const text = decodeText(bytes, '0');
  if (text === undefined || text === '') throw new NgsRefused('E_INVALID_EXT_SIZE', `${name} holds no text`);
  return { [name]: text };
}
