/** registerRemittanceUser and addRemittanceRecipient: judged, stored, then sent to the provider once. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { idempotencyKeyProblem } from '../idempotency.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import { type AddRecipientInput, judgeRecipient, judgeUser, type RegisterUserInput } from './input.ts';
import type { People, RemittanceRecipient, RemittanceUser } from './people.ts';
import type { Corridor, RemittanceProvider, Verifications } from './provider.ts';
import { invalid, problem, providerOrRefusal, refuse, refuseOtherPartner, unknownId } from './refusal.ts';

export interface Registrar {
  /** @throws GatewayError */
  registerUser(tenant: Tenant, input: RegisterUserInput): Promise<RemittanceUser>;
  /** @throws GatewayError */
  addRecipient(tenant: Tenant, input: AddRecipientInput): Promise<RemittanceRecipient>;
}

export interface RegistrarOptions {
  readonly users: People<RemittanceUser>;
  readonly recipients: People<RemittanceRecipient>;
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
}

/** An answer may come so much later than the provider's own time-out. */
export const abandonedAfterMs = 5_000;
const notYetKnown: Verifications = { mobile: 'unknown', documents: 'unknown', bank: 'unknown' };
const koreaOffsetMs = 9 * 3_600_000;

export function createRegistrar({ users, recipients, provider, clock }: RegistrarOptions): Registrar {
  const today = (): string => new Date(clock.now() + koreaOffsetMs).toISOString().slice(0, 10).replaceAll('-', '');

  function newPerson(tenant: Tenant, corridor: Corridor, externalId: string) {
    const { provider: name, account, partner, callTimeoutMs } = providerOrRefusal(provider);
    const createdAt = clock.now();
    return {
      id: randomUUID(),
      tenant: tenant.id,
      provider: name,
      account,
      partner,
      corridor,
      externalId,
      // Of one account that several tenants use, it is one list of names.
      providerExternalId: externalUserId(tenant, externalId),
      registration: 'SENDING',
      giveUpAt: createdAt + callTimeoutMs + abandonedAfterMs,
      createdAt,
    } as const;
  }

  return {
    registerUser(tenant, input) {
      assertKey(input);
      const judged = judgeUser(input, today());
      const { idempotencyKey, externalId, ...canonical } = judged;
      const { corridor, firstName, middleName, lastName, email, phone, birthDate, nationality, details } = judged;
      return users.register(tenant.id, {
        field: 'registerRemittanceUser',
        idempotencyKey,
        canonical: { ...canonical, externalId },
        compose: async () => ({
          ...newPerson(tenant, corridor, externalId),
          firstName,
          lastName,
          ...(email !== undefined && { email }),
          country: nationality,
          verifications: notYetKnown,
          checkedAt: clock.now(),
        }),
        async call({ providerExternalId }) {
          const person = { firstName, middleName, lastName, email, phone, birthDate, nationality, details };
          const { id, verifications } = await providerOrRefusal(provider).registerUser(corridor, {
            ...person,
            externalId: providerExternalId,
          });
          return { providerId: id, verifications, checkedAt: clock.now() };
        },
        async find(user) {
          if (user.partner !== provider?.partner) return undefined;
          const found = await provider.findUser(user.corridor, user.providerExternalId);
          return found && { providerId: found.id, verifications: found.verifications, checkedAt: clock.now() };
        },
      });
    },
    addRecipient(tenant, input) {
      assertKey(input);
      const judged = judgeRecipient(input, today());
      const { idempotencyKey, ...canonical } = judged;
      const { corridor, externalId, userId, receiveMethod, ...person } = canonical;
      const { firstName, lastName, country } = person;
      return recipients.register(tenant.id, {
        field: 'addRemittanceRecipient',
        idempotencyKey,
        canonical,
        async compose() {
          const user = await registeredUser(users, tenant, userId, provider);
          refuse(corridorProblems(corridor, user));
          return { ...newPerson(tenant, corridor, externalId), firstName, lastName, country, userId, receiveMethod };
        },
        async call({ providerExternalId }) {
          const user = await registeredUser(users, tenant, userId, provider);
          const { id } = await providerOrRefusal(provider).addRecipient(corridor, {
            ...person,
            receiveMethod,
            userId: user.providerId,
            externalId: providerExternalId,
          });
          return { providerId: id };
        },
      });
    },
  };
}

/** @throws InvalidInput as `registered` */
export async function registeredUser(
  users: People<RemittanceUser>,
  tenant: Tenant,
  id: string,
  provider: RemittanceProvider | undefined,
): Promise<RemittanceUser & { readonly providerId: string }> {
  const [user] = await users.load(tenant.id, [id]);
  return registered(user, provider, ['input', 'userId']);
}

/** @throws InvalidInput where there is none, where it is another partner's, or where nobody can say whether the provider has it. */
export function registered<Person extends RemittanceUser | RemittanceRecipient>(
  person: Person | undefined,
  provider: RemittanceProvider | undefined,
  path: readonly string[],
): Person & { readonly providerId: string } {
  if (person === undefined) throw unknownId(path);
  refuseOtherPartner(person, provider, path);
  const { providerId } = person;
  if (providerId === undefined) throw invalid(path, 'UNCONFIRMED', 'Nobody can say whether the provider has it.');
  return { ...person, providerId };
}

export const corridorProblems = (corridor: Corridor, user: RemittanceUser) =>
  user.corridor === corridor
    ? []
    : [problem(['input', 'corridor'], 'NOT_OF_USER', `The user is registered for ${user.corridor}.`)];

function assertKey({ idempotencyKey }: { readonly idempotencyKey: string }): void {
  const keyProblem = idempotencyKeyProblem(idempotencyKey);
  if (keyProblem !== undefined) refuse([keyProblem]);
}
