/** The messages that the SENS simulator took, and how they stand at a given moment. Read by list and get only. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';
import { koreaIso } from '../korea-time.ts';
import { carrierOf, endingOf } from '../recipients.ts';
import type { SensItem } from './body.ts';

interface SensResult {
  readonly statusCode: string;
  readonly statusMessage: string;
}

export interface SensMessage extends SensItem {
  /** The order of arrival; paging continues behind it. */
  readonly sequence: number;
  readonly requestId: string;
  readonly messageId: string;
  readonly requestedAt: Instant;
  readonly processingAt: Instant;
  /** Infinity: it never completes. */
  readonly completesAt: Instant;
  readonly result: SensResult;
}

export interface Mailbox {
  take(item: SensItem, request: TakenRequest): SensMessage;
  /** Its messages stay READY for ever: what a list shows of a cancelled reservation is not published. */
  withdraw(requestId: string): void;
  ofRequest(requestId: string): readonly SensMessage[] | undefined;
  message(messageId: string): SensMessage | undefined;
  all(): readonly SensMessage[];
}

interface TakenRequest {
  readonly requestId: string;
  readonly requestedAt: Instant;
  readonly startsAt: Instant;
  readonly deliverAfterMs: number;
  /** An armed fault's result, in place of what the number would bring. */
  readonly forced?: SensResult | undefined;
  readonly neverEnds?: boolean;
  /** An advertisement to a number that opted out fails by itself (SENS, advertising). */
  readonly optedOut?: boolean;
}

/** SENS publishes no result codes but "0"; these are those of a sibling relay (SENS, result codes), for show only. */
const SUCCESS: SensResult = { statusCode: '0', statusMessage: 'success' };
const BAD_NUMBER: SensResult = { statusCode: '3003', statusMessage: 'bad number' };
const NO_SUBSCRIBER: SensResult = { statusCode: '3001', statusMessage: 'no subscriber' };
const SPAM: SensResult = { statusCode: '3012', statusMessage: 'spam' };
const OPTED_OUT: SensResult = { statusCode: '3006', statusMessage: 'refused' };
const CHARSET: SensResult = { statusCode: '3022', statusMessage: 'charset conversion' };

export function createMailbox(maxMessages = 50_000): Mailbox {
  const messages = new Map<string, SensMessage>();
  const requests = new Map<string, SensMessage[]>();
  let lastSequence = 0;

  function dropOldest(): void {
    const oldest = messages.values().next().value;
    if (oldest === undefined) return;
    messages.delete(oldest.messageId);
    const siblings = requests.get(oldest.requestId)?.filter(({ messageId }) => messageId !== oldest.messageId) ?? [];
    if (siblings.length > 0) requests.set(oldest.requestId, siblings);
    else requests.delete(oldest.requestId);
  }

  return {
    take(item, request) {
      const never = request.neverEnds === true || endingOf(item.to) === 'NEVER_ENDS';
      lastSequence += 1;
      const message: SensMessage = {
        ...item,
        sequence: lastSequence,
        requestId: request.requestId,
        messageId: randomUUID(),
        requestedAt: request.requestedAt,
        processingAt: request.startsAt + request.deliverAfterMs / 4,
        completesAt: never ? Number.POSITIVE_INFINITY : request.startsAt + request.deliverAfterMs,
        result: request.forced ?? (request.optedOut ? OPTED_OUT : resultOf(item)),
      };
      messages.set(message.messageId, message);
      const siblings = requests.get(request.requestId);
      if (siblings === undefined) requests.set(request.requestId, [message]);
      else siblings.push(message);
      if (messages.size > maxMessages) dropOldest();
      return message;
    },
    withdraw(requestId) {
      const withdrawn = (requests.get(requestId) ?? []).map((message) => ({
        ...message,
        processingAt: Number.POSITIVE_INFINITY,
        completesAt: Number.POSITIVE_INFINITY,
      }));
      if (withdrawn.length > 0) requests.set(requestId, withdrawn);
      for (const message of withdrawn) messages.set(message.messageId, message);
    },
    ofRequest: (requestId) => requests.get(requestId),
    message: (messageId) => messages.get(messageId),
    all: () => [...messages.values()],
  };
}

function resultOf(item: SensItem): SensResult {
  if (item.unencodable) return CHARSET;
  if (item.countryCode === '82' && !/^01[016789]\d{7,8}$/.test(item.to)) return BAD_NUMBER;
  const ending = endingOf(item.to);
  if (ending === 'NO_SUBSCRIBER') return NO_SUBSCRIBER;
  return ending === 'SPAM' ? SPAM : SUCCESS;
}

function statusOf(message: SensMessage, now: Instant): 'READY' | 'PROCESSING' | 'COMPLETED' {
  if (now >= message.completesAt) return 'COMPLETED';
  return now >= message.processingAt ? 'PROCESSING' : 'READY';
}

/** A row of a list. What only a finished message has is absent until then (SENS SMS v2, get). */
export function listRow(message: SensMessage, now: Instant) {
  const status = statusOf(message, now);
  const { statusCode, statusMessage } = message.result;
  return {
    requestId: message.requestId,
    messageId: message.messageId,
    requestTime: koreaIso(message.requestedAt),
    contentType: message.contentType,
    type: message.type,
    countryCode: message.countryCode,
    from: message.from,
    to: message.to,
    status,
    ...(status === 'COMPLETED' && {
      statusCode,
      statusName: statusCode === '0' ? 'success' : 'fail',
      statusMessage,
      completeTime: koreaIso(message.completesAt),
      telcoCode: { SK: 'SKT', KT: 'KTF', LG: 'LGT' }[carrierOf(message.to)],
    }),
  };
}

/** The one row of a get: it also shows the text. */
export const getRow = (message: SensMessage, now: Instant) => ({
  ...listRow(message, now),
  subject: message.subject ?? '',
  content: message.content,
  files: message.files,
});
