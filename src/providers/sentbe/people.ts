/**
 * Users and recipients, their verification, and documents (Sentbe: create user, create recipient, verifications). The
 * parameters are the documents' own members; one that is unknown to a corridor is refused there (E0005), so none is added.
 */
import type {
  BankAccount,
  Corridor,
  NewRecipient,
  NewUser,
  PostalAddress,
  ProviderUser,
  RemittanceProvider,
} from '../../core/remittance/provider.ts';
import type { SentbeApi } from './api.ts';
import { idOf, type JsonObject, jsonObject, shortText } from './exact-json.ts';
import { phoneOf, type SentbePhone } from './phone.ts';

type People = Pick<
  RemittanceProvider,
  'registerUser' | 'findUser' | 'user' | 'verifyUser' | 'uploadDocument' | 'addRecipient'
>;

/** INBOUND has no verification of the user: Sentbe asks the recipient. */
const NOT_VERIFIED = 'none';

/** Of one search; five users each. */
const MAX_PAGES = 60;

const receiveMethods: ReadonlyMap<string, string> = new Map([
  ['bank', 'bank'],
  ['pickup', 'pickup'],
  ['debitcard', 'debit_card'],
  ['homedelivery', 'home_delivery'],
]);

export function createSentbePeople(api: SentbeApi): People {
  const root = (corridor: Corridor): string => (corridor === 'INBOUND' ? '/inbound' : '/outbound');

  function phoneParameters(phone: string | undefined): SentbePhone | undefined {
    const parameters = phone === undefined ? undefined : phoneOf(phone);
    if (phone === undefined || parameters !== undefined) return parameters;
    throw api.refuse('PHONE_NUMBER', 'The phone number is of no known form or country. Nothing was sent to Sentbe.');
  }

  /** Members that are undefined are in no JSON. */
  function personParameters({
    firstName,
    middleName,
    lastName,
    email,
    phone,
    birthDate,
  }: NewUser | NewRecipient): JsonObject {
    return {
      ...phoneParameters(phone),
      first_name: firstName,
      middle_name: middleName,
      last_name: lastName,
      email,
      birth_date: birthDate,
    };
  }

  async function verified(path: string, parameters: JsonObject): Promise<void> {
    // An answer of `result: true` with `data: false` is in no document, and no yes.
    if ((await api.call({ method: 'POST', path, parameters })) === false) {
      throw api.refuse('NOT_VERIFIED', 'Sentbe did not verify it.');
    }
  }

  return {
    async registerUser(corridor, user) {
      const parameters = {
        ...personParameters(user),
        nationality: user.nationality,
        ...(corridor === 'OUTBOUND' ? { external_id: user.externalId, ...detailParameters(user) } : {}),
      };
      const made = userOf(await api.call({ method: 'POST', path: `${root(corridor)}/users`, parameters }));
      if (made === undefined) throw api.unreadable('data.id is missing.');
      return made;
    },

    async findUser(corridor, externalId) {
      // A row of INBOUND has none (Sentbe, list of users).
      if (corridor === 'INBOUND') return undefined;
      let first: string | undefined;
      for (let number = 1; number <= MAX_PAGES; number += 1) {
        const parameters = { page: String(number) };
        const data = await api.call({ method: 'GET', path: '/outbound/users', parameters, isRead: true });
        if (!Array.isArray(data)) throw api.unreadable('data is no list of users.', true);
        const rows = data.map(jsonObject);
        const firstHere = idOf(rows[0]?.['id']);
        // Behind the last page, or where `page` is not heard.
        if (firstHere === undefined || firstHere === first) return undefined;
        first ??= firstHere;
        const found = rows.find((row) => row?.['external_id'] === externalId);
        if (found !== undefined) return userOf(found);
      }
      return undefined;
    },

    async user(corridor, id) {
      const answer = await api.find(`${root(corridor)}/users/${encodeURIComponent(id)}`);
      if (answer === undefined) return undefined;
      const found = userOf(answer.data);
      if (found === undefined) throw api.unreadable('data.id is missing.', true);
      return found;
    },

    async verifyUser(id, step) {
      const user = { user_id: id };
      if ('token' in step) {
        const path = `/outbound/verifications/${step.type === 'MOBILE' ? 'mobile' : 'bank'}/verify`;
        return verified(path, { ...user, token: step.token });
      }
      if (step.type === 'MOBILE') return verified('/outbound/verifications/mobile', user);
      const { bankCode, accountNumber, accountHolder } = step.bank;
      const bank = { name: bankCode, account_number: accountNumber, account_holder_name: accountHolder };
      return verified('/outbound/banks', { ...user, ...bank });
    },

    async uploadDocument(userId, { documentType, fileName, contentType, bytes }) {
      const fields = new FormData();
      fields.set('user_id', userId);
      fields.set('document_type', documentType);
      fields.set('document', new Blob([Uint8Array.from(bytes)], { type: contentType }), fileName);
      const encoded = new Response(fields);
      const form = {
        contentType: encoded.headers.get('content-type') ?? '',
        bytes: new Uint8Array(await encoded.arrayBuffer()),
      };
      await api.call({ method: 'POST', path: '/outbound/verifications/document', form });
    },

    async addRecipient(corridor, recipient) {
      const parameters = {
        user_id: recipient.userId,
        ...personParameters(recipient),
        country: recipient.country,
        ...(corridor === 'OUTBOUND' ? outboundParameters(recipient) : {}),
        bank_attributes: recipient.bank && bankParameters(corridor, recipient.bank),
      };
      const data = await api.call({ method: 'POST', path: `${root(corridor)}/recipients`, parameters });
      const id = idOf(jsonObject(data)?.['id']);
      if (id === undefined) throw api.unreadable('data.id is missing.');
      return { id };
    },
  };
}

function detailParameters({ details }: NewUser): JsonObject {
  if (details === undefined) return {};
  return {
    password: details.password,
    gender: details.gender,
    funds_source: details.fundsSource,
    occupation: details.occupation,
    transfer_purpose: details.transferPurpose,
    often_send_country: details.oftenSendCountry,
    identification_number: details.identificationNumber,
    passport: details.passportNumber,
    address_attributes: addressParameters(details.address),
    // The sample sends the text, not the truth value.
    agreements_attributes: Object.fromEntries(details.agreements.map((name) => [name.toLowerCase(), 'true'])),
  };
}

function outboundParameters({ externalId, receiveMethod, address }: NewRecipient): JsonObject {
  const known = receiveMethods.get(receiveMethod?.toLowerCase().replace(/[\s_-]/g, '') ?? '');
  return {
    external_id: externalId,
    // Answers say Bank, DebitCard; requests bank, debit_card. What is neither is for Sentbe to judge.
    receive_method: known ?? receiveMethod,
    address_attributes: address && addressParameters(address),
  };
}

function addressParameters(address: PostalAddress): JsonObject {
  return {
    country: address.country,
    region: address.region,
    city: address.city,
    line_1: address.line1,
    line_2: address.line2,
    postal_code: address.postalCode,
  };
}

function bankParameters(corridor: Corridor, bank: BankAccount): JsonObject {
  return {
    name: bank.bankCode,
    account_number: bank.accountNumber,
    account_holder_name: bank.accountHolder,
    branch: bank.branch,
    account_type: corridor === 'OUTBOUND' ? bank.accountType : undefined,
  };
}

function userOf(data: unknown): ProviderUser | undefined {
  const user = jsonObject(data);
  const id = idOf(user?.['id']);
  if (id === undefined) return undefined;
  const status = jsonObject(user?.['verifications_status']);
  const of = (name: string): string => shortText(status?.[name], 32) ?? NOT_VERIFIED;
  return { id, verifications: { mobile: of('mobile'), documents: of('documents'), bank: of('bank') } };
}
