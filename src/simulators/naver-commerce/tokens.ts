/** The tokens that are out: one live token per (type, account_id), handed out again while it has long to live. */
import { randomBytes } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';

export interface Token {
  readonly accessToken: string;
  readonly type: 'SELF' | 'SELLER';
  readonly accountId: string;
  readonly expiresAt: Instant;
  readonly revoked: boolean;
}

interface Issued {
  readonly token: Token;
  readonly isNew: boolean;
  /** Whole seconds left of its life, rounded down: on a repeated call the remaining ones of the same token. */
  readonly expiresIn: number;
}

export interface TokenRules {
  readonly tokenLifeMs: number;
  readonly tokenReuseMs: number;
  readonly revokedToken: 'REPLACED' | 'RETURNED';
}

export interface Tokens {
  issue(owner: Pick<Token, 'type' | 'accountId'>, now: Instant, rules: TokenRules): Issued;
  /** Undefined for a stranger, and for one that has expired or was revoked. */
  find(accessToken: string, now: Instant): Token | undefined;
  /** From here none of those that are out opens anything. Tells how many were live. */
  revoke(now: Instant): number;
  live(now: Instant): number;
}

export function createTokens(): Tokens {
  const byText = new Map<string, Token>();
  const newest = new Map<string, string>();

  const isLive = (token: Token, now: Instant) => !token.revoked && now < token.expiresAt;
  const isDue = (token: Token, now: Instant, rules: TokenRules) =>
    token.expiresAt - now < rules.tokenReuseMs ||
    now >= token.expiresAt ||
    (token.revoked && rules.revokedToken === 'REPLACED');

  return {
    issue(owner, now, rules) {
      for (const [text, token] of byText) if (now >= token.expiresAt) byText.delete(text);
      const key = `${owner.type} ${owner.accountId}`;
      const before = byText.get(newest.get(key) ?? '');
      const isNew = before === undefined || isDue(before, now, rules);
      const token = isNew
        ? {
            type: owner.type,
            accountId: owner.accountId,
            accessToken: randomBytes(24).toString('base64url'),
            expiresAt: now + rules.tokenLifeMs,
            revoked: false,
          }
        : before;
      byText.set(token.accessToken, token);
      newest.set(key, token.accessToken);
      return { token, isNew, expiresIn: Math.floor((token.expiresAt - now) / 1000) };
    },
    find(accessToken, now) {
      const token = byText.get(accessToken);
      return token !== undefined && isLive(token, now) ? token : undefined;
    },
    revoke(now) {
      const live = [...byText.values()].filter((token) => isLive(token, now));
      for (const token of live) byText.set(token.accessToken, { ...token, revoked: true });
      return live.length;
    },
    live: (now) => [...byText.values()].filter((token) => isLive(token, now)).length,
  };
}
