/**
 * What Naver's API gateway does before SENS sees a request: headers, clock and signature, and the error bodies. It
 * reads the raw request target; it knows nothing of messages.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import { type Answer, jsonAnswer } from '../http-exchange.ts';

/** A timestamp more than 5 minutes off is invalid; equality is accepted. */
const MAX_SKEW_MS = 300_000;

export interface SensKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface Refusal {
  readonly answer: Answer;
  readonly reason: string;
}

export type ErrorShape = 'gateway' | 'service' | 'errors' | 'text' | 'html' | 'empty';

/** The gateway's errorCode where a fault names only a status. */
const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  400: '100',
  401: '200',
  404: '300',
  413: '430',
  429: '410',
  503: '500',
  504: '510',
};

/** SENS errors reach clients in more than one shape (SENS, errors). */
export function errorAnswer(status: number, shape: ErrorShape, message: string, code?: string): Answer {
  const errorCode = code ?? CODE_BY_STATUS[status] ?? '900';
  switch (shape) {
    case 'gateway':
      return jsonAnswer(status, { error: { errorCode, message, details: message } });
    case 'service':
      return jsonAnswer(status, { status: String(status), errorMessage: message });
    case 'errors':
      return jsonAnswer(status, { errors: [{ status, code: errorCode, message }] });
    case 'text':
      return { status, body: message, contentType: 'text/plain;charset=UTF-8' };
    case 'html':
      return { status, body: `<html><body><h1>${status}</h1></body></html>`, contentType: 'text/html' };
    case 'empty':
      return { status };
  }
}

export const gatewayRefusal = (status: number, code: string, message: string, reason: string): Refusal => ({
  answer: jsonAnswer(status, { error: { errorCode: code, message, details: reason } }),
  reason,
});

export const serviceRefusal = (status: number, reason: string): Refusal => ({
  answer: errorAnswer(status, 'service', reason),
  reason,
});

/** Undefined where the request may pass on to SENS. */
export function checkGateway(request: IncomingMessage, keys: SensKeys, clock: Clock): Refusal | undefined {
  const unauthenticated = (reason: string) => gatewayRefusal(401, '200', 'Authentication Failed', reason);
  const header = (name: string) => request.headersDistinct[name] ?? [];
  const names = ['x-ncp-apigw-timestamp', 'x-ncp-iam-access-key', 'x-ncp-apigw-signature-v2'] as const;
  for (const name of names) {
    if (header(name).length > 1) return gatewayRefusal(400, '100', 'Bad Request Exception', `${name} came twice.`);
    if (header(name).length === 0) return unauthenticated(`${name} is missing.`);
  }
  const [timestamp = '', accessKey = '', signature = ''] = names.map((name) => header(name)[0]);
  if (!/^\d{1,15}$/.test(timestamp)) return unauthenticated('x-ncp-apigw-timestamp is no epoch in milliseconds.');
  const skewMs = Number(timestamp) - clock.now();
  if (Math.abs(skewMs) > MAX_SKEW_MS) return unauthenticated(`x-ncp-apigw-timestamp is ${skewMs} ms off.`);
  if (accessKey !== keys.accessKey) return unauthenticated('x-ncp-iam-access-key is unknown.');
  // The target as it came over the wire: a re-parsed one could differ in its escapes and order (SENS, signature).
  const signed = `${request.method} ${request.url}\n${timestamp}\n${accessKey}`;
  const expected = Buffer.from(createHmac('sha256', keys.secretKey).update(signed).digest('base64'));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected)
    ? undefined
    : unauthenticated('x-ncp-apigw-signature-v2 does not match.');
}
