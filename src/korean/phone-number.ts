/**
 * Korean numbers as national digits: mobiles that can receive a text, and the forms that a caller number may have
 * (the numbering plan, and what relays register). Not whether a number exists, nor whether a caller number is registered to anybody.
 */

/** Longer than any number with its separators; keeps what a caller may make us read short. */
const MAX_TEXT_LENGTH = 32;

// 010-1 is not assigned today, but it is what every example shows (010-1234-5678, the contract's own too): as a
// recipient it passes, and the carrier says what it is. As a caller number it is refused, since relays refuse to register it.
const MOBILE = /^01(?:0[1-9]\d{7}|[16789]\d{7,8})$/;

const CALLBACK_FORMS: readonly RegExp[] = [
  // 011 and its kin are nearly extinct: valid recipients, but relays register none of them as a caller.
  /^010[2-9]\d{7}$/,
  // An area code is never followed by a representative number or by another leading zero.
  /^02(?!0|1[568]\d{6}$)\d{7,8}$/,
  /^0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4])(?!0|1[568]\d{6}$)\d{7,8}$/,
  /^070[2-9]\d{7}$/,
  /^080\d{7,8}$/,
  /^050\d{8,9}$/,
  /^1[568]\d{6}$/,
];

/** National digits (01012345678) of a mobile in any usual form, or undefined. */
export function parseKoreanMobile(text: string): string | undefined {
  const national = nationalDigits(text);
  return national !== undefined && MOBILE.test(national) ? national : undefined;
}

/** National digits (15880000, 0212345678) of a number in a form that may be registered as a caller, or undefined. */
export function parseCallbackNumber(text: string): string | undefined {
  const national = nationalDigits(text);
  return national !== undefined && CALLBACK_FORMS.some((form) => form.test(national)) ? national : undefined;
}

/** @throws RangeError for 15xx, 16xx and 18xx, which have no international form. */
export function toE164(national: string): string {
  if (!/^0[1-9]\d{6,10}$/.test(national))
    throw new RangeError('Only a national number with a leading zero has an E.164 form.');
  return `+82${national.slice(1)}`;
}

/** National digits of a Korean number in E.164, or undefined. */
export function fromE164(text: string): string | undefined {
  const match = /^\+82([1-9]\d{6,10})$/.exec(text);
  return match === null ? undefined : `0${match[1]}`;
}

function nationalDigits(text: string): string | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined;
  const bare = text.replace(/[-. ()]/g, '');
  // `+82 (0)10 …` is written often, and can mean nothing else.
  const national = bare.replace(/^(?:\+82|0082|82)0?(?=[1-9])/, '0');
  return /^\d{8,12}$/.test(national) ? national : undefined;
}
