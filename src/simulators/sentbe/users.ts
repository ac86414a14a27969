/** The people who send: made, changed, shown (create user, user info, update user info), and how far they are verified. */
import { createHmac, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { SentbeRefusal } from './envelope.ts';
import { type Corridor, createdAtOf, createModels } from './models.ts';
import { birthDate, country, countryOf, externalId, modelId, type Parameters, read, text } from './parameters.ts';
import { LIST_TYPES, listOf } from './reference-data.ts';

const STATUSES = ['standby', 'processing', 'rejected', 'pending', 'completed'] as const;
export const verificationsChange = z.strictObject({
  mobile: z.enum(['standby', 'completed']).optional(),
  documents: z.enum(STATUSES).optional(),
  bank: z.enum(STATUSES).optional(),
});
type VerificationsChange = z.output<typeof verificationsChange>;
export type Verifications = Readonly<
  Required<{ [Name in keyof VerificationsChange]: NonNullable<VerificationsChange[Name]> }>
>;

interface Person {
  readonly first_name: string;
  readonly last_name: string;
  readonly nationality: string;
  readonly email: string | null;
  readonly phone_country_code: string;
  readonly phone_number: string;
}

export interface User extends Person {
  readonly id: number;
  readonly corridor: Corridor;
  readonly externalId: string | null;
  /** False for one whom Sentbe knows and this partner has not registered. */
  readonly isRegistered: boolean;
  readonly createdAt: string;
  /** Keyed hashes of the identity numbers, which are kept nowhere. */
  readonly identities: readonly string[];
  readonly verifications: Verifications;
}

const name = { first_name: text, middle_name: text.optional(), last_name: text };
const phone = { phone_country_code: country, phone_number: text };
const inbound = z.object({ ...phone, ...name, nationality: country, birth_date: birthDate, email: text.optional() });
const address = z.strictObject({
  region: text,
  country,
  line_1: text,
  line_2: text.optional(),
  city: text,
  postal_code: text,
});
const AGREEMENTS = [
  'unique_id_info',
  'third_party_info',
  'electronic_financial_transactions',
  'privacy_info',
  'small_sum_foreign',
] as const;
const agreement = z.union([z.boolean(), z.enum(['true', 'false'])]).optional();
const outbound = z.object({
  ...phone,
  ...name,
  external_id: externalId,
  nationality: country,
  birth_date: birthDate,
  email: text,
  funds_source: text,
  occupation: text,
  often_send_country: text,
  transfer_purpose: text,
  password: text,
  identification_number: text.optional(),
  passport: text.optional(),
  gender: z.enum(['M', 'F']),
  address_attributes: address,
  agreements_attributes: z.strictObject(
    Object.fromEntries(AGREEMENTS.map((each) => [each, agreement])) as Record<
      (typeof AGREEMENTS)[number],
      typeof agreement
    >,
  ),
});
/** One sample names the user `user_id`, the other reading is `id`. */
const whom = { user_id: modelId.optional(), id: modelId.optional() };
const changes = {
  inbound: z.object({ ...inbound.partial().shape, ...whom }),
  outbound: z.object({ ...outbound.partial().omit({ external_id: true, agreements_attributes: true }).shape, ...whom }),
};
/** 13 digits, and 14 in the document's sample. */
const IDENTIFICATION_NUMBER = /^\d{6}-?\d{7,8}$/;
const STANDBY: Verifications = { mobile: 'standby', documents: 'standby', bank: 'standby' };

export type Users = ReturnType<typeof createUsers>;

export function createUsers(clock: Clock) {
  const models = createModels<User>('user', 1_001);
  const key = randomBytes(32);
  const hashed = (kind: string, identity: string) =>
    createHmac('sha256', key).update(`${kind} ${identity}`).digest('hex');

  /** @throws SentbeRefusal E0011, E0102, E0103 */
  function checkValues(given: Partial<Record<string, unknown>>): void {
    for (const field of ['nationality', 'phone_country_code']) {
      const code = given[field];
      if (typeof code === 'string') countryOf(code);
    }
    const lived = given['address_attributes'] as { country: string } | undefined;
    if (lived !== undefined) countryOf(lived.country);
    for (const type of LIST_TYPES) {
      const value = given[type];
      if (typeof value === 'string' && !listOf(type).includes(value)) throw new SentbeRefusal('E0102', type);
    }
    const number = given['identification_number'];
    if (typeof number === 'string' && !IDENTIFICATION_NUMBER.test(number)) throw new SentbeRefusal('E0103');
  }

  /** @throws SentbeRefusal E0107 where another user has one of them */
  function identitiesOf(given: Parameters, except?: User): readonly string[] {
    const identities = ['identification_number', 'passport'].flatMap((kind) => {
      const identity = given[kind];
      return typeof identity === 'string' ? [hashed(kind, identity.replace(/-/g, ''))] : [];
    });
    const isTaken = models
      .of('outbound')
      .some((user) => user.id !== except?.id && user.identities.some((each) => identities.includes(each)));
    if (isTaken) throw new SentbeRefusal('E0107');
    return identities;
  }

  const personOf = (given: Omit<Person, 'email'> & { readonly email?: string | undefined }): Person => ({
    first_name: given.first_name,
    last_name: given.last_name,
    nationality: given.nationality,
    email: given.email ?? null,
    phone_country_code: given.phone_country_code,
    phone_number: given.phone_number,
  });
  const added = (user: Omit<User, 'id' | 'createdAt' | 'verifications'>) =>
    models.add({ ...user, createdAt: createdAtOf(clock.now()), verifications: STANDBY });

  return {
    createInbound(parameters: Parameters): User {
      const given = read(inbound, parameters);
      checkValues(given);
      return added({ ...personOf(given), corridor: 'inbound', externalId: null, isRegistered: true, identities: [] });
    },
    createOutbound(parameters: Parameters): User {
      const given = read(outbound, parameters);
      checkValues(given);
      const { external_id, agreements_attributes: agreements } = given;
      if (AGREEMENTS.some((each) => String(agreements[each]) !== 'true')) throw new SentbeRefusal('E0113');
      if (given.identification_number === undefined && given.passport === undefined) {
        throw new SentbeRefusal('E0105', 'identification_number or passport');
      }
      if (models.of('outbound').some((user) => user.externalId === external_id)) {
        throw new SentbeRefusal('E0104', 'external_id');
      }
      const identities = identitiesOf(given);
      return added({
        ...personOf(given),
        corridor: 'outbound',
        externalId: external_id,
        isRegistered: true,
        identities,
      });
    },
    /** Someone who joined Sentbe by themselves. */
    addMember(person: Pick<Person, 'first_name' | 'last_name' | 'phone_number'>): User {
      const rest = { nationality: 'KR', phone_country_code: 'KR', email: null };
      return added({ ...rest, ...person, corridor: 'outbound', externalId: null, isRegistered: false, identities: [] });
    },
    update(corridor: Corridor, parameters: Parameters): User {
      const { user_id, id, ...given } = read(changes[corridor] as typeof changes.outbound, parameters);
      const which = user_id ?? id;
      if (which === undefined || (id !== undefined && id !== which)) throw new SentbeRefusal('E0005', 'user_id');
      const user = this.get(corridor, which);
      checkValues(given);
      const identities = identitiesOf(given, user);
      const { nationality: _, ...person } = user;
      const changed: User = {
        ...user,
        ...personOf({
          ...person,
          ...withoutUndefined(given),
          email: given.email ?? user.email ?? undefined,
          nationality: given.nationality ?? user.nationality,
        }),
        identities: identities.length > 0 ? identities : user.identities,
      };
      models.replace(changed);
      return changed;
    },
    /** @throws SentbeRefusal E0002, or E0101 for one whom the partner has not registered */
    get(corridor: Corridor, id: number): User {
      const user = models.get(corridor, id);
      if (!user.isRegistered) throw new SentbeRefusal('E0101');
      return user;
    },
    /** Also one who is not registered. @throws SentbeRefusal E0002 */
    getMember: (id: number) => models.get('outbound', id),
    find: models.find,
    of: (corridor: Corridor) => models.of(corridor).filter(({ isRegistered }) => isRegistered),
    register(id: number, given: string): User {
      const isTaken = models.of('outbound').some((user) => user.externalId === given && user.id !== id);
      if (isTaken) throw new SentbeRefusal('E0104', 'external_id');
      const user = { ...models.get('outbound', id), isRegistered: true, externalId: given };
      models.replace(user);
      return user;
    },
    setVerifications(id: number, change: VerificationsChange): User | undefined {
      const user = models.find(id);
      if (user === undefined) return undefined;
      const changed = { ...user, verifications: { ...user.verifications, ...withoutUndefined(change) } };
      models.replace(changed);
      return changed;
    },
  };
}

type Given<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };
const withoutUndefined = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

/** As user info shows them; neither nationality nor anything secret is part of it. */
export function userView(user: User): object {
  const { id, first_name, last_name, email, createdAt, phone_country_code, phone_number, externalId } = user;
  const common = { id, first_name, last_name, email, created_at: createdAt, phone_country_code, phone_number };
  if (user.corridor === 'inbound') return common;
  return { ...common, external_id: externalId, verifications_status: user.verifications };
}
