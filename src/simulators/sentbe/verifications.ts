/** How a user out of Korea shows who they are: a code by SMS, a document, and a code in a deposit of one won. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { JsonValue } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import { SentbeRefusal } from './envelope.ts';
import { externalId, modelId, type Parameters, read, text } from './parameters.ts';
import { checkBank } from './reference-data.ts';
import type { SentbeSettings } from './settings.ts';
import type { Tokens, TokenType } from './tokens.ts';
import type { Users } from './users.ts';

const DOCUMENT_TYPES = ['korean_registration', 'korean_driver_license', 'alien_registration', 'passport'];

const whom = z.object({ user_id: modelId });
const member = z.object({ id: modelId });
const bank = z.object({ user_id: modelId, name: text, account_number: text, account_holder_name: text });
const bankToken = z.object({ user_id: modelId, token: text });
const mobileToken = bankToken.extend({
  token_type: z.literal('external').optional(),
  external_id: externalId.optional(),
});
const documentFields = z.object({ user_id: modelId, document_type: text });

/** A document as it came: its bytes go no further than here. */
export interface UploadedDocument {
  readonly data: { readonly id: string };
  readonly fields: Readonly<Record<string, JsonValue>>;
}

export type VerificationApi = ReturnType<typeof createVerificationApi>;

export function createVerificationApi(options: {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly timers: Timers;
  readonly settings: () => SentbeSettings;
}) {
  const { users, tokens, timers, settings } = options;
  let lastDocumentId = 9;

  /** True, or what the setting says of a code that is not good. */
  function judged(userId: number, type: TokenType, token: string, good: () => void): boolean {
    if (tokens.isGood(userId, type, token)) {
      good();
      return true;
    }
    if (settings().wrongToken === 'DATA_FALSE') return false;
    // Which code a wrong token has is not published.
    throw new SentbeRefusal('E0005', 'token: wrong, expired or tried too often');
  }

  function approveLater(id: number, name: 'documents' | 'bank', from: 'processing' | 'pending'): void {
    const { approvalMs } = settings();
    if (approvalMs === 0) return;
    timers.after(approvalMs, () => {
      if (users.find(id)?.verifications[name] === from) users.setVerifications(id, { [name]: 'completed' });
    });
  }

  return {
    /** For someone whom Sentbe knows and the partner has not registered. */
    registerByMobile(parameters: Parameters): true {
      const user = users.getMember(read(member, parameters).id);
      if (user.isRegistered) throw new SentbeRefusal('E0106');
      tokens.send(user.id, 'MOBILE');
      return true;
    },
    sendMobile(parameters: Parameters): true {
      const user = users.get('outbound', read(whom, parameters).user_id);
      if (user.verifications.mobile === 'completed') throw new SentbeRefusal('E0114');
      tokens.send(user.id, 'MOBILE');
      return true;
    },
    verifyMobile(parameters: Parameters): boolean {
      const { user_id, token, token_type, external_id } = read(mobileToken, parameters);
      const isRegistration = token_type === 'external';
      const user = isRegistration ? users.getMember(user_id) : users.get('outbound', user_id);
      if (isRegistration && external_id === undefined) throw new SentbeRefusal('E0109', 'external_id');
      return judged(user.id, 'MOBILE', token, () => {
        if (isRegistration && external_id !== undefined) users.register(user.id, external_id);
        users.setVerifications(user.id, { mobile: 'completed' });
      });
    },
    startBank(parameters: Parameters): true {
      const given = read(bank, parameters);
      const user = users.get('outbound', given.user_id);
      checkBank(given.name);
      if (user.verifications.bank === 'completed') throw new SentbeRefusal('E0114');
      tokens.send(user.id, 'BANK');
      users.setVerifications(user.id, { bank: 'processing' });
      return true;
    },
    verifyBank(parameters: Parameters): boolean {
      const { user_id, token } = read(bankToken, parameters);
      const user = users.get('outbound', user_id);
      return judged(user.id, 'BANK', token, () => {
        users.setVerifications(user.id, { bank: 'pending' });
        approveLater(user.id, 'bank', 'pending');
      });
    },
    /** Multipart, and the one call whose parameters are not encrypted. */
    async uploadDocument(body: Buffer, contentType: string | undefined): Promise<UploadedDocument> {
      const form = await readForm(body, contentType);
      const { document, ...given } = form;
      const { user_id, document_type } = read(documentFields, given);
      if (!(document instanceof Blob) || document.size === 0) throw new SentbeRefusal('E0005', 'document: a file');
      if (!DOCUMENT_TYPES.includes(document_type)) throw new SentbeRefusal('E0102', 'document_type');
      const user = users.get('outbound', user_id);
      if (user.verifications.documents === 'completed') throw new SentbeRefusal('E0114');
      const bytes = Buffer.from(await document.arrayBuffer());
      lastDocumentId += 1;
      users.setVerifications(user.id, { documents: 'processing' });
      approveLater(user.id, 'documents', 'processing');
      return {
        data: { id: String(lastDocumentId) },
        fields: {
          user_id,
          document_type,
          document: '***',
          bytes: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        },
      };
    },
  };
}

/** @throws SentbeRefusal E0005 for what is no form, or names a part twice */
async function readForm(body: Buffer, contentType: string | undefined): Promise<Record<string, FormDataEntryValue>> {
  if (!/^multipart\/form-data\s*;/i.test(contentType ?? '')) throw new SentbeRefusal('E0005', 'multipart/form-data');
  const entries: [string, FormDataEntryValue][] = [];
  try {
    const headers = { 'content-type': contentType ?? '' };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    form.forEach((value, name) => {
      entries.push([name, value]);
    });
  } catch {
    throw new SentbeRefusal('E0005', 'multipart/form-data that cannot be read');
  }
  const form = Object.fromEntries(entries);
  if (Object.keys(form).length !== entries.length) throw new SentbeRefusal('E0005', 'a part came twice');
  return form;
}
