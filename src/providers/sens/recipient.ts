/** A recipient as SENS wants it: country code and digits apart. Whether a country is served is for SENS to say. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { fromE164 } from '../../korean/phone-number.ts';

export interface Recipient {
  readonly countryCode: string;
  /** Korea: with the leading zero. Abroad: the national number, which has no trunk prefix in E.164. */
  readonly to: string;
}

/** From national digits of a Korean mobile, or E.164; undefined where it is neither. */
export function recipientOf(to: string): Recipient | undefined {
  if (!to.startsWith('+')) return /^\d{8,12}$/.test(to) ? { countryCode: '82', to } : undefined;
  if (to.startsWith('+82')) {
    const national = fromE164(to);
    return national === undefined ? undefined : { countryCode: '82', to: national };
  }
  const number = parsePhoneNumberFromString(to);
  if (number?.isValid() !== true || number.number !== to) return undefined;
  return { countryCode: number.countryCallingCode, to: number.nationalNumber };
}
