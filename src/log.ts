/**
 * pino behind an allow-list: each field of `LogFields` names how it is written, and nothing else gets through, whatever
 * its type was cast to. A deny-list would leak the first field that nobody thought of.
 */
import { type DestinationStream, pino, stdTimeFunctions } from 'pino';
import type { Log, LogFields } from './core/log.ts';
import { currentRequest } from './core/request.ts';

export type LogLevel = 'info' | 'warn' | 'error' | 'silent';

const MAX_TEXT_LENGTH = 256;
const MAX_CAUSES = 4;
const MAX_FRAMES = 12;

const WRITERS: { readonly [Field in keyof Required<LogFields>]: (value: unknown) => unknown } = {
  profile: plain,
  url: (value) => (typeof value === 'string' ? withoutSecrets(value) : undefined),
  durability: plain,
  signal: plain,
  provider: plain,
  account: plain,
  simulated: plain,
  state: plain,
  session: plain,
  code: plain,
  httpStatus: plain,
  outcome: plain,
  cause: plain,
  kind: plain,
  skewMs: plain,
  tps: plain,
  inFlight: plain,
  tenant: plain,
  keyId: plain,
  operation: plain,
  transport: plain,
  requestId: plain,
  messageId: plain,
  remittanceId: plain,
  reference: plain,
  attempt: plain,
  topic: plain,
  lease: plain,
  owner: plain,
  fault: plain,
  count: plain,
  usedPercent: plain,
  ofDay: plain,
  waitMs: plain,
  durationMs: plain,
  phone: (value) => (typeof value === 'string' ? maskPhone(value) : undefined),
  error: (value) => describeError(value, 0),
};

export function createLogger(options: { level: LogLevel; destination?: DestinationStream }): Log {
  const settings = { level: options.level, base: null, timestamp: stdTimeFunctions.isoTime, messageKey: 'event' };
  const logger = options.destination === undefined ? pino(settings) : pino(settings, options.destination);
  return {
    info: (event, fields) => logger.info(allowed(fields), event),
    warn: (event, fields) => logger.warn(allowed(fields), event),
    error: (event, fields) => logger.error(allowed(fields), event),
  };
}

/** 010-****-5678: enough to find a complaint by, too little to call. Any other number is `****`. */
export function maskPhone(phone: string): string {
  const match = /^(02|050\d|0[1-9]\d)\d{3,4}(\d{4})$/.exec(phone.replace(/^\+82/, '0'));
  return match === null ? '****' : `${match[1]}-****-${match[2]}`;
}

function allowed(fields: LogFields | undefined): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  const requestId = currentRequest()?.requestId;
  const given: LogFields = requestId === undefined ? (fields ?? {}) : { requestId, ...fields };
  for (const [name, write] of Object.entries(WRITERS)) {
    const value = given[name as keyof LogFields];
    if (value !== undefined) written[name] = write(value);
  }
  return written;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT_LENGTH);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** A Redis URL carries a password, and a query may carry anything. */
function withoutSecrets(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return plain(`${protocol}//${host}${pathname}`) as string;
}

/** JSON.parse, zod and drivers quote input in their messages; name, code and frames quote only our own source. */
function describeError(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const stack = error.stack ?? '';
  const messageAt = stack.indexOf(error.message);
  // Behind the message only: one of several lines could pass for a frame.
  const trace = messageAt < 0 ? '' : stack.slice(messageAt + error.message.length);
  const frames = trace.split('\n').filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
  return {
    name: error.name.slice(0, MAX_TEXT_LENGTH),
    code: code?.slice(0, MAX_TEXT_LENGTH),
    frames: frames.slice(0, MAX_FRAMES).map((line) => line.trim()),
    cause: error.cause === undefined || depth === MAX_CAUSES ? undefined : describeError(error.cause, depth + 1),
  };
}
