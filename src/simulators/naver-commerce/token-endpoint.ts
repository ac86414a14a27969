/** POST /v1/oauth2/token: who asks, and with what right. Which token is handed out is for tokens.ts to say. */
import { jsonAnswer } from '../http-exchange.ts';
import { type Call, gatewayRefusal, invalidInputs, koreaOffsetIso, type Served } from './gateway.ts';
import type { TokenQuota } from './limits.ts';
import type { Sellers } from './sellers.ts';
import type { NaverCommerceSettings } from './settings.ts';
import type { VerifySignature } from './signature.ts';
import { readTokenRequest } from './token-request.ts';
import type { Tokens } from './tokens.ts';

/** A timestamp is valid for 5 minutes; equality, and the same ahead of its clock, are accepted. */
const MAX_SKEW_MS = 300_000;

export interface TokenEndpoint {
  serve(
    call: Call,
    sent: { readonly contentType: string | undefined; readonly query: string; readonly body: Buffer },
  ): Promise<Served>;
  /** How many malformed requests came, whatever they were answered. */
  readonly malformedCount: number;
}

export function createTokenEndpoint(options: {
  readonly clientId: string;
  readonly verify: VerifySignature;
  readonly tokens: Tokens;
  readonly quota: TokenQuota;
  readonly sellers: Sellers;
  readonly settings: () => NaverCommerceSettings;
}): TokenEndpoint {
  const { clientId, verify, tokens, quota, sellers, settings } = options;
  let malformedCount = 0;

  const refused = (call: Call, name: string, message: string, fields: Served['fields']): Served => ({
    answer: invalidInputs(call, [{ name, type: 'NotValid', message: `${name} ${message}` }]),
    reason: `${name} ${message}`,
    ...(fields !== undefined && { fields }),
  });

  return {
    get malformedCount() {
      return malformedCount;
    },
    async serve(call, sent) {
      const form = readTokenRequest(sent);
      const { quotaPenalty } = settings();
      const hasQuota = quota.take(call.at, quotaPenalty);
      const fields = { ...form.fields, ...(!form.ok && { malformed: true }) };
      if (!form.ok) {
        malformedCount += 1;
        quota.malformed(call.at, quotaPenalty);
      }
      if (!hasQuota) return { ...gatewayRefusal(call, 'GW.QUOTA_LIMIT', 'One token call an hour.'), fields };
      if (!form.ok) {
        const reason = form.flaws.map(({ message }) => message).join(' ');
        return { answer: invalidInputs(call, form.flaws), reason, fields };
      }
      const { request } = form;
      if (request.clientId !== clientId) return refused(call, 'client_id', 'is unknown.', fields);
      const skewMs = Number(request.timestamp) - call.at;
      if (Math.abs(skewMs) > MAX_SKEW_MS) return refused(call, 'timestamp', `is ${skewMs} ms off.`, fields);
      if (!(await verify(request, request.signature))) {
        return refused(call, 'client_secret_sign', 'does not match.', fields);
      }
      const seller = request.accountId === undefined ? sellers.own : sellers.find(request.accountId);
      if (seller === undefined) {
        const message = 'account_id names no seller of this application.';
        const body = { code: 'INTERLOCK_NOT_FOUND', message, timestamp: koreaOffsetIso(call.at), data: null };
        return { answer: jsonAnswer(404, body), reason: message, fields };
      }
      const owner = { type: request.type, accountId: seller.accountId };
      const { token, isNew, expiresIn } = tokens.issue(owner, call.at, settings());
      return {
        answer: jsonAnswer(200, { access_token: token.accessToken, expires_in: expiresIn, token_type: 'Bearer' }),
        fields: { ...fields, handedOut: isNew ? 'NEW' : 'SAME', expires_in: expiresIn },
      };
    },
  };
}
