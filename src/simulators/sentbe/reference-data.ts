/**
 * The lists that Sentbe hands out: values of the samples where there are any (10305, 100001, 002, the occupations), made
 * up beyond them. At most 5 codes a country and method, which is one page.
 */
import { SentbeRefusal } from './envelope.ts';

interface RemittanceCode {
  readonly label: string;
  readonly label_ko?: string;
  readonly label_en?: string;
  readonly value: string;
}

export const BANKS: Readonly<Record<string, { readonly label: string }>> = {
  '002': { label: '산업은행' },
  '003': { label: '기업은행' },
  '004': { label: '국민은행' },
  '011': { label: '농협은행' },
  '020': { label: '우리은행' },
  '081': { label: 'KEB하나은행' },
  '088': { label: '신한은행' },
  '090': { label: '카카오뱅크' },
};

const LISTS = {
  often_send_country: ['PH', 'CN', 'VN', 'TH', 'JP', 'US'],
  occupation: ['factory_worker', 'housewife_husband', 'student', 'enterpreneur', 'company_employee', 'none'],
  transfer_purpose: ['saving', 'living_expenses', 'education', 'medical', 'gift'],
  funds_source: ['business_earnings', 'salary', 'savings', 'family_support'],
} as const;
export type ListType = keyof typeof LISTS;
export const LIST_TYPES = Object.keys(LISTS) as readonly ListType[];

/** @throws SentbeRefusal E0102 for a list that does not exist */
export function listOf(type: string): readonly string[] {
  if (!Object.hasOwn(LISTS, type)) throw new SentbeRefusal('E0102', type);
  return LISTS[type as ListType];
}

const METHODS = {
  bank: {
    PH: [
      { label: 'Banco de Oro', label_ko: '방코데오로', label_en: 'Banco de Oro', value: '10305' },
      { label: 'Metrobank', label_en: 'Metrobank', value: '10269' },
    ],
    CN: [{ label: '中国银联', label_ko: '중국은련', label_en: '중국은련', value: '100001' }],
    VN: [{ label: 'Vietcombank', label_en: 'Vietcombank', value: '20101' }],
    TH: [{ label: 'ธนาคารกรุงเทพ', label_ko: '방콕은행', label_en: 'Bangkok Bank', value: '30002' }],
    JP: [{ label: 'ゆうちょ銀行', label_ko: '유초은행', label_en: 'Japan Post Bank', value: '40009' }],
    US: [{ label: 'Bank of America', label_en: 'Bank of America', value: '50001' }],
    KR: Object.entries(BANKS)
      .slice(0, 5)
      .map(([value, { label }]) => ({ label, label_ko: label, value })),
  },
  pickup: { PH: [{ label: 'Cebuana Lhuillier', label_en: 'Cebuana Lhuillier', value: '10901' }] },
  debit_card: { CN: [{ label: '中国银联', label_ko: '중국은련', label_en: '중국은련', value: '100001' }] },
  home_delivery: { VN: [{ label: 'Dong A Money Transfer', label_en: 'Dong A Money Transfer', value: '20701' }] },
} as const satisfies Record<string, Readonly<Record<string, readonly RemittanceCode[]>>>;
export type RemittanceMethod = keyof typeof METHODS;

/** @throws SentbeRefusal E0102 for a method that does not exist, E0011 for a country that it does not reach */
export function remittanceCodes(method: string, country?: string): readonly RemittanceCode[] {
  if (!Object.hasOwn(METHODS, method)) throw new SentbeRefusal('E0102', method);
  const byCountry: Readonly<Record<string, readonly RemittanceCode[]>> = METHODS[method as RemittanceMethod];
  if (country === undefined) return Object.values(byCountry).flat();
  const codes = Object.hasOwn(byCountry, country) ? byCountry[country] : undefined;
  if (codes === undefined) throw new SentbeRefusal('E0011', country);
  return codes;
}

/** `Bank` in one place of the document and `bank` in another: both are taken. Undefined for what is none of the four. */
export function methodOf(receiveMethod: string): RemittanceMethod | undefined {
  const plain = receiveMethod.toLowerCase().replace(/_/g, '');
  return (Object.keys(METHODS) as RemittanceMethod[]).find((method) => method.replace(/_/g, '') === plain);
}

/** As answers word them. */
export const RECEIVE_METHODS: Readonly<Record<RemittanceMethod, string>> = {
  bank: 'Bank',
  pickup: 'Pickup',
  debit_card: 'DebitCard',
  home_delivery: 'HomeDelivery',
};

/** @throws SentbeRefusal E0012 for a code that is not one of a Korean bank, or of a bank anywhere */
export function checkBank(code: string): void {
  if (Object.hasOwn(BANKS, code)) return;
  if (!remittanceCodes('bank').some(({ value }) => value === code)) throw new SentbeRefusal('E0012', code);
}
