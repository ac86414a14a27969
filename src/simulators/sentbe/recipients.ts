/** The people who receive: made, changed, shown (create recipient, recipient info, recipient params). */
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { SentbeRefusal } from './envelope.ts';
import { type Corridor, createdAtOf, createModels } from './models.ts';
import { birthDate, country, countryOf, externalId, modelId, type Parameters, read, text } from './parameters.ts';
import { BANKS, methodOf, RECEIVE_METHODS, type RemittanceMethod, remittanceCodes } from './reference-data.ts';
import type { Users } from './users.ts';

export interface Recipient {
  readonly id: number;
  readonly corridor: Corridor;
  readonly userId: number;
  /** Into Korea: they have shown who they are, and can be changed no more. */
  readonly isVerified: boolean;
  readonly view: Readonly<Record<string, unknown>>;
}

const person = { first_name: text, middle_name: text.optional(), last_name: text };
const phone = { phone_country_code: country, phone_number: text };
const inboundBank = z.strictObject({
  name: text,
  account_number: text,
  account_holder_name: text,
  branch: text.optional(),
});
const inbound = z.object({
  user_id: modelId,
  ...phone,
  ...person,
  country,
  birth_date: birthDate.optional(),
  email: text.optional(),
  bank_attributes: inboundBank,
});
const inboundChanges = inbound
  .partial()
  .omit({ user_id: true })
  .extend({ recipient_id: modelId.optional(), id: modelId.optional() });

const REQUIRED = [
  'country',
  'receive_method',
  'user_id',
  'first_name',
  'last_name',
  'external_id',
  'phone_country_code',
  'phone_number',
] as const;
const ADDRESS = ['country', 'city', 'region'] as const;
/** Where a pick-up or a delivery names its place is not published: taken from bank_attributes. */
const DETAILS: Readonly<
  Record<
    RemittanceMethod,
    { readonly in: string; readonly required: readonly string[]; readonly optional: readonly string[] }
  >
> = {
  bank: {
    in: 'bank_attributes',
    required: ['name', 'account_number', 'account_holder_name', 'account_type'],
    optional: ['branch'],
  },
  pickup: { in: 'bank_attributes', required: ['name'], optional: ['branch'] },
  debit_card: { in: 'debit_card_attributes', required: ['name', 'card_number', 'card_holder_name'], optional: [] },
  home_delivery: { in: 'bank_attributes', required: ['name'], optional: [] },
};

const optionalTexts = (names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, text.nullish()])) as Record<string, z.ZodOptional>);
const outbound = z.object({
  user_id: modelId,
  ...phone,
  ...person,
  country,
  receive_method: text,
  external_id: externalId,
  identification_number: text.optional(),
  birth_date: birthDate.optional(),
  email: text.optional(),
  address_attributes: z.strictObject({
    region: text,
    country,
    city: text,
    line_1: text.optional(),
    line_2: text.optional(),
    postal_code: text.optional(),
  }),
  bank_attributes: optionalTexts([...DETAILS.bank.required, 'branch']).optional(),
  debit_card_attributes: optionalTexts(DETAILS.debit_card.required).optional(),
});

/** What GET params answers. @throws SentbeRefusal E0102, E0011 */
export function recipientParams(toCountry?: string, receiveMethod = 'Bank'): object {
  const method = methodOf(receiveMethod);
  if (method === undefined) throw new SentbeRefusal('E0102', 'receive_method');
  if (toCountry !== undefined) remittanceCodes(method, toCountry);
  const { in: part, required, optional } = DETAILS[method];
  return {
    required: [...REQUIRED, { address_attributes: ADDRESS, [part]: required }],
    optional: ['middle_name', ...(optional.length > 0 ? [{ [part]: optional }] : [])],
  };
}

export type Recipients = ReturnType<typeof createRecipients>;

export function createRecipients(clock: Clock, users: Users) {
  const models = createModels<Recipient>('recipient', 2_001);

  /** @throws SentbeRefusal E0012 */
  function checkKoreanBank(code: string | undefined): void {
    if (code !== undefined && !Object.hasOwn(BANKS, code)) throw new SentbeRefusal('E0012', code);
  }

  return {
    createInbound(parameters: Parameters): Recipient {
      const given = read(inbound, parameters);
      users.get('inbound', given.user_id);
      countryOf(given.country);
      countryOf(given.phone_country_code);
      checkKoreanBank(given.bank_attributes.name);
      return models.add({
        corridor: 'inbound',
        userId: given.user_id,
        isVerified: false,
        view: {
          first_name: given.first_name,
          last_name: given.last_name,
          email: given.email ?? null,
          created_at: createdAtOf(clock.now()),
          phone_country_code: given.phone_country_code,
          phone_number: given.phone_number,
          birth_date: given.birth_date ?? null,
          bank_attributes: { ...given.bank_attributes, branch: given.bank_attributes.branch ?? null },
        },
      });
    },
    createOutbound(parameters: Parameters): Recipient {
      const given = read(outbound, parameters);
      users.get('outbound', given.user_id);
      countryOf(given.phone_country_code);
      countryOf(given.address_attributes.country);
      const method = methodOf(given.receive_method);
      if (method === undefined) throw new SentbeRefusal('E0102', 'receive_method');
      const codes = remittanceCodes(method, countryOf(given.country));
      const { in: part, required, optional } = DETAILS[method];
      const details = (part === 'bank_attributes' ? given.bank_attributes : given.debit_card_attributes) ?? {};
      const missing = required.find((field) => typeof details[field] !== 'string');
      if (missing !== undefined) throw new SentbeRefusal('E0005', `${part}.${missing}: required`);
      if (!codes.some(({ value }) => value === details['name'])) throw new SentbeRefusal('E0012');
      const shown = [...required, ...optional].filter((field) => field !== 'account_type');
      return models.add({
        corridor: 'outbound',
        userId: given.user_id,
        isVerified: false,
        view: {
          first_name: given.first_name,
          last_name: given.last_name,
          email: given.email ?? null,
          created_at: createdAtOf(clock.now()),
          phone_country_code: given.phone_country_code,
          phone_number: given.phone_number,
          birth_date: given.birth_date ?? null,
          receive_method: RECEIVE_METHODS[method],
          receive_method_info: Object.fromEntries(shown.map((field) => [field, details[field] ?? null])),
        },
      });
    },
    updateInbound(parameters: Parameters): Recipient {
      const {
        recipient_id,
        id,
        bank_attributes,
        middle_name: _,
        country: to,
        ...given
      } = read(inboundChanges, parameters);
      const which = recipient_id ?? id;
      if (which === undefined || (id !== undefined && id !== which)) throw new SentbeRefusal('E0005', 'recipient_id');
      const recipient = models.get('inbound', which);
      if (recipient.isVerified) throw new SentbeRefusal('E0010');
      if (to !== undefined) countryOf(to);
      if (given.phone_country_code !== undefined) countryOf(given.phone_country_code);
      checkKoreanBank(bank_attributes?.name);
      const bank = bank_attributes && { ...bank_attributes, branch: bank_attributes.branch ?? null };
      const view = { ...recipient.view, ...given, ...(bank !== undefined && { bank_attributes: bank }) };
      const changed = { ...recipient, view };
      models.replace(changed);
      return changed;
    },
    get: models.get,
    /** @throws SentbeRefusal E0002 also for a recipient of another user */
    ofUser(corridor: Corridor, id: number, userId: number): Recipient {
      const recipient = models.get(corridor, id);
      if (recipient.userId !== userId) throw new SentbeRefusal('E0002', `recipient ${id}`);
      return recipient;
    },
    of: models.of,
    verify(id: number): void {
      const recipient = models.find(id);
      if (recipient !== undefined) models.replace({ ...recipient, isVerified: true });
    },
  };
}

export const recipientView = ({ id, view }: Recipient): object => ({ id, ...view });
