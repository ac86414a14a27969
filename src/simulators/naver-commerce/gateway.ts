/**
 * The forms in which Naver's gateway and its order APIs answer (Naver Commerce API: RESTful API, trouble shooting).
 * It decides nothing: which of them a call gets is decided elsewhere.
 */
import { randomInt } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';
import { type Answer, jsonAnswer } from '../http-exchange.ts';
import { koreaIso } from '../korea-time.ts';
import type { JsonValue } from '../ledger.ts';
import type { Flaw } from './token-request.ts';

/** One call, as every answer to it names it. */
export interface Call {
  readonly at: Instant;
  readonly traceId: string;
}

export interface Served {
  readonly answer: Answer;
  /** What the ledger shows of the call: its decoded parameters, never a signature or a token. */
  readonly fields?: Readonly<Record<string, JsonValue | undefined>>;
  /** Where it was refused: why. */
  readonly reason?: string;
}

const GATEWAY_ERRORS = {
  'GW.AUTHN': [401, '요청을 보낼 권한이 없습니다.'],
  'GW.IP_NOT_ALLOWED': [403, '호출이 허용되지 않은 IP입니다.'],
  'GW.NOT_FOUND': [404, '요청한 API를 찾을 수 없습니다.'],
  'GW.RATE_LIMIT': [429, '요청이 많아 서비스를 일시적으로 사용할 수 없습니다.'],
  'GW.QUOTA_LIMIT': [429, '사용 가능한 호출 횟수를 초과하였습니다.'],
  'GW.INTERNAL_SERVER_ERROR': [500, '시스템 오류가 발생하였습니다.'],
  'GW.PROXY.01': [500, '시스템 오류가 발생하였습니다.'],
  'GW.PROXY.02': [500, '시스템 오류가 발생하였습니다.'],
  'GW.PROXY.03': [500, '시스템 오류가 발생하였습니다.'],
  'GW.PROXY.04': [500, '시스템 오류가 발생하였습니다.'],
  'GW.PROXY.05': [500, '시스템 오류가 발생하였습니다.'],
  'GW.BLOCK.01': [503, '서비스를 일시적으로 사용할 수 없습니다.'],
  'GW.BLOCK.02': [503, '서비스 점검 중입니다.'],
  'GW.TIMEOUT.01': [504, '처리 시간이 초과되었습니다.'],
  'GW.TIMEOUT.02': [504, '응답 대기 시간이 초과되었습니다.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;
export type GatewayCode = keyof typeof GATEWAY_ERRORS;

/** One call an hour, and it is spent (as observed; the vendor prints no body for it). */
const QUOTA_HEADERS = {
  'GNCP-GW-Quota-Period': 'HOURS',
  'GNCP-GW-Quota-Limit': '1',
  'GNCP-GW-Quota-Remaining': '0',
};

/** `2023-11-05T23:35:24.415+09:00` */
export const koreaOffsetIso = (at: Instant): string => `${koreaIso(at)}+09:00`;

/** Reads the one form that the APIs take, milliseconds and `+09:00` included; undefined for any other. */
export function readOffsetIso(text: string): Instant | undefined {
  const at = Date.parse(text);
  // The way back also refuses 30 February.
  return !Number.isNaN(at) && koreaOffsetIso(at) === text ? at : undefined;
}

/** In the shape of the printed one: `cr3-000000-aaaaaa^1730711073284^6745261`. */
export function newCall(at: Instant): Call {
  const letters = Array.from({ length: 6 }, () => String.fromCharCode(97 + randomInt(26))).join('');
  const digits = String(randomInt(1_000_000)).padStart(6, '0');
  return { at, traceId: `cr3-${digits}-${letters}^${at}^${randomInt(1_000_000, 10_000_000)}` };
}

const errorBody = (call: Call, status: number, code: string, message: string): Answer =>
  jsonAnswer(status, { code, message, timestamp: koreaOffsetIso(call.at), traceId: call.traceId });

/** `{code, message, timestamp, traceId}` with the status of its code. */
export function gatewayRefusal(call: Call, code: GatewayCode, reason: string): Served {
  const [status, message] = GATEWAY_ERRORS[code];
  const answer = errorBody(call, status, code, message);
  return { answer: code === 'GW.QUOTA_LIMIT' ? { ...answer, headers: QUOTA_HEADERS } : answer, reason };
}

/** An order API's error: the gateway's form with a numeric code. Its HTTP status is a guess where it is not 400. */
export const orderRefusal = (call: Call, code: string, message: string): Served => ({
  answer: errorBody(call, 400, code, message),
  reason: `${code}: ${message}`,
});

/** `{timestamp, traceId, data}` */
export const orderAnswer = (call: Call, data: unknown): Answer =>
  jsonAnswer(200, { timestamp: koreaOffsetIso(call.at), traceId: call.traceId, data });

/** The error of the token endpoint (token, 400). */
export const invalidInputs = (call: Call, inputs: readonly Flaw[]): Answer =>
  jsonAnswer(400, {
    code: 'BAD_REQUEST',
    message: '잘못된 요청입니다.',
    timestamp: koreaOffsetIso(call.at),
    invalidInputs: inputs,
    data: null,
  });

/** What an armed `reject` answers: a code brings its own status, a status the code that is usual for it. */
export function armedError(call: Call, armed: { readonly status?: number; readonly code?: string }): Answer {
  const usual = Object.entries(GATEWAY_ERRORS).find(([, [status]]) => status === armed.status)?.[0];
  const code = armed.code ?? usual ?? (armed.status === undefined ? 'GW.INTERNAL_SERVER_ERROR' : '9999');
  if (!Object.hasOwn(GATEWAY_ERRORS, code)) return errorBody(call, armed.status ?? 400, code, 'Armed fault');
  const { answer } = gatewayRefusal(call, code as GatewayCode, 'Armed fault');
  return { ...answer, status: armed.status ?? answer.status };
}
