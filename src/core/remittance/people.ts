/**
 * Users and recipients as they are kept: a record that is stored before the provider is called, and what became of the
 * call. What the provider needs besides (passwords, identity numbers, addresses, accounts) passes through and is in none.
 */
import type { Clock, Instant } from '../clock.ts';
import { GatewayError, ProviderUnavailable, type Subject } from '../errors.ts';
import {
  assertSameInput,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyTtlMs,
  useOf,
} from '../idempotency.ts';
import type { ProviderFault } from '../outcome.ts';
import { type Store, StoreUnavailable, storeKey } from '../store.ts';
import type { Corridor, Verifications } from './provider.ts';
import { faultOf, isUncertain, takenExternalId, withSubject } from './refusal.ts';
import { createTurns } from './turns.ts';

/** SENDING: on its way to the provider. UNCONFIRMED: the answer was lost; nobody can say, and it is not sent again. */
export type Registration = 'SENDING' | 'REGISTERED' | 'UNCONFIRMED';

interface Person {
  readonly id: string;
  readonly tenant: string;
  readonly provider: 'SENTBE';
  readonly account: string;
  /** Whose id `providerId` is: to another partner it names somebody else. */
  readonly partner: string;
  readonly corridor: Corridor;
  /** The tenant's own name of the person, and the one that the provider sees. */
  readonly externalId: string;
  readonly providerExternalId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** ISO 3166-1 alpha-2: a user's nationality, or where a recipient is. */
  readonly country: string;
  readonly registration: Registration;
  /** When a call whose answer never came counts as lost. */
  readonly giveUpAt: Instant;
  /** The provider's id. */
  readonly providerId?: string;
  readonly fault?: ProviderFault;
  readonly createdAt: Instant;
}

export interface RemittanceUser extends Person {
  readonly email?: string;
  readonly verifications: Verifications;
  /** When the provider was last asked for them. */
  readonly checkedAt: Instant;
}

export interface RemittanceRecipient extends Person {
  readonly userId: string;
  readonly receiveMethod: string;
}

export interface RegisterRequest<Of extends Person> {
  /** The GraphQL field, to which the key is scoped. */
  readonly field: string;
  readonly idempotencyKey: string;
  /** The input in the form in which two calls are the same call. */
  readonly canonical: Readonly<Record<string, unknown>>;
  /** The record to store before the call. @throws GatewayError where it cannot be. */
  readonly compose: () => Promise<Of>;
  /** The provider's answer, as what it changes of the record. @throws GatewayError */
  readonly call: (person: Of) => Promise<Partial<Of>>;
  /** What a lost answer said, read from the provider. Undefined where it does not tell. @throws GatewayError */
  readonly find?: (person: Of) => Promise<Partial<Of> | undefined>;
}

export interface People<Of extends Person> {
  load(tenant: string, ids: readonly string[]): Promise<readonly (Of | undefined)[]>;
  /**
   * Once a key, and once an external id. What the provider certainly did not take is forgotten, so that the same key may
   * be tried anew. @throws GatewayError; ProviderUnavailable with the outcome UNKNOWN and a subject where nobody can say.
   */
  register(tenant: string, request: RegisterRequest<Of>): Promise<Of>;
  /** As it stands after. Undefined where there is none. */
  change(person: Of, change: (person: Of) => Of): Promise<Of | undefined>;
}

export function createPeople<Of extends Person>(options: {
  readonly store: Store;
  readonly clock: Clock;
  readonly type: 'RemittanceUser' | 'RemittanceRecipient';
}): People<Of> {
  const { store, clock, type } = options;
  const kind = type === 'RemittanceUser' ? 'remittance-user' : 'remittance-recipient';
  const keyOf = (tenant: string, id: string): string => storeKey(kind, tenant, id);
  const pointerOf = ({ provider, account, partner, providerExternalId }: Of): string =>
    storeKey(kind, 'external', provider, account, partner, store.keyedHash(providerExternalId));
  const inTurn = createTurns();
  const subjectOf = ({ id }: Of): Subject => ({ type, id });

  /** Nobody has to look at the clock for a call that was lost. */
  const asOfNow = (person: Of): Of =>
    person.registration === 'SENDING' && clock.now() >= person.giveUpAt
      ? { ...person, registration: 'UNCONFIRMED' }
      : person;

  async function get(key: string): Promise<Of | undefined> {
    const stored = await store.get<Of>(key);
    return stored && asOfNow(stored.value);
  }

  /** The same key once more; undefined where what it stood for is being forgotten. */
  async function again(key: string, find: RegisterRequest<Of>['find']): Promise<Of | undefined> {
    const person = await get(key);
    if (person === undefined || person.registration === 'REGISTERED') return person;
    const found = person.registration === 'UNCONFIRMED' && (await find?.(person).catch(onlyNotTold));
    if (!found) throw unconfirmed(person);
    const { fault: _fault, ...known } = person;
    return change(person, (stored) =>
      stored.registration === 'REGISTERED' ? stored : ({ ...known, ...found, registration: 'REGISTERED' } as Of),
    );
  }

  const unconfirmed = (person: Of): ProviderUnavailable =>
    new ProviderUnavailable('The provider may have it: its answer was lost, and it is not sent again.', {
      outcome: 'UNKNOWN',
      subject: subjectOf(person),
      ...(person.fault !== undefined && { origin: person.fault }),
    });

  async function callOnce(person: Of, recordKey: string, call: RegisterRequest<Of>['call']): Promise<Of> {
    const key = keyOf(person.tenant, person.id);
    try {
      const answer = await call(person);
      return (await change(person, (stored) => ({ ...stored, ...answer, registration: 'REGISTERED' }))) ?? person;
    } catch (error) {
      if (error instanceof StoreUnavailable) throw answerNotStored(person, error);
      // Anything else is a bug, after which nobody can say.
      if (!(error instanceof GatewayError)) throw error;
      if (!isUncertain(error)) {
        const pointer = pointerOf(person);
        // Where the store is away, it is UNCONFIRMED in time: the caller hears the provider's word all the same.
        await store.write({ remove: [key, pointer, recordKey] }).catch(onlyStoreAway);
        throw error;
      }
      const fault = faultOf(error, clock.now());
      await change(person, (stored) => ({ ...stored, registration: 'UNCONFIRMED', fault })).catch(onlyStoreAway);
      throw withSubject(error, subjectOf(person));
    }
  }

  const answerNotStored = (person: Of, cause: StoreUnavailable): ProviderUnavailable =>
    new ProviderUnavailable('The provider answered, and the store stopped answering before it was noted.', {
      code: 'STORE_UNAVAILABLE',
      outcome: 'UNKNOWN',
      subject: subjectOf(person),
      cause,
    });

  async function change({ tenant, id }: Of, edit: (person: Of) => Of): Promise<Of | undefined> {
    const key = keyOf(tenant, id);
    for (;;) {
      const stored = await store.get<Of>(key);
      if (stored === undefined) return undefined;
      const value = edit(stored.value);
      if ((await store.write({ expect: [{ key, version: stored.version }], put: [{ key, value }] })).committed)
        return value;
    }
  }

  async function register(recordKey: string, { canonical, compose, call, find }: RegisterRequest<Of>): Promise<Of> {
    const fingerprint = fingerprintOf(store, canonical);
    for (;;) {
      const used = await useOf(store, recordKey);
      if (used !== undefined) {
        assertSameInput(used, fingerprint);
        const person = await again(used.subjectKey, find);
        if (person !== undefined) return person;
        continue;
      }
      const person = await compose();
      const key = keyOf(person.tenant, person.id);
      const pointer = pointerOf(person);
      const record: IdempotencyRecord = { subjectKey: key, firstUsedAt: person.createdAt, fingerprint };
      const result = await store.write({
        expect: [recordKey, key, pointer].map((each) => ({ key: each, version: 0 })),
        put: [
          { key, value: person },
          { key: pointer, value: key },
          { key: recordKey, value: record, ttlMs: idempotencyTtlMs },
        ],
      });
      if (result.committed) return callOnce(person, recordKey, call);
      if (!result.conflicts.includes(recordKey)) throw takenExternalId();
    }
  }

  return {
    async load(tenant, ids) {
      const records = await store.getMany<Of>(ids.map((id) => keyOf(tenant, id)));
      return records.map((record) => record && asOfNow(record.value));
    },
    register(tenant, request) {
      const recordKey = idempotencyKey(store, tenant, request.field, request.idempotencyKey);
      return inTurn(recordKey, () => register(recordKey, request));
    },
    change,
  };
}

/** The provider does not say now: it stays as it is. */
function onlyNotTold(error: unknown): undefined {
  if (!(error instanceof GatewayError)) throw error;
}

function onlyStoreAway(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
