import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import {
  AuthenticatePasskeyDocument,
  BeginPasskeyAuthenticationDocument,
  BeginPasskeyRegistrationDocument,
  NodeByIdDocument,
  PasskeysDocument,
  RegisterPasskeyDocument,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { authenticationMutations, registrationMutations } from '../support/passkey-mutations.ts';
import {
  type AuthenticationCeremony,
  createSoftwareAuthenticator,
  type RegistrationCeremony,
} from '../support/software-authenticator.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const origin = 'http://localhost:5000';
const userId = 'kim';
const challengeRefused = { __typename: 'PasskeyRejected', check: 'CHALLENGE', origin: null };

/** What a page and its server do with a gateway: ceremonies begun, carried out by one authenticator, and handed in. */
function pageOf(client: GatewayClient, authenticator = createSoftwareAuthenticator()) {
  const page = {
    async beginRegistration(user = userId): Promise<unknown> {
      const input = { userId: user, userName: 'kim@shop.example' };
      return optionsOf((await client.query(BeginPasskeyRegistrationDocument, { input })).beginPasskeyRegistration);
    },
    async beginAuthentication(): Promise<unknown> {
      const answer = await client.query(BeginPasskeyAuthenticationDocument, { input: { userId } });
      return optionsOf(answer.beginPasskeyAuthentication);
    },
    async created(ceremony: Partial<RegistrationCeremony> = {}) {
      return authenticator.create(await page.beginRegistration(), { origin, ...ceremony });
    },
    async got(ceremony: Partial<AuthenticationCeremony> = {}) {
      return authenticator.get(await page.beginAuthentication(), { origin, ...ceremony });
    },
    async register(credential: unknown, user = userId) {
      const input = { userId: user, credential, deviceName: 'Chrome' };
      return (await client.query(RegisterPasskeyDocument, { input })).registerPasskey;
    },
    async authenticate(credential: unknown, user = userId) {
      const input = { userId: user, credential };
      return (await client.query(AuthenticatePasskeyDocument, { input })).authenticatePasskey;
    },
    async listed() {
      return (await client.query(PasskeysDocument, { userId })).passkeys;
    },
  };
  return page;
}

function optionsOf(answer: { __typename: string; options?: unknown }): unknown {
  if (answer.__typename !== 'PasskeyCeremony') throw new Error(JSON.stringify(answer));
  return answer.options;
}

async function setUp() {
  const simulators = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
  return { ...simulators, gateway, page: pageOf(gateway) };
}

/** The check of a refusal; PROVIDER where SecureKey made it, in whatever words. */
function checkOf(answer: Awaited<ReturnType<ReturnType<typeof pageOf>['register' | 'authenticate']>>): string {
  if (answer.__typename !== 'PasskeyRejected') return `${answer.__typename}: ${JSON.stringify(answer)}`;
  return answer.origin === null ? answer.check : 'PROVIDER';
}

const expectedChecks = (rows: readonly { what: string; check: string }[]) =>
  Object.fromEntries(rows.map(({ what, check }) => [what, check]));

describe('with SecureKey behind it', () => {
  it.each(['url', 'standard'] as const)(
    'a passkey is registered and used with its bytes in %s Base64',
    async (encoding) => {
      const { page } = await setUp();
      const credential = await page.created({ encoding });
      const passkey = await page.register(credential);
      expect(passkey).toMatchObject({ __typename: 'Passkey', userId, deviceName: 'Chrome' });
      expect(await page.listed()).toMatchObject([{ userId, deviceName: 'Chrome' }]);
      for (let use = 0; use < 2; use += 1) {
        expect(await page.authenticate(await page.got({ encoding }))).toMatchObject({
          __typename: 'PasskeyVerified',
          userId,
          credentialId: credential.id,
        });
      }
    },
  );

  it(`each of ${registrationMutations.length} changes of a valid registration is refused by its check`, async () => {
    const { page } = await setUp();
    const checks: Record<string, string> = {};
    for (const { what, ceremony, edit } of registrationMutations) {
      const valid = await page.created(ceremony);
      checks[what] = checkOf(await page.register(edit?.(valid) ?? valid));
    }
    expect(checks).toEqual(expectedChecks(registrationMutations));
    expect(await page.listed()).toEqual([]);
    expect(await page.register(await page.created())).toMatchObject({ __typename: 'Passkey' });
  });

  it(`each of ${authenticationMutations.length} changes of a valid authentication is refused by its check`, async () => {
    const { page } = await setUp();
    await page.register(await page.created());
    const checks: Record<string, string> = {};
    for (const { what, ceremony, edit } of authenticationMutations) {
      const valid = await page.got(ceremony);
      checks[what] = checkOf(await page.authenticate(edit?.(valid) ?? valid));
    }
    expect(checks).toEqual(expectedChecks(authenticationMutations));
    expect(await page.authenticate(await page.got())).toMatchObject({ __typename: 'PasskeyVerified' });
  });

  it('a counter that went back, the signature of another key and that of another ceremony are refused', async () => {
    const { page } = await setUp();
    const created = await page.created({ signCount: 9 });
    expect(await page.register(created)).toMatchObject({ __typename: 'Passkey' });
    expect(checkOf(await page.authenticate(await page.got({ signCount: 9 })))).toBe('PROVIDER');

    const thief = createSoftwareAuthenticator();
    const credentialId = Buffer.from(created.id, 'base64url');
    thief.create(await page.beginRegistration(), { origin, credentialId });
    const stolen = thief.get(await page.beginAuthentication(), { origin, signCount: 10, userHandle: null });
    expect(stolen.id).toBe(created.id);
    expect(checkOf(await page.authenticate(stolen))).toBe('PROVIDER');

    const [first, second] = [await page.got({ signCount: 10 }), await page.got({ signCount: 10 })];
    const crossed = { ...second, response: { ...second.response, signature: first.response.signature } };
    expect(checkOf(await page.authenticate(crossed))).toBe('PROVIDER');
    expect(await page.authenticate(first)).toMatchObject({ __typename: 'PasskeyVerified' });
  });

  it('none of 100 replays passes, of a registration or of an authentication', async () => {
    const { page, securekey } = await setUp();
    const created = await page.created();
    expect(await page.register(created)).toMatchObject({ __typename: 'Passkey' });
    const got = await page.got();
    expect(await page.authenticate(got)).toMatchObject({ __typename: 'PasskeyVerified' });
    const calls = securekey.ledger.entries({}).length;
    const replays = Array.from({ length: 50 }, () => [page.register(created), page.authenticate(got)]).flat();
    for (const answer of await Promise.all(replays)) expect(answer).toMatchObject(challengeRefused);
    expect(securekey.ledger.entries({})).toHaveLength(calls);
  });

  it('a challenge serves no other user and no other ceremony', async () => {
    const { page } = await setUp();
    const created = await page.created();
    expect(await page.register(created, 'lee')).toMatchObject(challengeRefused);
    expect(await page.register(created)).toMatchObject({ __typename: 'Passkey' });
    const { challenge } = (await page.beginRegistration()) as { challenge: string };
    expect(await page.authenticate(await page.got({ clientData: { challenge } }))).toMatchObject(challengeRefused);
  });

  it('an answer that was lost is UNKNOWN, and the ceremony is over', async () => {
    const { page, securekey } = await setUp();
    const created = await page.created();
    securekey.arm({ provider: 'SECUREKEY', kind: 'drop', on: 'answer' });
    expect(await page.register(created)).toMatchObject({ __typename: 'ProviderUnavailable', outcome: 'UNKNOWN' });
    expect(await page.register(created)).toMatchObject(challengeRefused);
    expect(await page.listed()).toEqual([]);
  });

  it('whatever is written into the document as a credential is FORM', async () => {
    const { gateway } = await setUp();
    const literals = ['"{}"', '1e400', '[[[{}]]]', '{ id: 1, response: { clientDataJSON: null } }', 'PASSKEY', 'true'];
    for (const literal of literals) {
      const query = `mutation {
        registerPasskey(input: { userId: "kim", credential: ${literal} }) { ... on PasskeyRejected { check } }
      }`;
      expect(await (await gateway.post({ query })).json()).toEqual({ data: { registerPasskey: { check: 'FORM' } } });
    }
  });

  it('bad input is told with its path', async () => {
    const { gateway } = await setUp();
    const input = { userId: '', userName: 'a'.repeat(129) };
    expect((await gateway.query(BeginPasskeyRegistrationDocument, { input })).beginPasskeyRegistration).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['input', 'userId'] }, { path: ['input', 'userName'] }],
    });
  });
});

describe('a policy of SecureKey that asks for one more factor', () => {
  it('is MfaRequired, already where a ceremony begins', async () => {
    const { env, securekey } = await startSimulators();
    securekey.configure({
      mfaPolicies: [
        {
          on: 'webauthn',
          at: 'start',
          requiredChannels: ['totp'],
          matchedPolicies: ['결제 시 추가 인증'],
          status: 403,
        },
      ],
    });
    const gateway = await startGateway({ ...env, GWANMUN_DATA_DIR: await temporaryFolder() });
    const parts = '__typename ... on MfaRequired { requiredChannels matchedPolicies }';
    const mfaRequired = {
      __typename: 'MfaRequired',
      requiredChannels: ['totp'],
      matchedPolicies: ['결제 시 추가 인증'],
    };
    for (const begin of [
      'beginPasskeyRegistration(input: { userId: "kim", userName: "kim@shop.example" })',
      'beginPasskeyAuthentication(input: { userId: "kim" })',
    ]) {
      const answer = await gateway.post({ query: `mutation { begun: ${begin} { ${parts} } }` });
      expect(await answer.json()).toEqual({ data: { begun: mfaRequired } });
    }
  });
});

describe('two tenants of one SecureKey account', () => {
  const keys = { one: 'one-key-0123456789', two: 'two-key-0123456789', none: 'none-key-0123456789' };

  async function setUpTenants() {
    const folder = await temporaryFolder();
    const file = join(folder, 'tenants.json');
    const keyOf = (id: keyof typeof keys, scopes: Scope[]) => ({ id, secretSha256: hashApiKey(keys[id]), scopes });
    const tenants = [
      { id: 'one', keys: [keyOf('one', ['passkey']), keyOf('none', ['otp'])] },
      { id: 'two', keys: [keyOf('two', ['passkey'])] },
    ];
    await writeFile(file, JSON.stringify({ tenants }));
    const simulators = await startSimulators();
    const gateway = await startGateway({
      GWANMUN_DATA_DIR: join(folder, 'data'),
      GWANMUN_TENANTS_FILE: file,
      GWANMUN_API_KEY: '',
      SENDER_NUMBERS: '',
      ...simulators.env,
    });
    return { one: gateway.as(keys.one), two: gateway.as(keys.two), none: gateway.as(keys.none) };
  }

  it('share no challenge, no passkey and no node, though their users are called alike', async () => {
    const { one, two } = await setUpTenants();
    const authenticator = createSoftwareAuthenticator();
    const [first, second] = [pageOf(one, authenticator), pageOf(two, authenticator)];
    const created = await first.created();
    expect(await second.register(created)).toMatchObject(challengeRefused);
    const passkey = await first.register(created);
    if (passkey.__typename !== 'Passkey') throw new Error(JSON.stringify(passkey));

    expect(await second.listed()).toEqual([]);
    expect((await two.query(NodeByIdDocument, { id: passkey.id })).node).toBeNull();
    expect((await one.query(NodeByIdDocument, { id: passkey.id })).node).toMatchObject({ __typename: 'Passkey' });
    expect(await second.authenticate(await first.got())).toMatchObject(challengeRefused);
    // SecureKey knows them as two people, and the second of them has no passkey.
    const begun = await two.query(BeginPasskeyAuthenticationDocument, { input: { userId } });
    expect(begun.beginPasskeyAuthentication.__typename).not.toBe('PasskeyCeremony');
  });

  it('let in no key without the scope passkey', async () => {
    const { one, none } = await setUpTenants();
    const page = pageOf(one);
    const passkey = await page.register(await page.created());
    if (passkey.__typename !== 'Passkey') throw new Error(JSON.stringify(passkey));
    const refused = { __typename: 'Unauthorized', missingScopes: ['passkey'] };
    for (const field of ['registerPasskey', 'authenticatePasskey'] as const) {
      const query = `mutation {
        ${field}(input: { userId: "kim", credential: {} }) { __typename ... on Unauthorized { missingScopes } }
      }`;
      const response = await none.post({ query }, { 'x-api-key': keys.none });
      expect(await response.json()).toEqual({ data: { [field]: refused } });
    }
    const begun = await none.query(BeginPasskeyAuthenticationDocument, { input: { userId } });
    expect(begun.beginPasskeyAuthentication.__typename).toBe('Unauthorized');
    const listed = await none.post(
      { query: print(PasskeysDocument), variables: { userId } },
      { 'x-api-key': keys.none },
    );
    expect(await listed.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHORIZED' } }] });
    expect((await none.query(NodeByIdDocument, { id: passkey.id })).node).toBeNull();
  });
});

describe('settings', () => {
  it('name the origins where passkeys may be used', async () => {
    const { env } = await startSimulators();
    const gateway = await startGateway({
      GWANMUN_DATA_DIR: await temporaryFolder(),
      GWANMUN_PASSKEY_ORIGINS: 'https://localhost, http://localhost:5001',
      ...env,
    });
    const page = pageOf(gateway);
    expect(checkOf(await page.register(await page.created()))).toBe('ORIGIN');
    const created = await page.created({ origin: 'http://localhost:5001' });
    expect(await page.register(created)).toMatchObject({ __typename: 'Passkey' });
  });

  it('without SecureKey leave its ceremonies PROVIDER_DISABLED', async () => {
    const { env } = await startSimulators();
    const without = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SECUREKEY')));
    const gateway = await startGateway({
      GWANMUN_DATA_DIR: await temporaryFolder(),
      GWANMUN_PROFILE: 'production',
      ...without,
    });
    const begun = await gateway.query(BeginPasskeyAuthenticationDocument, { input: { userId } });
    expect(begun.beginPasskeyAuthentication).toMatchObject({ code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
    expect(await pageOf(gateway).listed()).toEqual([]);
  });
});
