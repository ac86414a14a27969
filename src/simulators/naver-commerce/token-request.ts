/**
 * A token request, judged by its form alone (token: request): what came where, and how often. Whether its signature
 * is right is asked afterwards: a malformed request counts against the application, a wrong value does not.
 */
import { z } from 'zod';

interface TokenRequest {
  readonly clientId: string;
  /** Digits. */
  readonly timestamp: string;
  readonly signature: string;
  readonly type: 'SELF' | 'SELLER';
  /** With SELLER, and only there. */
  readonly accountId: string | undefined;
}

/** A row of `invalidInputs`. */
export interface Flaw {
  readonly name: string;
  /** The kind of check that failed. Which words Naver has for it is not published. */
  readonly type: string;
  readonly message: string;
}

export type TokenRequestForm = {
  /** For the ledger: no signature, and of a parameter that is unknown only the name. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
} & ({ readonly ok: true; readonly request: TokenRequest } | { readonly ok: false; readonly flaws: readonly Flaw[] });

const NAMES = ['client_id', 'timestamp', 'grant_type', 'client_secret_sign', 'type', 'account_id'] as const;
const SHOWN = ['client_id', 'timestamp', 'grant_type', 'type', 'account_id'] as const;
const FORM = /^application\/x-www-form-urlencoded\s*(;\s*charset="?utf-8"?\s*)?$/i;

const given = z.string('is required.').min(1, 'is required.');
const requestSchema = z
  .object({
    client_id: given.max(100),
    timestamp: given.regex(/^\d{1,15}$/, 'is no epoch in milliseconds.'),
    grant_type: z.literal('client_credentials', 'must be client_credentials.'),
    client_secret_sign: given.max(1000),
    type: z.enum(['SELF', 'SELLER'], 'must be SELF or SELLER.'),
    account_id: given.max(100).optional(),
  })
  .superRefine(({ type, account_id }, context) => {
    if (type === 'SELF' && account_id !== undefined) {
      context.addIssue({ code: 'custom', path: ['account_id'], message: 'must not come with type SELF.' });
    }
    if (type === 'SELLER' && account_id === undefined) {
      context.addIssue({ code: 'custom', path: ['account_id'], message: 'is required with type SELLER.' });
    }
  });

export function readTokenRequest(sent: {
  readonly contentType: string | undefined;
  /** Behind the question mark. */
  readonly query: string;
  readonly body: Buffer;
}): TokenRequestForm {
  const inQuery = [...new URLSearchParams(sent.query).keys()];
  const isForm = FORM.test(sent.contentType ?? '');
  const parameters = isForm ? [...new URLSearchParams(sent.body.toString('utf8'))] : [];
  const names = parameters.map(([name]) => name);
  const isKnown = (name: string) => (NAMES as readonly string[]).includes(name);
  const unknown = [...new Set(names.filter((name) => !isKnown(name)))];
  const doubled = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  const values = Object.fromEntries(parameters.filter(([name]) => isKnown(name)));
  const fields = {
    ...Object.fromEntries(SHOWN.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))),
    ...(inQuery.length > 0 && { inQuery }),
    ...(unknown.length > 0 && { unknown }),
  };

  const flaw = (type: string, message: string) => (name: string) => ({ name, type, message: `${name} ${message}` });
  const flaws: Flaw[] = inQuery.map(flaw('NotAllowed', 'must come in the body.'));
  if (!isForm) {
    flaws.push(flaw('NotAllowed', 'must be application/x-www-form-urlencoded.')('Content-Type'));
    return { ok: false, flaws, fields };
  }
  flaws.push(...unknown.map(flaw('NotAllowed', 'is no parameter of this API.')));
  flaws.push(...doubled.map(flaw('Duplicate', 'came more than once.')));
  const parsed = requestSchema.safeParse(values);
  if (!parsed.success) {
    flaws.push(...parsed.error.issues.map((issue) => flaw('NotValid', issue.message)(issue.path.join('.'))));
  }
  if (!parsed.success || flaws.length > 0) return { ok: false, flaws, fields };
  const { client_id: clientId, timestamp, client_secret_sign: signature, type, account_id: accountId } = parsed.data;
  return { ok: true, fields, request: { clientId, timestamp, signature, type, accountId } };
}
