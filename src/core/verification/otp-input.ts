/** What a caller may ask about codes, judged by field, and the one form in which two inputs are the same. */
import { isWellFormed } from '../../korean/ms949.ts';
import { InvalidInput } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import { idempotencyKeyProblem } from '../idempotency.ts';
import { isAbroad, parseRecipient } from '../messaging/recipient.ts';
import type { Tenant } from '../tenant.ts';
import { networkOf } from './network-address.ts';
import { destinationIdentity, type OtpChannel, type OtpProvider, type SentChannel } from './otp-challenge.ts';
import { userIdProblems } from './user-id.ts';

export interface RequestOtpInput {
  readonly idempotencyKey: string;
  readonly channel: OtpChannel;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly purpose: string;
  readonly provider: OtpProvider;
  /** Tried in this order where the provider before certainly sent nothing. */
  readonly fallback?: readonly OtpProvider[] | undefined;
  /** The IP address of the person who asks. */
  readonly clientAddress?: string | undefined;
}

export interface VerifyOtpInput {
  readonly channel: OtpChannel;
  readonly code: string;
  /** Our own id, not the global one; empty where that was garbage. */
  readonly challengeId?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly userId?: string | undefined;
}

export interface EnrollTotpInput {
  readonly userId: string;
  readonly accountName: string;
  readonly issuer?: string | undefined;
}

export interface JudgedRequest {
  readonly channel: SentChannel;
  readonly destination: string;
  readonly purpose: string;
  readonly providers: readonly OtpProvider[];
  /** An IPv4 address, or the /64 of one of IPv6. */
  readonly clientNetwork?: string | undefined;
}

export type JudgedAttempt =
  | { readonly channel: 'TOTP'; readonly userId: string }
  | { readonly channel: SentChannel; readonly challengeId: string }
  | { readonly channel: SentChannel; readonly destination: string };

const maxNameLength = 100;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** @throws InvalidInput */
export function judgeRequest(tenant: Tenant, input: RequestOtpInput): JudgedRequest {
  const { channel, phone, email, purpose, provider, fallback = [] } = input;
  if (channel === 'TOTP') {
    refuse([problem('channel', 'NOT_SENT', 'Nothing is sent for an authenticator; verifyOtp takes its code.')]);
  }
  const problems: FieldProblem[] = [];
  const keyProblem = idempotencyKeyProblem(input.idempotencyKey);
  if (keyProblem !== undefined) problems.push(keyProblem);
  const providers = [provider, ...fallback];
  const isSms = channel === 'SMS';
  if (!isSms && provider !== 'SECUREKEY') {
    problems.push(problem('provider', 'NOT_CARRIED', 'An e-mail goes out by SECUREKEY alone.'));
  }
  if (!isSms && fallback.length > 0)
    problems.push(problem('fallback', 'NOT_CARRIED', 'There is no other way for an e-mail.'));
  if (new Set(providers).size < providers.length) {
    problems.push(problem('fallback', 'DUPLICATE', 'Name each provider once.'));
  }
  problems.push(...others({ phone, email }, isSms ? 'phone' : 'email'));
  if (isSms) problems.push(...callerNumberProblems(tenant, input));
  const destination = isSms ? judgePhone(tenant, phone, providers, problems) : judgeEmail(email, problems);
  if (!printable.test(purpose) || Array.from(purpose).length > 40) {
    problems.push(problem('purpose', 'FORM', 'Give 1 to 40 printable characters.'));
  }
  const { clientAddress } = input;
  const clientNetwork = clientAddress === undefined ? undefined : networkOf(clientAddress);
  if (clientAddress !== undefined && clientNetwork === undefined) {
    problems.push(problem('clientAddress', 'FORM', 'Not an IP address.'));
  }
  refuse(problems);
  return { channel: channel as SentChannel, destination: destination as string, purpose, providers, clientNetwork };
}

/** The person may ask again from another network: that address is no part of what is asked. */
export function canonicalRequest(
  { channel, destination, purpose }: JudgedRequest,
  { provider, fallback = [] }: RequestOtpInput,
): Record<string, unknown> {
  const to = destinationIdentity(destination);
  return { channel, [channel === 'SMS' ? 'phone' : 'email']: to, purpose, provider, fallback };
}

/** @throws InvalidInput */
export function judgeAttempt(input: VerifyOtpInput): JudgedAttempt {
  const { channel, code, challengeId, phone, email, userId } = input;
  const problems: FieldProblem[] = [];
  if (!/^\d{4,10}$/.test(code)) problems.push(problem('code', 'FORM', 'A code is 4 to 10 digits.'));
  if (channel === 'TOTP') {
    problems.push(...others({ challengeId, phone, email }, 'userId'), ...userIdProblems(userId));
    refuse(problems);
    return { channel, userId: userId as string };
  }
  const field = channel === 'SMS' ? 'phone' : 'email';
  const given = channel === 'SMS' ? phone : email;
  problems.push(...others({ phone, email, userId }, field));
  if ((challengeId === undefined) === (given === undefined)) {
    problems.push(problem('challengeId', 'EXACTLY_ONE', `Give either challengeId or ${field}.`));
  }
  let destination: string | undefined;
  if (given !== undefined) {
    destination = channel === 'SMS' ? parseRecipient(given) : emailOf(given);
    if (destination === undefined) problems.push(channel === 'SMS' ? notAMobile : notAnEmail);
  }
  refuse(problems);
  return destination === undefined ? { channel, challengeId: challengeId as string } : { channel, destination };
}

/** @throws InvalidInput */
export function judgeEnrollment({ userId, accountName, issuer }: EnrollTotpInput): void {
  refuse([
    ...userIdProblems(userId),
    ...nameProblems('accountName', accountName),
    ...(issuer === undefined ? [] : nameProblems('issuer', issuer)),
  ]);
}

/** Judged before SecureKey is asked: a fallback that cannot be has to show at the first call, not on the day of need. */
function callerNumberProblems({ callerNumbers }: Tenant, { provider, fallback = [] }: RequestOtpInput): FieldProblem[] {
  if (callerNumbers.length > 0) return [];
  const needing = [
    ...(provider === 'SECUREKEY' ? [] : ['provider']),
    ...(fallback.every((other) => other === 'SECUREKEY') ? [] : ['fallback']),
  ];
  return needing.map((field) => problem(field, 'NO_CALLER_NUMBER', noCallerNumber));
}

function judgePhone(
  tenant: Tenant,
  phone: string | undefined,
  providers: readonly OtpProvider[],
  problems: FieldProblem[],
): string | undefined {
  const number = phone === undefined ? undefined : parseRecipient(phone);
  // Codes to numbers abroad are the dearest texts there are, and an old way to be cheated.
  const mayGoAbroad = tenant.otp?.abroad === true && providers.every((provider) => provider === 'SENS');
  if (number !== undefined && (!isAbroad(number) || mayGoAbroad)) return number;
  problems.push(notAMobile);
  return undefined;
}

function judgeEmail(email: string | undefined, problems: FieldProblem[]): string | undefined {
  const address = email === undefined ? undefined : emailOf(email);
  if (address === undefined) problems.push(notAnEmail);
  return address;
}

/** Only what would break a header or a log is refused: whether a mailbox exists, its server says. */
function emailOf(text: string): string | undefined {
  return text.length <= 254 && isWellFormed(text) && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(text) ? text : undefined;
}

function nameProblems(field: string, text: string): FieldProblem[] {
  const isGood = text.length <= maxNameLength && printable.test(text);
  return isGood ? [] : [problem(field, 'FORM', `Give 1 to ${maxNameLength} printable characters.`)];
}

/** What was given besides the one field that this channel takes. */
function others(given: Readonly<Record<string, string | undefined>>, wanted: string): FieldProblem[] {
  return Object.entries(given).flatMap(([field, value]) =>
    field === wanted || value === undefined
      ? []
      : [problem(field, 'NOT_FOR_CHANNEL', 'This channel does not take it.')],
  );
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}

const problem = (name: string, rule: string, message: string): FieldProblem => ({
  path: ['input', name],
  rule,
  message,
});

const noCallerNumber =
  'SENS and NGS send a code as a text, and this tenant has no registered caller number to send it from. Register one, ' +
  'or use SECUREKEY alone. 등록된 발신번호가 없습니다.';
const notAMobile = problem(
  'phone',
  'NOT_A_KOREAN_MOBILE',
  'Not a Korean mobile number. 국내 휴대전화 번호가 아닙니다.',
);
const notAnEmail = problem('email', 'FORM', 'Not an e-mail address. 이메일 주소가 아닙니다.');
