/**
 * verifyRemittanceUser and uploadRemittanceDocument, and how the provider says that a user stands. Codes and documents
 * pass through: neither is stored.
 */
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { type ImageInput, readImage } from '../messaging/image.ts';
import type { Tenant } from '../tenant.ts';
import { bankProblems, textProblem } from './input.ts';
import type { People, RemittanceUser } from './people.ts';
import type { BankAccount, RemittanceProvider, VerificationStep } from './provider.ts';
import { invalid, problem, providerOrRefusal, refuse } from './refusal.ts';
import { registeredUser } from './register.ts';

export interface VerifyUserInput {
  /** Our own id, not the global one; empty where that was garbage. */
  readonly userId: string;
  readonly verification: 'MOBILE' | 'BANK';
  /** The code that reached the person. Without it, it is sent (again). */
  readonly token?: string | undefined;
  /** Where the won with the code goes. */
  readonly bank?: BankAccount | undefined;
}

export interface UploadDocumentInput {
  readonly userId: string;
  readonly documentType: string;
  /** JPG or PNG, at most 2 MB. */
  readonly document: ImageInput;
}

export interface UserVerifier {
  /** @throws GatewayError */
  verify(tenant: Tenant, input: VerifyUserInput): Promise<RemittanceUser>;
  /** @throws GatewayError */
  upload(tenant: Tenant, input: UploadDocumentInput): Promise<RemittanceUser>;
  /** The users; what is open of their verification is asked of the provider, where it answers, every few seconds. */
  load(tenant: string, ids: readonly string[]): Promise<readonly (RemittanceUser | undefined)[]>;
}

/** Sentbe, document verification. */
const documentTypes = ['korean_registration', 'korean_driver_license', 'alien_registration', 'passport'];
/** A request of ours has at most 4 MB, in Base64 and JSON. */
const documentLimits = { types: ['JPG', 'PNG'], maxImageBytes: 2 * 1_048_576 } as const;
const checkedEveryMs = 5_000;

export function createUserVerifier(options: {
  readonly users: People<RemittanceUser>;
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
}): UserVerifier {
  const { users, provider, clock } = options;

  /** @throws InvalidInput where there is no such user, or where its corridor verifies none. */
  async function verifiable(tenant: Tenant, id: string) {
    const user = await registeredUser(users, tenant, id, provider);
    // Into Korea it is the recipient whom Sentbe asks, and by itself (Sentbe, inbound, overview).
    if (user.corridor === 'INBOUND') {
      throw invalid(['input', 'userId'], 'NOT_FOR_CORRIDOR', 'A user of INBOUND is not verified here.');
    }
    return user;
  }

  /** As the provider says now; as it stood where the provider does not say. */
  async function refreshed(user: RemittanceUser & { readonly providerId: string }): Promise<RemittanceUser> {
    try {
      const found = await provider?.user(user.corridor, user.providerId);
      const verifications = found?.verifications ?? user.verifications;
      return (await users.change(user, (stored) => ({ ...stored, verifications, checkedAt: clock.now() }))) ?? user;
    } catch (error) {
      if (error instanceof GatewayError) return user;
      throw error;
    }
  }

  function isWorthAsking(user: RemittanceUser): user is RemittanceUser & { readonly providerId: string } {
    const isOpen = Object.values(user.verifications).some((each) => each !== 'completed');
    const isOld = clock.now() - user.checkedAt >= checkedEveryMs;
    const isTheirs = user.partner === provider?.partner;
    return isTheirs && user.corridor === 'OUTBOUND' && user.providerId !== undefined && isOpen && isOld;
  }

  return {
    async verify(tenant, { userId, ...input }) {
      const step = stepOf(input);
      const user = await verifiable(tenant, userId);
      await providerOrRefusal(provider).verifyUser(user.providerId, step);
      return refreshed(user);
    },
    async upload(tenant, { userId, documentType, document }) {
      const type = documentTypes.find((each) => each === documentType.toLowerCase());
      const { images, problems } = readImage(document, documentLimits, ['input', 'document']);
      const message = `One of ${documentTypes.join(', ')}.`;
      refuse([...(type === undefined ? [problem(['input', 'documentType'], 'UNKNOWN', message)] : []), ...problems]);
      const user = await verifiable(tenant, userId);
      const [image] = images;
      if (image === undefined || type === undefined) throw new Error('What is no document was refused above.');
      const isPng = image.type === 'PNG';
      await providerOrRefusal(provider).uploadDocument(user.providerId, {
        documentType: type,
        // The caller's name of it may name the person, and stands in a header.
        fileName: isPng ? 'document.png' : 'document.jpg',
        contentType: isPng ? 'image/png' : 'image/jpeg',
        bytes: image.bytes,
      });
      return refreshed(user);
    },
    async load(tenant, ids) {
      const found = await users.load(tenant, ids);
      return Promise.all(found.map((user) => (user !== undefined && isWorthAsking(user) ? refreshed(user) : user)));
    },
  };
}

/** @throws InvalidInput */
function stepOf({ verification, token, bank }: Omit<VerifyUserInput, 'userId'>): VerificationStep {
  const path = ['input', 'bank'];
  if (token !== undefined) {
    refuse([
      ...textProblem(['input', 'token'], token, 12),
      ...(bank === undefined ? [] : [problem(path, 'EXCLUSIVE', 'Give either token or bank.')]),
    ]);
    return { type: verification, token };
  }
  if (verification === 'MOBILE') {
    refuse(bank === undefined ? [] : [problem(path, 'NOT_FOR_VERIFICATION', 'MOBILE does not take it.')]);
    return { type: verification };
  }
  if (bank === undefined) throw invalid(path, 'REQUIRED', 'The account into which one won is paid.');
  refuse(bankProblems(path, bank));
  return { type: verification, bank };
}
