/**
 * What a caller may ask about users and recipients, judged by field, and in the one form in which the provider gets it.
 * Only forms are judged: which values of a list a country takes, the provider says.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { isWellFormed } from '../../korean/ms949.ts';
import { parseKoreanMobile } from '../../korean/phone-number.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { BankAccount, Corridor, PostalAddress, UserDetails } from './provider.ts';
import { problem, refuse } from './refusal.ts';

interface PersonInput {
  readonly idempotencyKey: string;
  readonly corridor: Corridor;
  /** 1 to 100 characters. */
  readonly externalId: string;
  readonly firstName: string;
  readonly middleName?: string | undefined;
  readonly lastName: string;
  readonly email?: string | undefined;
}

export interface RegisterUserInput extends PersonInput {
  readonly nationality: string;
  readonly birthDate: string;
  readonly phone: string;
  readonly details?: UserDetails | undefined;
}

export interface AddRecipientInput extends PersonInput {
  /** Our own id, not the global one; empty where that was garbage. */
  readonly userId: string;
  readonly country: string;
  readonly receiveMethod?: string | undefined;
  readonly phone?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly address?: PostalAddress | undefined;
  readonly bank?: BankAccount | undefined;
}

type Path = readonly string[];

/** Sentbe, create recipient: as answers spell them. Requests spell them bank, pickup, debit_card, home_delivery. */
const receiveMethods = ['Bank', 'Pickup', 'DebitCard', 'HomeDelivery'] as const;
/** Sentbe, create user. */
const agreementNames = [
  'unique_id_info',
  'third_party_info',
  'electronic_financial_transactions',
  'privacy_info',
  'small_sum_foreign',
];
const earliestBirth = '19000101';
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** With the phone and the birth date in the provider's form. @throws InvalidInput */
export function judgeUser(input: RegisterUserInput, today: string): RegisterUserInput {
  const problems = personProblems(input);
  problems.push(...countryProblems(['input', 'nationality'], input.nationality));
  const phone = phoneIn(input.phone, problems);
  const birthDate = birthDateIn(input.birthDate, today, problems);
  const { corridor, details } = input;
  const path = ['input', 'details'];
  if (corridor === 'OUTBOUND' && details === undefined) {
    problems.push(problem(path, 'REQUIRED', 'OUTBOUND asks for them.'));
  }
  if (corridor === 'INBOUND' && details !== undefined) problems.push(notForCorridor(path));
  if (corridor === 'OUTBOUND' && details !== undefined) problems.push(...detailProblems(path, details));
  refuse(problems);
  return { ...input, phone: phone as string, birthDate: birthDate as string };
}

/** With the phone, the birth date and the receive method in the provider's form. @throws InvalidInput */
export function judgeRecipient(input: AddRecipientInput, today: string): AddRecipientInput & { receiveMethod: string } {
  const { corridor, receiveMethod, address, bank } = input;
  const problems = personProblems(input);
  problems.push(...countryProblems(['input', 'country'], input.country));
  const phone = input.phone === undefined ? undefined : phoneIn(input.phone, problems);
  const birthDate = input.birthDate === undefined ? undefined : birthDateIn(input.birthDate, today, problems);
  if (address !== undefined) problems.push(...addressProblems(['input', 'address'], address));
  if (bank !== undefined) problems.push(...bankProblems(['input', 'bank'], bank));
  const method = methodOf(corridor, receiveMethod, problems);
  if (method === 'Bank' && bank === undefined) {
    problems.push(problem(['input', 'bank'], 'REQUIRED', 'Money that goes to a bank asks for the account.'));
  }
  refuse(problems);
  return { ...input, phone, birthDate, receiveMethod: method as string };
}

export function bankProblems(path: Path, bank: BankAccount): FieldProblem[] {
  const { bankCode, accountNumber, accountHolder, branch, accountType } = bank;
  return [
    textProblem([...path, 'bankCode'], bankCode, 32),
    textProblem([...path, 'accountNumber'], accountNumber, 64),
    textProblem([...path, 'accountHolder'], accountHolder, 100),
    branch === undefined ? [] : textProblem([...path, 'branch'], branch, 100),
    accountType === undefined ? [] : textProblem([...path, 'accountType'], accountType, 50),
  ].flat();
}

/** 1 to so many printable characters. */
export function textProblem(path: Path, text: string, most: number): FieldProblem[] {
  if (isWellFormed(text) && printable.test(text) && [...text].length <= most) return [];
  return [problem(path, 'FORM', `Give 1 to ${most} printable characters.`)];
}

function personProblems({ externalId, firstName, middleName, lastName, email }: PersonInput): FieldProblem[] {
  const isAddress =
    email === undefined || (email.length <= 254 && isWellFormed(email) && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email));
  return [
    textProblem(['input', 'externalId'], externalId, 100),
    textProblem(['input', 'firstName'], firstName, 100),
    middleName === undefined ? [] : textProblem(['input', 'middleName'], middleName, 100),
    textProblem(['input', 'lastName'], lastName, 100),
    isAddress ? [] : problem(['input', 'email'], 'FORM', 'Not an e-mail address. 이메일 주소가 아닙니다.'),
  ].flat();
}

function detailProblems(path: Path, details: UserDetails): FieldProblem[] {
  const { password, gender, identificationNumber, passportNumber, address, agreements, oftenSendCountry } = details;
  const problems = [
    ...addressProblems([...path, 'address'], address),
    ...countryProblems([...path, 'oftenSendCountry'], oftenSendCountry),
    ...(['fundsSource', 'occupation', 'transferPurpose'] as const).flatMap((name) =>
      textProblem([...path, name], details[name], 50),
    ),
  ];
  if (password === '' || password.length > 128 || !isWellFormed(password)) {
    problems.push(problem([...path, 'password'], 'LENGTH', 'Give 1 to 128 characters.'));
  }
  if (gender !== 'M' && gender !== 'F') problems.push(problem([...path, 'gender'], 'UNKNOWN', 'Give M or F.'));
  if ((identificationNumber === undefined) === (passportNumber === undefined)) {
    const message = 'Give either identificationNumber or passportNumber. 신분증 번호나 여권 번호 중 하나를 입력하세요.';
    problems.push(problem([...path, 'identificationNumber'], 'EXACTLY_ONE', message));
  }
  if (identificationNumber !== undefined) {
    problems.push(...textProblem([...path, 'identificationNumber'], identificationNumber, 32));
  }
  if (passportNumber !== undefined) problems.push(...textProblem([...path, 'passportNumber'], passportNumber, 32));
  if (agreements.length > agreementNames.length) {
    const message = `Give each once, ${agreementNames.length} at most.`;
    return [...problems, problem([...path, 'agreements'], 'COUNT', message)];
  }
  for (const [at, name] of agreements.entries()) {
    if (agreementNames.includes(name.toLowerCase())) continue;
    problems.push(problem([...path, 'agreements', String(at)], 'UNKNOWN', `One of ${agreementNames.join(', ')}.`));
  }
  return problems;
}

function addressProblems(path: Path, address: PostalAddress): FieldProblem[] {
  const optional = (['region', 'city', 'line2', 'postalCode'] as const).flatMap((name) => {
    const text = address[name];
    return text === undefined ? [] : textProblem([...path, name], text, 200);
  });
  return [
    ...countryProblems([...path, 'country'], address.country),
    ...textProblem([...path, 'line1'], address.line1, 200),
    ...optional,
  ];
}

function countryProblems(path: Path, country: string): FieldProblem[] {
  const message = 'A country is two capital letters of ISO 3166-1, for example PH.';
  return /^[A-Z]{2}$/.test(country) ? [] : [problem(path, 'NOT_A_COUNTRY', message)];
}

function methodOf(corridor: Corridor, given: string | undefined, problems: FieldProblem[]): string | undefined {
  const path = ['input', 'receiveMethod'];
  if (corridor === 'INBOUND') {
    // Sentbe, inbound: there is no such parameter, and only bank_attributes.
    if (given !== undefined && methodNamed(given) !== 'Bank') problems.push(notForCorridor(path));
    return 'Bank';
  }
  const method = given === undefined ? undefined : methodNamed(given);
  if (given === undefined) problems.push(problem(path, 'REQUIRED', 'OUTBOUND asks for it.'));
  else if (method === undefined) problems.push(problem(path, 'UNKNOWN', `One of ${receiveMethods.join(', ')}.`));
  return method;
}

const methodNamed = (given: string): string | undefined =>
  receiveMethods.find((method) => method.toLowerCase() === given.toLowerCase().replaceAll('_', ''));

/** National digits of a Korean mobile, or E.164 abroad: also of a landline, where a recipient may be reached. */
function phoneIn(text: string, problems: FieldProblem[]): string | undefined {
  const korean = parseKoreanMobile(text);
  if (korean !== undefined) return korean;
  const abroad = text.trimStart().startsWith('+') ? parsePhoneNumberFromString(text) : undefined;
  if (abroad?.isValid() === true && abroad.countryCallingCode !== '82') return abroad.number;
  const message = 'Neither a Korean mobile number nor one abroad with its + and country. 올바른 전화번호가 아닙니다.';
  problems.push(problem(['input', 'phone'], 'NOT_A_PHONE_NUMBER', message));
  return undefined;
}

/** YYYYMMDD of a day that was. */
function birthDateIn(text: string, today: string, problems: FieldProblem[]): string | undefined {
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}`;
  const isForm = /^(\d{8}|\d{4}-\d\d-\d\d)$/.test(text);
  const isDay =
    isForm &&
    new Date(`${iso}T00:00:00Z`).getTime() > Number.NEGATIVE_INFINITY &&
    new Date(`${iso}T00:00:00Z`).toISOString().startsWith(iso);
  const date = `${year}${month}${day}`;
  if (isDay && date >= earliestBirth && date <= today) return date;
  const message = 'A day that was, as YYYYMMDD or YYYY-MM-DD. 올바른 생년월일이 아닙니다.';
  problems.push(problem(['input', 'birthDate'], 'NOT_A_BIRTH_DATE', message));
  return undefined;
}

const notForCorridor = (path: Path): FieldProblem =>
  problem(path, 'NOT_FOR_CORRIDOR', 'This corridor does not take it.');
