/**
 * Where the tokens of one application are kept: a record for each subject, and one for what hinders all of them alike. Its
 * writes are made behind `lease`.
 */
import type { Clock } from '../clock.ts';
import { type GatewayError, ProviderRejected } from '../errors.ts';
import { type Store, type StoredRecord, StoreUnavailable, storeKey } from '../store.ts';
import type { CommerceProvider, TokenSubject } from './provider.ts';
import {
  type ApplicationRecord,
  type StandingFailure,
  type StoredToken,
  standsUntil,
  storedFailure,
  type TokenRecord,
} from './token-record.ts';

/** `own`: of the subject; `shared`: of the application. */
export interface TokenRecords {
  readonly own: StoredRecord<TokenRecord> | undefined;
  readonly shared: StoredRecord<ApplicationRecord> | undefined;
}

export interface TokenStore {
  /** Whoever holds it may ask for a token of the application. */
  readonly lease: string;
  /** It costs two hashes. */
  keyOf(subject: TokenSubject): string;
  read(key: string): Promise<TokenRecords>;
  /** What `records` are from then on. */
  withoutToken(key: string, records: TokenRecords): Promise<TokenRecords>;
  issued(key: string, records: TokenRecords, token: StoredToken): Promise<void>;
  /** Keeps what is to stand for a while: for the subject where it is about that, else for the application. */
  failed(key: string, records: TokenRecords, error: GatewayError): Promise<void>;
  /** This token is fresh and was refused all the same: for a while, a refusal of it renews nothing. */
  holdRenewal(key: string, issueId: string): Promise<void>;
}

const refusalHoldMs = 10_000;
/** What is known of a failure is kept this long beyond it, so that the next one waits longer. */
const failureKeptMs = 5 * 60_000;

export function createTokenStore(store: Store, provider: CommerceProvider, clock: Clock): TokenStore {
  const application = store.keyedHash(provider.applicationId);
  const applicationKey = storeKey('commerce-token-application', provider.provider, provider.account, application);

  /** A store that is away costs others a call of their own, and nobody the token that is at hand. */
  async function write(key: string, record: TokenRecord | ApplicationRecord, version?: number): Promise<void> {
    const now = clock.now();
    const expiresAt = 'token' in record ? (record.token?.expiresAt ?? 0) : 0;
    const until = Math.max(expiresAt, (record.failure?.until ?? 0) + failureKeptMs, now + 60_000);
    const expect = version === undefined ? {} : { expect: [{ key, version }] };
    await store.write({ ...expect, put: [{ key, value: record, ttlMs: Math.ceil(until - now) }] }).catch(unlessAway);
  }

  function nextFailure(before: StandingFailure | undefined, error: GatewayError): StandingFailure | undefined {
    const count = (before?.count ?? 0) + 1;
    const said = storedFailure(error);
    const until = standsUntil(error, count, clock.now());
    return said === undefined || until === undefined ? undefined : { said, count, until };
  }

  return {
    lease: storeKey('commerce-token-renewal', applicationKey),
    keyOf(subject) {
      const seller = subject.type === 'SELLER' ? store.keyedHash(subject.sellerAccountId) : '';
      return storeKey('commerce-token', provider.provider, provider.account, application, subject.type, seller);
    },
    async read(key) {
      const [own, shared] = await store.getMany<unknown>([key, applicationKey]);
      return {
        own: own as StoredRecord<TokenRecord> | undefined,
        shared: shared as StoredRecord<ApplicationRecord> | undefined,
      };
    },
    async withoutToken(key, { own, shared }) {
      const { token: _refused, ...value } = own?.value ?? {};
      const version = own?.version ?? 0;
      const { committed } = await store.write({
        expect: [{ key, version }],
        put: [{ key, value, ttlMs: failureKeptMs }],
      });
      return { own: { key, value, version: committed ? version + 1 : version }, shared };
    },
    async issued(key, { own, shared }, token) {
      const { renewalHeldUntil } = own?.value ?? {};
      await write(key, { token, ...(renewalHeldUntil !== undefined && { renewalHeldUntil }) });
      if (shared === undefined) return;
      const expect = [{ key: applicationKey, version: shared.version }];
      await store.write({ expect, remove: [applicationKey] }).catch(unlessAway);
    },
    async failed(key, { own, shared }, error) {
      if (error instanceof ProviderRejected && error.origin !== undefined && provider.isAboutSubject(error.origin)) {
        const failure = nextFailure(own?.value.failure, error);
        if (failure !== undefined) await write(key, { ...own?.value, failure }, own?.version ?? 0);
      } else {
        const failure = nextFailure(shared?.value.failure, error);
        if (failure !== undefined) await write(applicationKey, { failure }, shared?.version ?? 0);
      }
    },
    async holdRenewal(key, issueId) {
      const now = clock.now();
      const stored = await store.get<TokenRecord>(key).catch(() => undefined);
      if (stored?.value.token?.issueId !== issueId || (stored.value.renewalHeldUntil ?? 0) > now) return;
      await write(key, { ...stored.value, renewalHeldUntil: now + refusalHoldMs }, stored.version);
    },
  };
}

function unlessAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
