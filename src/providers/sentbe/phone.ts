/** A phone number as Sentbe wants it: the country by ISO alpha-2, and the number as it is written there. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { fromE164 } from '../../korean/phone-number.ts';

export interface SentbePhone {
  readonly phone_country_code: string;
  readonly phone_number: string;
}

/** Two digits of Seoul, four of 050x, else three; then a part of three or four, and four. */
const koreanForm = /^(02|050\d|0\d\d)(\d{3,4})(\d{4})$/;

/**
 * From national digits of a Korean number or E.164; undefined where it is neither. Korean numbers with hyphens as in
 * all samples (010-3369-1481); abroad the digits as dialled within the country, which is our assumption: no sample has one.
 */
export function phoneOf(phone: string): SentbePhone | undefined {
  const korean = phone.startsWith('+') ? fromE164(phone) : phone;
  if (korean !== undefined) {
    const parts = koreanForm.exec(korean)?.slice(1);
    return parts && { phone_country_code: 'KR', phone_number: parts.join('-') };
  }
  const number = parsePhoneNumberFromString(phone);
  if (number?.country === undefined || !number.isValid()) return undefined;
  return { phone_country_code: number.country, phone_number: number.formatNational().replace(/\D/g, '') };
}
