import { describe, expect, it } from 'vitest';
import { ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import type { Tenant } from '../../../src/core/tenant.ts';
import { kim, optionsScript, shop, startPasskeyCore } from '../../support/passkey-core.ts';

const other: Tenant = { id: 'other', callerNumbers: [], keys: [] };
const refused = (check: string) => ({ name: 'PasskeyRejected', check });
const fault = { provider: 'SECUREKEY', code: 'X', at: 0 } as const;

describe('the options of a ceremony', () => {
  it('are the provider’s own, asked for the user by the name that the tenant’s people have there', async () => {
    const options = { challenge: 'A'.repeat(43), rp: { id: 'localhost' }, extensions: { prf: {} }, more: [1] };
    const core = await startPasskeyCore({ passkeyRegistrationOptions: async () => options });
    expect(await core.beginRegistration()).toEqual(options);
    expect(core.provider.calls).toEqual([
      { method: 'passkeyRegistrationOptions', given: { userId: 'shop:kim', userName: 'kim@shop.example' } },
    ]);
  });

  it.each([
    ['none', undefined],
    ['a number', 7],
    ['15 bytes', Buffer.alloc(15, 1).toString('base64url')],
  ])('are of no use where their challenge is %s', async (_what, challenge) => {
    const core = await startPasskeyCore({ passkeyRegistrationOptions: async () => ({ challenge }) });
    await expect(core.beginRegistration()).rejects.toMatchObject({ name: 'ProviderUnavailable' });
  });

  it('may be repeated to the same user, and never to another', async () => {
    const challenge = Buffer.alloc(32, 1).toString('base64url');
    const core = await startPasskeyCore({
      passkeyRegistrationOptions: async (of) => ({
        ...(await optionsScript().passkeyRegistrationOptions?.(of)),
        challenge,
      }),
    });
    await core.beginRegistration();
    await expect(core.registered()).resolves.toMatchObject({ passkey: kim });
    await core.beginRegistration();
    await expect(core.beginRegistration(shop, { userId: 'lee' })).rejects.toMatchObject({
      name: 'ProviderUnavailable',
    });
  });
});

describe('a ceremony', () => {
  it('is good for one answer of 100 that come at once', async () => {
    const core = await startPasskeyCore();
    await core.registered();
    const credential = await core.got();
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, () => core.service.authenticate(shop, { ...kim, credential })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(core.provider.callsOf('authenticatePasskey')).toHaveLength(1);
  });

  it('takes none of 100 replays', async () => {
    const core = await startPasskeyCore();
    const credential = await core.created();
    await core.service.register(shop, { ...kim, credential });
    for (let replay = 0; replay < 100; replay += 1) {
      await expect(core.service.register(shop, { ...kim, credential })).rejects.toMatchObject(refused('CHALLENGE'));
    }
    expect(core.judged()).toBe(1);
  });

  it('is used up by an answer that was refused', async () => {
    const core = await startPasskeyCore();
    const options = await core.beginRegistration();
    const register = (userVerified: boolean) =>
      core.service.register(shop, {
        ...kim,
        credential: core.authenticator.create(options, { origin: core.origin, userVerified }),
      });
    await expect(register(false)).rejects.toMatchObject(refused('USER_VERIFIED'));
    await expect(register(true)).rejects.toMatchObject(refused('CHALLENGE'));
  });

  it('is open for just under five minutes', async () => {
    const core = await startPasskeyCore();
    const [first, second] = [await core.created(), await core.created()];
    core.pass(5 * 60_000 - 1);
    await expect(core.service.register(shop, { ...kim, credential: first })).resolves.toMatchObject(kim);
    core.pass(1);
    await expect(core.service.register(shop, { ...kim, credential: second })).rejects.toMatchObject(
      refused('CHALLENGE'),
    );
  });

  it('is of one user, one tenant and one kind, whom others cannot use it up', async () => {
    const core = await startPasskeyCore();
    const { registered: done, authenticator, origin, service } = core;
    await done();
    const credential = await core.created();
    await expect(service.register(shop, { userId: 'lee', credential })).rejects.toMatchObject(refused('CHALLENGE'));
    await expect(service.register(other, { ...kim, credential })).rejects.toMatchObject(refused('CHALLENGE'));
    await expect(service.register(shop, { ...kim, credential })).resolves.toMatchObject(kim);

    const toCreate = await core.beginRegistration();
    const asGot = authenticator.get({ ...toCreate, rpId: 'localhost' }, { origin });
    await expect(service.authenticate(shop, { ...kim, credential: asGot })).rejects.toMatchObject(refused('CHALLENGE'));
    expect(core.judged()).toBe(2);
  });

  it.each([
    ['RateLimited', new RateLimited('SECUREKEY', { retryAt: 1 }), true],
    ['ProviderUnavailable, not taken', new ProviderUnavailable('Away.', { outcome: 'NOT_ACCEPTED' }), true],
    ['ProviderUnavailable, nobody knows', new ProviderUnavailable('Lost.', { outcome: 'UNKNOWN' }), false],
    ['ProviderRejected', new ProviderRejected('No.', fault), false],
  ])('answered by %s passes it on, and may be answered again: %#', async (_what, error, again) => {
    const core = await startPasskeyCore();
    const credential = await core.created();
    core.provider.script.registerPasskey = () => Promise.reject(error);
    await expect(core.service.register(shop, { ...kim, credential })).rejects.toBe(error);
    expect(await core.service.ofUser(shop.id, 'kim')).toEqual([]);

    core.provider.script.registerPasskey = async () => ({ verified: true });
    const second = core.service.register(shop, { ...kim, credential });
    if (again) await expect(second).resolves.toMatchObject(kim);
    else await expect(second).rejects.toMatchObject(refused('CHALLENGE'));
  });
});

describe('the origin', () => {
  const page = (origin: string) => ({ clientData: { origin } });
  const app = `android:apk-key-hash:${'A'.repeat(43)}`;

  it.each(['https://localhost', 'https://shop.localhost', 'http://localhost:5000'])(
    '%s stands on the domain of the RP ID',
    async (origin) => {
      const core = await startPasskeyCore();
      await expect(core.registered(page(origin))).resolves.toMatchObject({ passkey: kim });
    },
  );

  it.each([
    app,
    'http://shop.example',
    'https://LOCALHOST',
    'https://localhost/',
    'ftp://localhost',
    'null',
    'localhost',
    '',
  ])('%o does not', async (origin) => {
    const core = await startPasskeyCore();
    await expect(core.registered(page(origin))).rejects.toMatchObject(refused('ORIGIN'));
  });

  it('is one of the configured ones, and then no other', async () => {
    const core = await startPasskeyCore({}, { origins: ['https://localhost', 'https://related.example'] });
    await expect(core.registered(page('https://related.example'))).resolves.toMatchObject({ passkey: kim });
    for (const origin of ['http://localhost:5000', 'https://shop.localhost', app]) {
      await expect(core.registered(page(origin))).rejects.toMatchObject(refused('ORIGIN'));
    }
  });

  it('stands for the RP ID where the options name none', async () => {
    const { passkeyRegistrationOptions: ask } = optionsScript();
    const core = await startPasskeyCore({
      passkeyRegistrationOptions: async (of) => ({ ...(await ask?.(of)), rp: { name: 'Shop' } }),
    });
    await expect(core.registered()).resolves.toMatchObject({ passkey: kim });
    await expect(core.registered({ rpId: 'shop.example' })).rejects.toMatchObject(refused('RP_ID'));
  });
});
