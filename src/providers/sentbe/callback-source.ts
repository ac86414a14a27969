/**
 * The callbacks of one Sentbe account: `{token, external_id, status}` (Sentbe, Callback transfer status). The token is
 * the same access_id every time and signs nothing, so a callback only says where to look: core reads the transfer before
 * anything changes.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookSource } from '../../core/webhooks/source.ts';
import { type JsonObject, jsonObject, parseExactJson, shortText } from './exact-json.ts';

export interface SentbeCallbackOptions {
  readonly account: string;
  readonly accessId: string;
}

export function createSentbeCallbackSource({ account, accessId }: SentbeCallbackOptions): WebhookSource {
  const expected = sha256(accessId);
  const written = writtenForms(accessId);
  return {
    provider: 'SENTBE',
    account,

    isGenuine(body) {
      const token = shortText(callbackOf(body)?.['token'], 1_024);
      // Digests: of one length, and what their first difference tells is nothing about the token.
      return token !== undefined && timingSafeEqual(sha256(token), expected);
    },

    read(body) {
      const callback = callbackOf(body);
      const externalId = shortText(callback?.['external_id'], 256);
      const status = shortText(callback?.['status'], 64);
      if (externalId === undefined || status === undefined) return {};
      // Sentbe gives it no name; this is the one of the page.
      return { event: 'transfer_status', subject: { type: 'TRANSFER_CHANGED', externalId, status } };
    },

    // As latin1 every other byte stays what it is, also where it is no UTF-8.
    redact: (body) => Buffer.from(Buffer.from(body).toString('latin1').replace(written, '***'), 'latin1'),
  };
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Finds a text in JSON whose bytes are read as latin1, however its characters are escaped there. */
function writtenForms(text: string): RegExp {
  const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
  const forms = [...text].map((character) => {
    const plain = [...Buffer.from(character, 'utf8')].map((byte) => `\\x${hex(byte, 2)}`).join('');
    const units = Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at), 4));
    const escaped = units.map(
      (unit) => `\\\\u${unit.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`,
    );
    const mark = /["\\/]/.test(character) ? '\\\\?' : '';
    return `(?:${escaped.join('')}|${mark}${plain})`;
  });
  return new RegExp(forms.join(''), 'g');
}

function callbackOf(body: Uint8Array): JsonObject | undefined {
  // It also strips a byte order mark.
  return jsonObject(parseExactJson(new TextDecoder('utf-8').decode(body)));
}
