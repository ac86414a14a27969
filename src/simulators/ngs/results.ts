/**
 * Result codes of the NGS simulator. Only 0 = E_OK is public, and five names (2.0.1, section 7); every other number
 * and name here is provisional and stands for nothing at Hanjin.
 */
export const NGS_RESULT_CODES = {
  E_OK: '0',
  E_SYS_FAIL: '16',
  E_SYS_BUSY: '17',
  E_NET_FAIL: '18',
  E_TPS_OVER: '19',
  E_INVALID_MSGTYPE: '20',
  E_INVALID_DA_ADDR: '21',
  E_INVALID_CALLBACK: '22',
  E_INVALID_ENCODING: '23',
  E_INVALID_TEXT: '24',
  E_INVALID_SENDER_CODE: '25',
  E_INVALID_MEDIA: '26',
  E_INVALID_EXT_SIZE: '27',
  E_INVALID_KAKAO_INFO: '28',
  E_NO_SUBSCRIBER: '30',
  E_KAKAO_FAIL: '31',
  E_INVALID_PACKET: '90',
  E_INVALID_ACCOUNT: '91',
  E_INVALID_VERSION: '92',
  E_INVALID_KEYPOS: '93',
  E_CERT_TOO_OFTEN: '94',
  E_INVALID_CERT_KEY: '95',
  E_INVALID_KIND: '96',
  E_INVALID_TYPE: '97',
} as const;

export type NgsResultName = keyof typeof NGS_RESULT_CODES;
export type NgsResultCodes = Readonly<Record<NgsResultName, string>>;

export interface NgsRefusal {
  readonly result: NgsResultName;
  readonly reason: string;
}

export const refusal = (result: NgsResultName, reason: string): NgsRefusal => ({ result, reason });

/** Thrown out of the depths of a DELIVER, which is then answered with the code and not taken. */
export class NgsRefused extends Error {
  readonly refusal: NgsRefusal;
  constructor(result: NgsResultName, reason: string) {
    super(reason);
    this.name = 'NgsRefused';
    this.refusal = refusal(result, reason);
  }
}

/** A name of the table as its number; anything else as it stands. */
export const resultCode = (codes: NgsResultCodes, nameOrCode: string): string =>
  Object.hasOwn(codes, nameOrCode) ? codes[nameOrCode as NgsResultName] : nameOrCode;
