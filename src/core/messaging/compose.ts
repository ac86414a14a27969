/**
 * From a caller's input to a message that may be stored: everything is judged here, at once, and nothing is stored or
 * sent. Bad input is InvalidInput; a text that no provider asked for can carry is ContentRejected, with its preview.
 */
import { randomUUID } from 'node:crypto';
import { isWellFormed, normaliseText } from '../../korean/ms949.ts';
import { parseCallbackNumber } from '../../korean/phone-number.ts';
import type { Clock, Instant } from '../clock.ts';
import { ContentRejected, InvalidInput, ProviderUnavailable } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import { laneOf, type MessageKind, type MessageProvider, type MessagePurpose, type SmsProvider } from '../provider.ts';
import { currentRequest } from '../request.ts';
import { accountsOf, type Tenant } from '../tenant.ts';
import { advertisingProblems } from './advertising.ts';
import { type ImageInput, readImage, readImages } from './image.ts';
import { judgeKakao, type KakaoInput } from './kakao.ts';
import type { Message, Route } from './message.ts';
import type { Draft } from './message-store.ts';
import { type MessagePreview, previewContent } from './preview.ts';
import { isAbroad, parseRecipient } from './recipient.ts';

interface CommonInput {
  readonly idempotencyKey: string;
  readonly to: string;
  readonly from?: string | undefined;
  readonly text: string;
  readonly purpose: MessagePurpose;
  readonly sendAt?: Instant | undefined;
  readonly clientRef?: string | undefined;
  readonly wait: 'QUEUED' | 'SUBMITTED';
}

export interface SendSmsInput extends CommonInput {
  readonly subject?: string | undefined;
  readonly providers?: readonly SmsProvider[] | undefined;
  readonly allowLms: boolean;
  readonly images?: readonly ImageInput[] | undefined;
}

export interface SendKakaoInput extends CommonInput, KakaoInput {
  readonly kind: MessageKind;
  readonly image?: ImageInput | undefined;
}

/** What composing needs to know of an account. */
export type Carrying = Pick<MessageProvider, 'provider' | 'account' | 'limits' | 'reservations'>;

export interface Composer {
  /** @throws InvalidInput, ContentRejected or ProviderUnavailable. */
  sms(tenant: Tenant, input: SendSmsInput): Draft;
  /** @throws InvalidInput, ContentRejected or ProviderUnavailable. */
  kakao(tenant: Tenant, input: SendKakaoInput): Draft;
}

const hourMs = 3_600_000;
/** Relays keep an SMS for about a day and longer kinds for about three; without a report by then it is EXPIRED. */
const deadlineMs = { SMS: 24 * hourMs, LONG: 80 * hourMs, KAKAO: 80 * hourMs };
const maxAheadMs = 30 * 24 * hourMs;
/** A time that has just passed means now. */
const lateMs = 60_000;
const maxClientRefLength = 200;

/** `carriers`: in the order in which they are tried where the caller names none. */
export function createComposer({ carriers, clock }: { carriers: readonly Carrying[]; clock: Clock }): Composer {
  function sms(tenant: Tenant, input: SendSmsInput): Draft {
    const problems: FieldProblem[] = [];
    const candidates = carriersFor(tenant, input.providers, problems);
    // Abroad costs more and is an old way to be cheated: only where the caller named who carries it there.
    const mayGoAbroad = input.providers !== undefined && candidates.every(({ limits }) => limits.smsAbroad);
    const numbers = judgeCommon(tenant, input, problems, mayGoAbroad);
    const fits = candidates.map((carrier) => judgeFor(carrier, input));
    // Named providers must all be able to carry it; of those nobody named, the ones that can are enough.
    const usable = fits.filter((fit) => fit.preview.problems.length === 0 && fit.problems.length === 0);
    const misfit =
      usable.length === 0 || input.providers !== undefined ? fits.find((fit) => !usable.includes(fit)) : undefined;
    const fit = misfit ?? usable[0];
    if (fit === undefined) throw new InvalidInput(problems);
    problems.push(...fit.problems);
    const { kind } = fit.preview;
    if (isAbroad(numbers.to) && kind !== 'SMS') {
      problems.push(
        problem(
          'to',
          'NOT_CARRIED',
          `Abroad only an SMS goes, and this is a ${kind}. 해외로는 SMS만 보낼 수 있습니다.`,
        ),
      );
    }
    const content = { kind, purpose: input.purpose, text: normaliseText(input.text), ...consentOf(tenant) };
    problems.push(...advertisingProblems(content, arrivalOf(input), input.sendAt === undefined ? 'purpose' : 'sendAt'));
    refuse(problems, misfit?.preview);
    const subject = input.subject ? normaliseText(input.subject) : undefined;
    const chosen = usable.map(({ carrier }) => carrier);
    return {
      images: fit.images,
      message: {
        ...draft(tenant, input, numbers),
        ...content,
        ...(subject !== undefined && { subject }),
        ...timing(input, kind, chosen),
        imageCount: fit.images.length,
        routes: chosen.map(routeOf),
      },
    };
  }

  function kakao(tenant: Tenant, input: SendKakaoInput): Draft {
    const problems: FieldProblem[] = [];
    const numbers = judgeCommon(tenant, input, problems, false);
    const [carrier] = carriersOf(tenant).filter(({ limits }) => limits.kakao !== undefined);
    if (carrier === undefined) throw disabled('No provider that carries Kakao is configured.');
    const { limits } = carrier;
    const own = limits.kakao?.[input.kind];
    if (own === undefined)
      throw new InvalidInput([problem('kind', 'NOT_KAKAO', 'Not a Kakao kind; sendSms carries texts.')]);
    const judged = judgeKakao(input, input.kind, limits);
    problems.push(...judged.problems);
    const imageLimits = { types: limits.mms.types, ...own };
    const read =
      input.image === undefined
        ? { images: [], problems: [] }
        : readImage(input.image, imageLimits, ['input', 'image']);
    if (input.image !== undefined && !goesOut(input)) {
      const message = `With fallback ${input.fallback} a ${input.kind} shows no image. 이 대체 방식에서는 이미지가 나가지 않습니다.`;
      problems.push(problem('image', 'NOT_CARRIED', message));
    } else problems.push(...read.problems);
    const preview = previewContent({ text: input.text, kind: input.kind, encoding: input.encoding }, limits, ['input']);
    const { kakao } = judged;
    const content = {
      kind: input.kind,
      purpose: input.purpose,
      text: normaliseText(input.text),
      kakao,
      ...consentOf(tenant),
    };
    problems.push(...advertisingProblems(content, arrivalOf(input), input.sendAt === undefined ? 'purpose' : 'sendAt'));
    refuse(problems, preview);
    return {
      images: read.images,
      message: {
        ...draft(tenant, input, numbers),
        ...content,
        ...timing(input, input.kind, [carrier]),
        imageCount: read.images.length,
        routes: [routeOf(carrier)],
      },
    };
  }

  function judgeFor(carrier: Carrying, input: SendSmsInput) {
    const { images = [], text, subject, allowLms } = input;
    const preview = previewContent({ text, subject, allowLms, hasImages: images.length > 0 }, carrier.limits, [
      'input',
    ]);
    return { carrier, preview, ...readImages(images, carrier.limits.mms, ['input', 'images']) };
  }

  /** The accounts that the tenant may use: provider by provider as configured, those of one as the tenant has them. */
  function carriersOf(tenant: Tenant): readonly Carrying[] {
    const providers = [...new Set(carriers.map(({ provider }) => provider))];
    return providers.flatMap((provider) =>
      accountsOf(tenant, provider).flatMap((account) =>
        carriers.filter((carrier) => carrier.provider === provider && carrier.account === account),
      ),
    );
  }

  function carriersFor(
    tenant: Tenant,
    providers: readonly SmsProvider[] | undefined,
    problems: FieldProblem[],
  ): readonly Carrying[] {
    const own = carriersOf(tenant);
    if (providers === undefined) {
      if (own.length === 0) throw disabled('No provider that carries texts is configured.');
      return own;
    }
    if (providers.length === 0)
      problems.push(problem('providers', 'EMPTY', 'Name at least one provider, or none at all.'));
    if (new Set(providers).size < providers.length)
      problems.push(problem('providers', 'DUPLICATE', 'Name each provider once.'));
    return providers.flatMap((name) => {
      const named = own.filter(({ provider }) => provider === name);
      // The same of an account that is another tenant's as of one that is not there.
      if (named.length === 0) throw disabled(`${name} is not configured.`);
      return named;
    });
  }

  /** What every kind of message has, judged; problems are added to the list. */
  function judgeCommon(
    tenant: Tenant,
    input: CommonInput,
    problems: FieldProblem[],
    mayGoAbroad: boolean,
  ): { to: string; from: string } {
    const recipient = parseRecipient(input.to);
    const to = recipient !== undefined && isAbroad(recipient) && !mayGoAbroad ? undefined : recipient;
    if (to === undefined) {
      problems.push(problem('to', 'NOT_A_KOREAN_MOBILE', 'Not a Korean mobile number. 국내 휴대전화 번호가 아닙니다.'));
    }
    const from = callerNumber(tenant, input.from, problems);
    if (input.clientRef !== undefined && input.clientRef.length > maxClientRefLength) {
      problems.push(problem('clientRef', 'LENGTH', `Give at most ${maxClientRefLength} characters.`));
    } else if (input.clientRef !== undefined && !isWellFormed(input.clientRef)) {
      problems.push(problem('clientRef', 'FORM', 'Half a character stands alone in it.'));
    }
    const now = clock.now();
    if (input.sendAt !== undefined && input.sendAt < now - lateMs) {
      problems.push(problem('sendAt', 'IN_THE_PAST', 'That time has passed. 이미 지난 시각입니다.'));
    } else if (input.sendAt !== undefined && input.sendAt > now + maxAheadMs) {
      problems.push(problem('sendAt', 'TOO_FAR_AHEAD', 'At most 30 days ahead. 30일 이내로 예약할 수 있습니다.'));
    }
    // Never used where they are missing: a problem was added, and nothing with a problem becomes a message.
    return { to: to ?? '', from: from ?? '' };
  }

  const arrivalOf = ({ sendAt }: CommonInput): Instant => Math.max(sendAt ?? 0, clock.now());

  /** When it may leave and when it is given up; held by the one provider that was asked for, where that one would. */
  function timing(input: CommonInput, kind: MessageKind, chosen: readonly Carrying[]) {
    const now = clock.now();
    const { sendAt } = input;
    const [only, another] = chosen;
    const held = sendAt !== undefined && another === undefined && only?.reservations?.accepts(sendAt) === true;
    return {
      createdAt: now,
      ...(sendAt !== undefined && { sendAt }),
      ...(held && { reserveAt: sendAt }),
      dueAt: held ? now : arrivalOf(input),
      deadlineAt: arrivalOf(input) + deadlineMs[laneOf(kind)],
    };
  }

  return { sms, kakao };
}

/** Everything of a new message that no judgement is needed for. */
function draft(tenant: Tenant, input: CommonInput, numbers: { to: string; from: string }) {
  const { requestId } = currentRequest() ?? {};
  return {
    id: randomUUID(),
    tenant: tenant.id,
    ...(requestId !== undefined && { requestId }),
    ...numbers,
    ...(input.clientRef !== undefined && { clientRef: input.clientRef }),
    state: 'QUEUED',
    refusals: 0,
    attempts: [],
  } satisfies Partial<Message>;
}

/**
 * Kakao shows the image it was given beforehand. This one goes out as the MMS that stands in for any kind, with the
 * conversion of a kind that shows an image of its own, or as a wide one (NGS 2.0.1, sections 4.3 and 6.2).
 */
function goesOut({ kind, fallback }: SendKakaoInput): boolean {
  if (fallback === 'SUBSTITUTE_MMS') return true;
  if (fallback === 'CONVERT') return kind === 'FRIENDTALK_IMAGE' || kind === 'FRIENDTALK_WIDE';
  return fallback === 'NONE' && kind === 'FRIENDTALK_WIDE';
}

const consentOf = ({ nightConsent }: Tenant): { nightConsent?: boolean } =>
  nightConsent === true ? { nightConsent } : {};

const routeOf = ({ provider, account }: Carrying): Route => ({ provider, account });

function callerNumber(tenant: Tenant, from: string | undefined, problems: FieldProblem[]): string | undefined {
  const number = from === undefined ? tenant.callerNumbers[0] : parseCallbackNumber(from);
  if (number !== undefined && tenant.callerNumbers.includes(number)) return number;
  problems.push(
    from === undefined
      ? problem('from', 'NO_CALLER_NUMBER', 'This tenant has no registered caller number. 등록된 발신번호가 없습니다.')
      : problem('from', 'UNREGISTERED', 'Not one of the registered caller numbers. 등록되지 않은 발신번호입니다.'),
  );
  return undefined;
}

/** Faults of the input come first; an empty text is one of them. What is left is the text's own. */
function refuse(problems: readonly FieldProblem[], preview: MessagePreview | undefined): void {
  const empty = preview?.problems.filter(({ rule }) => rule === 'EMPTY') ?? [];
  if (problems.length + empty.length > 0) throw new InvalidInput([...problems, ...empty]);
  if (preview !== undefined && preview.problems.length > 0) throw new ContentRejected(preview);
}

const problem = (name: string, rule: string, message: string): FieldProblem => ({
  path: ['input', name],
  rule,
  message,
});

const disabled = (message: string): ProviderUnavailable =>
  new ProviderUnavailable(message, { code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
