/**
 * One token for each subject of an account, whoever needs it and however many gateways there are: kept in the store,
 * renewed by one call while the old one still serves, replaced by one call when it was refused. Nothing of it is logged.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { GatewayError, ProviderRejected, ProviderUnavailable, storeUnavailable } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ProviderFault } from '../outcome.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { CommerceAnswer, CommerceProvider, IssuedToken, TokenSubject } from './provider.ts';
import { failureOf, isInUse, isRenewalDue, isUsable, renewAtOf, type StoredToken } from './token-record.ts';
import { createTokenStore, type TokenRecords } from './token-store.ts';

export interface CommerceToken extends IssuedToken {
  /** From then on it is renewed while it still serves. */
  readonly renewAt: Instant;
  /** It was there already, or another call asked for it: this one asked nothing of the provider. */
  readonly reused: boolean;
}

export interface TokenBroker {
  /** @throws GatewayError of `issueToken`, or the one of a moment ago that still stands. */
  token(subject: TokenSubject): Promise<CommerceToken>;
  /**
   * Calls with a token; once more with a new one where that was refused. A second refusal is ProviderRejected: the
   * call certainly had no effect, and no waiting helps a token that is refused when it is new.
   */
  withToken<T>(subject: TokenSubject, call: (accessToken: string) => Promise<CommerceAnswer<T>>): Promise<T>;
  /** Lets renewals under way finish. */
  stop(): Promise<void>;
}

export interface TokenBrokerOptions {
  readonly store: Store;
  readonly provider: CommerceProvider;
  /** Names this process, as of a lease. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait for a token that another gateway asks for; longer than the call takes. @default 20_000 */
  readonly waitMs?: number;
  /** Between looks for tokens that are in use and due for renewal, though nobody asks just now. @default 60_000 */
  readonly renewalCheckMs?: number;
  /** Sellers whose tokens this process keeps at hand; the store has the others. @default 1_000 */
  readonly maxSubjects?: number;
}

interface Obtained {
  readonly token: StoredToken;
  readonly reused: boolean;
  /** Refused, and not to be replaced yet. */
  readonly held?: true;
}

interface SubjectState {
  readonly subject: TokenSubject;
  readonly key: string;
  token?: StoredToken;
  renewal?: Promise<Obtained> | undefined;
  nextRenewalAt: Instant;
  usedAt: Instant;
}

interface Renewal {
  /** The token that is not to be had again. */
  readonly instead?: string;
  readonly wasRefused?: true;
}

const pollMs = 75;
const renewalRetryMs = 10_000;

export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { store, provider, owner, clock, log, waitMs = 20_000, renewalCheckMs = 60_000 } = options;
  const { maxSubjects = 1_000 } = options;
  const states = new Map<string, SubjectState>();
  const records = createTokenStore(store, provider, clock);
  let checking: NodeJS.Timeout | undefined;
  let lastTurn: Promise<unknown> = Promise.resolve();
  let isStopped = false;
  let failing = false;

  function stateOf(subject: TokenSubject): SubjectState {
    // Its key in the store costs two hashes, which a thousand callers at once would feel.
    const name = subject.type === 'SELLER' ? `SELLER ${subject.sellerAccountId}` : subject.type;
    const known = states.get(name) ?? stateFor(subject);
    known.usedAt = clock.now();
    // The last of them is the one that was used last.
    states.delete(name);
    states.set(name, known);
    return known;
  }

  function stateFor(subject: TokenSubject): SubjectState {
    for (const [name, { renewal }] of states) {
      if (states.size < maxSubjects) break;
      if (renewal === undefined) states.delete(name);
    }
    if (checking === undefined && !isStopped) checking = setInterval(renewThoseInUse, renewalCheckMs).unref();
    return { subject, key: records.keyOf(subject), nextRenewalAt: 0, usedAt: 0 };
  }

  /** Who comes every few minutes only must not find that a token has lapsed. One that nobody uses may. */
  function renewThoseInUse(): void {
    const now = clock.now();
    for (const state of states.values()) {
      const { token, usedAt } = state;
      if (token !== undefined && isUsable(token, now) && isInUse(usedAt, now)) renewWhenDue(state, token, now);
    }
  }

  async function obtain(state: SubjectState): Promise<Obtained> {
    const { token } = state;
    const now = clock.now();
    if (token === undefined || !isUsable(token, now)) return renew(state, {});
    renewWhenDue(state, token, now);
    return { token, reused: true };
  }

  function renewWhenDue(state: SubjectState, token: StoredToken, now: Instant): void {
    if (isRenewalDue(token, now) && now >= state.nextRenewalAt && state.renewal === undefined) {
      renew(state, { instead: token.issueId }).then(
        () => {
          failing = false;
        },
        (error) => {
          state.nextRenewalAt = clock.now() + renewalRetryMs;
          if (!failing) log.warn('commerce.token-renewal-failed', { ...names, error });
          failing = true;
        },
      );
    }
  }

  const names = { provider: provider.provider, account: provider.account };

  /** One at a time for a subject: whoever comes while it runs wants the same. */
  function renew(state: SubjectState, renewal: Renewal): Promise<Obtained> {
    if (state.renewal !== undefined) return state.renewal.then((obtained) => ({ ...obtained, reused: true }));
    state.renewal = renewOnce(state, renewal)
      .then((obtained) => {
        state.token = obtained.token;
        return obtained;
      })
      .catch((error) => {
        throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
      })
      .finally(() => {
        state.renewal = undefined;
      });
    return state.renewal;
  }

  async function renewOnce(state: SubjectState, renewal: Renewal): Promise<Obtained> {
    const giveUpMs = clock.monotonicMs() + waitMs;
    const known = settled(await records.read(state.key), renewal);
    return known ?? inTurn(() => renewInTurn(state, renewal, giveUpMs));
  }

  /** One at a time for the application: what one call of it is refused for, the next would be. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = lastTurn.then(work);
    lastTurn = done.catch(() => undefined);
    return done;
  }

  async function renewInTurn(state: SubjectState, renewal: Renewal, giveUpMs: number): Promise<Obtained> {
    for (;;) {
      const known = settled(await records.read(state.key), renewal);
      if (known !== undefined) return known;
      if (clock.monotonicMs() > giveUpMs) {
        throw new ProviderUnavailable('Others have been asking for tokens for too long.', { outcome: 'NOT_ACCEPTED' });
      }
      const askedMs = clock.monotonicMs();
      const held = await store.acquireLease(records.lease, owner, waitMs);
      if (held !== undefined) {
        try {
          // Once more behind the lease: who held it before has written by now.
          const found = await records.read(state.key);
          const known = settled(found, renewal);
          if (known !== undefined) return known;
          // Who stood still since is not alone any more: it looks anew. The call itself is shorter than half a term.
          if (clock.monotonicMs() - askedMs < waitMs / 2) {
            return { token: await issue(state, found, renewal), reused: false };
          }
        } finally {
          await store.releaseLease(held, owner).catch(() => undefined);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** What the record says already. @throws GatewayError of a moment ago that still stands. */
  function settled({ own, shared }: TokenRecords, renewal: Renewal): Obtained | undefined {
    const { token, failure, renewalHeldUntil = 0 } = own?.value ?? {};
    const now = clock.now();
    if (token !== undefined && isUsable(token, now)) {
      if (token.issueId !== renewal.instead) return { token, reused: true };
      if (renewal.wasRefused && renewalHeldUntil > now) return { token, reused: true, held: true };
    }
    for (const standing of [failure, shared?.value.failure]) {
      if (standing !== undefined && standing.until > now) throw failureOf(standing.said);
    }
    return undefined;
  }

  async function issue({ subject, key }: SubjectState, found: TokenRecords, renewal: Renewal): Promise<StoredToken> {
    const { instead, wasRefused } = renewal;
    // Nobody else is to begin with a token that is known to be refused.
    const isRefused = wasRefused && found.own?.value.token?.issueId === instead;
    const before = isRefused ? await records.withoutToken(key, found) : found;
    try {
      const issued = await provider.issueToken(subject);
      const token: StoredToken = { ...issued, issueId: randomUUID(), issuedAt: clock.now() };
      await records.issued(key, before, token);
      return token;
    } catch (error) {
      if (error instanceof GatewayError) await records.failed(key, before, error);
      throw error;
    }
  }

  /** Undefined where it was replaced a moment ago, and that one was refused as well. */
  async function replace(state: SubjectState, refused: string): Promise<StoredToken | undefined> {
    for (;;) {
      const { token } = state;
      // Refused late: it has been replaced by now.
      if (token !== undefined && token.issueId !== refused && isUsable(token, clock.now())) return token;
      const obtained = await renew(state, { instead: refused, wasRefused: true });
      if (obtained.held) return undefined;
      if (obtained.token.issueId !== refused) return obtained.token;
      // It joined a look that wanted any token, and that found the refused one.
    }
  }

  return {
    async token(subject) {
      const { token, reused } = await obtain(stateOf(subject));
      const { accessToken, tokenType, expiresAt } = token;
      return { accessToken, tokenType, expiresAt, renewAt: renewAtOf(token), reused };
    },
    async withToken(subject, call) {
      const state = stateOf(subject);
      const { token } = await obtain(state);
      const first = await call(token.accessToken);
      if (!first.tokenRefused) return first.value;
      const other = await replace(state, token.issueId);
      if (other === undefined) throw refusedForGood(first.fault);
      const second = await call(other.accessToken);
      if (!second.tokenRefused) return second.value;
      await records.holdRenewal(state.key, other.issueId);
      throw refusedForGood(second.fault);
    },
    async stop() {
      isStopped = true;
      clearInterval(checking);
      checking = undefined;
      await Promise.allSettled([...states.values()].map(({ renewal }) => renewal));
    },
  };
}

function refusedForGood(fault: ProviderFault): ProviderRejected {
  return new ProviderRejected('Naver refuses the token of this application, also a new one.', fault);
}
