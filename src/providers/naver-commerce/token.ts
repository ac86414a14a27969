/**
 * The token call (Naver Commerce, exchange-sellers-auth): asked once, and once more at once where the clock was the
 * fault and the refusal itself has shown the right time. When to ask at all is for core's token broker to say.
 */
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { IssuedToken, TokenSubject } from '../../core/commerce/provider.ts';
import { ProviderUnavailable } from '../../core/errors.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { CommerceReply } from './answer.ts';
import { type CommerceApi, type CommerceCall, NOTABLE_SKEW_MS, TOKEN_PATH } from './api.ts';
import type { CommerceCredentials } from './credentials.ts';
import type { Signer } from './signer.ts';
import { isTokenSubject, TOKEN_CONTENT_TYPE, tokenForm, tokenTimestamp } from './token-request.ts';

const call: CommerceCall = { path: TOKEN_PATH, scope: 'Naver Commerce tokens', method: 'POST' };

const issued = z.object({
  // It goes into a header.
  access_token: z.string().regex(/^[\x21-\x7e]{1,4096}$/),
  expires_in: z.union([
    z.number().positive(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ]),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .default('Bearer'),
});

type Refused = Extract<CommerceReply, { kind: 'REFUSED' }>;

/** Of the application or its proof, which a seller has no part in. */
const speaksOfTheApplication = /client_?id|client_?secret|client_secret_sign|signature|timestamp|grant_?type|^GW\./i;
/** Of the states of a shop and of rights in it (token: 403 and 404). */
const speaksOfTheSeller = /^(?:(?:[A-Z]+_)?NOT_FOUND|INVALID_[A-Z]+_STATUS|RESOURCE_NOT_AVAILABLE)$/;
const NOT_A_SELLER_ACCOUNT = 'NOT_A_SELLER_ACCOUNT';
const speaksOfTheProof = /client_secret_sign|signature|timestamp/i;

/** Whether a refusal of the token call is about the shop that was named: the application may have tokens for others. */
export function isAboutSubject({ code, text = '' }: ProviderFault): boolean {
  if (code === NOT_A_SELLER_ACCOUNT) return true;
  if (speaksOfTheApplication.test(`${code} ${text}`)) return false;
  return speaksOfTheSeller.test(code) || /account_?id/i.test(text);
}

function clockUnusable(at: number): ProviderUnavailable {
  const text = 'Neither it nor an answer of Naver shows a time between 2020 and 2100.';
  return new ProviderUnavailable("This machine's clock is unusable. Nothing was sent to Naver.", {
    outcome: 'NOT_ACCEPTED',
    origin: { provider: 'NAVER_COMMERCE', code: 'CLOCK_UNUSABLE', text, at },
  });
}

export function createTokenIssuer(options: {
  readonly api: CommerceApi;
  readonly credentials: CommerceCredentials;
  readonly sign: Signer['sign'];
  readonly clock: Clock;
}): (subject: TokenSubject) => Promise<IssuedToken> {
  const { api, credentials, sign, clock } = options;
  const { clientId, clientSecret } = credentials;

  async function ask(subject: TokenSubject) {
    let sentAt = clock.now();
    let usedOffsetMs = 0;
    const reply = await api.call(
      call,
      async () => {
        usedOffsetMs = api.peerClock.offsetMs();
        const timestamp = tokenTimestamp(api.peerClock.now());
        if (timestamp === undefined) throw clockUnusable(clock.now());
        const signature = await sign(timestamp);
        sentAt = clock.now();
        return {
          headers: { 'content-type': TOKEN_CONTENT_TYPE, accept: 'application/json' },
          body: tokenForm({ clientId, timestamp, signature, subject }),
          secrets: [clientSecret, signature],
        };
      },
      (refused) => subject.type === 'SELF' || speaksOfTheApplication.test(refused.about),
    );
    return { reply, sentAt, usedOffsetMs };
  }

  /** Whether the refused call would pass now, because its timestamp was the fault and the answer has mended it. */
  function isClockMended(refused: Refused, usedOffsetMs: number): boolean {
    const isOfThatKind =
      [400, 401, 403].includes(refused.fault.httpStatus ?? 0) && speaksOfTheProof.test(refused.about);
    return isOfThatKind && Math.abs(api.peerClock.offsetMs() - usedOffsetMs) > NOTABLE_SKEW_MS;
  }

  return async (subject) => {
    if (!isTokenSubject(subject)) {
      const text = 'A seller account is 1 to 64 printable ASCII characters without spaces. Nothing was sent.';
      throw api.rejected({ provider: 'NAVER_COMMERCE', code: NOT_A_SELLER_ACCOUNT, text, at: clock.now() });
    }
    let asked = await ask(subject);
    if (asked.reply.kind === 'REFUSED' && isClockMended(asked.reply, asked.usedOffsetMs)) asked = await ask(subject);
    const { reply, sentAt } = asked;
    if (reply.kind !== 'DONE') throw api.rejected(reply.fault);
    const parsed = issued.safeParse(reply.body);
    if (!parsed.success) {
      const names = [...new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')))];
      throw api.unreadable(reply.httpStatus, `It has no good ${names.join(', ')}.`);
    }
    const { access_token, expires_in, token_type } = parsed.data;
    // Counted from before it was asked for, so that it never seems to live longer than it does.
    return { accessToken: access_token, tokenType: token_type, expiresAt: sentAt + Math.floor(expires_in * 1_000) };
  };
}
