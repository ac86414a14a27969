/**
 * The webhooks of one SecureKey account: whether one is genuine, and what it says (SecureKey, Webhook 수신). The samples
 * sign three different texts of one body; the bytes as they came are the only one that a receiver can have.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookContent, WebhookHeaders, WebhookSource, WebhookSubject } from '../../core/webhooks/source.ts';
import { jsonObject, OPAQUE_ID } from './answer.ts';
import { decisionOf } from './decision.ts';

export interface SecureKeyWebhookOptions {
  readonly account: string;
  /** Any of them may have signed, so that one can replace another. Without any, nothing is genuine. */
  readonly webhookSecrets: readonly string[];
}

const EVENT_NAME = /^[\x21-\x7e]{1,100}$/;
const USER_ID = /^\P{Surrogate}{1,256}$/u;

export function createSecureKeyWebhookSource(options: SecureKeyWebhookOptions): WebhookSource {
  const secrets = options.webhookSecrets.map((secret) => Buffer.from(secret, 'utf8'));
  return {
    provider: 'SECUREKEY',
    account: options.account,

    isGenuine(body, headers) {
      const digest = signedDigest(headers);
      if (digest === undefined) return false;
      let genuine = false;
      // All of them, always: how long it takes must not tell which one it was.
      for (const secret of secrets) {
        if (timingSafeEqual(createHmac('sha256', secret).update(body).digest(), digest)) genuine = true;
      }
      return genuine;
    },
    read,
  };
}

/** The 32 bytes of the one header there may be; undefined for anything else, on which timingSafeEqual would throw. */
function signedDigest(headers: WebhookHeaders): Buffer | undefined {
  const values = headers['x-securekey-signature'];
  const value = Array.isArray(values) && values.length === 1 ? values[0] : undefined;
  if (typeof value !== 'string' || !/^sha256=[0-9a-f]{64}$/.test(value)) return undefined;
  return Buffer.from(value.slice('sha256='.length), 'hex');
}

function read(body: Uint8Array): WebhookContent {
  const json = jsonObject(parse(body));
  const event = json?.['event'];
  if (typeof event !== 'string' || !EVENT_NAME.test(event)) return {};
  const subject = event === 'push.responded' ? pushResponded(json?.['data']) : undefined;
  return { event, ...(subject === undefined ? {} : { subject }) };
}

function pushResponded(value: unknown): WebhookSubject | undefined {
  const data = jsonObject(value);
  const requestId = data?.['requestId'];
  if (data === undefined || typeof requestId !== 'string' || !OPAQUE_ID.test(requestId)) return undefined;
  // What a request calls userId (by the samples, and by context the same).
  const userId = data['externalUserId'];
  const decision = decisionOf(data);
  return {
    type: 'PUSH_RESPONDED',
    requestId,
    ...(typeof userId === 'string' && USER_ID.test(userId) ? { userId } : {}),
    ...(decision === undefined ? {} : { decision }),
  };
}

function parse(body: Uint8Array): unknown {
  try {
    // It also strips a byte order mark.
    return JSON.parse(new TextDecoder('utf-8').decode(body));
  } catch {
    return undefined;
  }
}
