/** Whom a message goes to: a Korean mobile as its national digits, or a number abroad in E.164. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { parseKoreanMobile } from '../../korean/phone-number.ts';

/** Undefined for what is neither, for Korean numbers that are no mobiles, and for numbers that can receive no text. */
export function parseRecipient(text: string): string | undefined {
  const korean = parseKoreanMobile(text);
  if (korean !== undefined || !text.trimStart().startsWith('+')) return korean;
  const number = parsePhoneNumberFromString(text);
  const type = number?.getType();
  const canReceive = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
  return number?.isValid() === true && canReceive && number.countryCallingCode !== '82' ? number.number : undefined;
}

export const isAbroad = (recipient: string): boolean => recipient.startsWith('+');
