import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { StoreUnavailable } from '../../../src/core/store.ts';
import { createPasskeyService } from '../../../src/core/verification/passkey.ts';
import { kim, shop, startPasskeyCore } from '../../support/passkey-core.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const refused = (check: string) => ({ name: 'PasskeyRejected', check });
const fault = { provider: 'SECUREKEY', code: 'WEBAUTHN_SIGNATURE', at: 0 } as const;

describe('a passkey', () => {
  it.each(['url', 'standard'] as const)(
    'goes to the provider in base64url, sent in Base64 of kind %s',
    async (encoding) => {
      const core = await startPasskeyCore();
      // Chosen so that the two forms differ in every character that they can.
      const credentialId = Buffer.from('fbeffefbefff'.repeat(3), 'hex');
      const { credential, passkey } = await core.registered({ encoding, credentialId });
      const got = await core.got({ encoding });
      const verified = await core.service.authenticate(shop, { ...kim, credential: got });
      const id = credentialId.toString('base64url');
      expect([passkey.credentialId, verified.credentialId]).toEqual([id, id]);
      expect(/[+/=]/.test(credential.rawId)).toBe(encoding === 'standard');
      const [registered] = core.provider.callsOf('registerPasskey');
      const [used] = core.provider.callsOf('authenticatePasskey');
      expect(registered).toMatchObject({ userId: 'shop:kim', deviceName: 'Chrome', credential: { id, rawId: id } });
      expect(used).toMatchObject({ userId: 'shop:kim', credential: { id, rawId: id } });
      expect(JSON.stringify([registered?.credential['response'], used?.credential['response']])).not.toMatch(/[+/=]/);
    },
  );

  it('goes to the provider without the unsigned copies that browsers add', async () => {
    const core = await startPasskeyCore();
    const valid = await core.created();
    const response = { ...valid.response, publicKey: 'AQ', publicKeyAlgorithm: -8, authenticatorData: 'AQ' };
    await core.service.register(shop, { ...kim, credential: { ...valid, response, more: true } });
    expect(core.provider.callsOf('registerPasskey')).toEqual([
      { userId: 'shop:kim', credential: valid, deviceName: undefined },
    ]);
  });

  it.each(['ES256', 'RS256'] as const)('of %s is registered where it was offered', async (algorithm) => {
    const core = await startPasskeyCore();
    await expect(core.registered({ algorithm })).resolves.toMatchObject({ passkey: kim });
  });

  it('of an algorithm that was not offered is refused', async () => {
    const core = await startPasskeyCore();
    await expect(core.registered({ algorithm: 'EdDSA' })).rejects.toMatchObject(refused('ALGORITHM'));
  });

  it('is refused in the provider’s words where it names a check, and as PROVIDER where it names none', async () => {
    const core = await startPasskeyCore();
    core.provider.script.registerPasskey = async () => ({ verified: false, check: 'WEBAUTHN_SIGNATURE', fault });
    await expect(core.registered()).rejects.toMatchObject({ ...refused('WEBAUTHN_SIGNATURE'), origin: fault });
    core.provider.script.registerPasskey = async () => ({ verified: false });
    await expect(core.registered()).rejects.toMatchObject(refused('PROVIDER'));
    expect(await core.service.ofUser(shop.id, 'kim')).toEqual([]);
  });

  it('registered again by its user stays the same one', async () => {
    const core = await startPasskeyCore();
    const credentialId = Buffer.alloc(32, 5);
    const { passkey: first } = await core.registered({ credentialId });
    core.pass(1_000);
    const { passkey: second } = await core.registered({ credentialId });
    expect(second).toEqual(first);
    expect(await core.service.ofUser(shop.id, 'kim')).toEqual([first]);
  });

  it('is nobody else’s: not to be registered, and not to be used', async () => {
    const core = await startPasskeyCore();
    const { passkey } = await core.registered();
    const credentialId = Buffer.from(passkey.credentialId, 'base64url');
    const lee = { userId: 'lee' };
    const options = await core.beginRegistration(shop, lee);
    const credential = core.authenticator.create(options, { origin: core.origin, credentialId });
    await expect(core.service.register(shop, { ...lee, credential })).rejects.toMatchObject(refused('CREDENTIAL_ID'));
    const got = core.authenticator.get(await core.service.beginAuthentication(shop, lee), {
      origin: core.origin,
      credentialId,
    });
    await expect(core.service.authenticate(shop, { ...lee, credential: got })).rejects.toMatchObject(
      refused('CREDENTIAL_ID'),
    );
    expect(core.judged()).toBe(1);
  });

  it('that two users register at once is the one’s whom it was stored for first', async () => {
    const core = await startPasskeyCore();
    const { service, authenticator, origin } = core;
    const credentialId = Buffer.alloc(32, 5);
    const credential = await core.created({ credentialId });
    const lee = { userId: 'lee' };
    const options = await core.beginRegistration(shop, lee);
    const same = authenticator.create(options, { origin, credentialId });
    core.provider.script.registerPasskey = async ({ userId }) => {
      if (userId === 'shop:kim') await service.register(shop, { ...lee, credential: same });
      return { verified: true };
    };
    await expect(service.register(shop, { ...kim, credential })).rejects.toMatchObject(refused('CREDENTIAL_ID'));
    expect(await service.ofUser('shop', 'kim')).toEqual([]);
    expect(await service.ofUser('shop', 'lee')).toMatchObject([lee]);
  });

  it('that was never registered here is for the provider to know', async () => {
    const core = await startPasskeyCore();
    const credential = await core.created();
    expect(await core.service.authenticate(shop, { ...kim, credential: await core.got() })).toMatchObject({
      ...kim,
      credentialId: credential.id,
    });
  });

  it('is listed for its user and its tenant alone, oldest first', async () => {
    const core = await startPasskeyCore();
    const passkeys = [];
    for (let device = 0; device < 3; device += 1) {
      passkeys.push((await core.registered()).passkey);
      core.pass(1_000);
    }
    const [first] = passkeys;
    expect(await core.service.ofUser('shop', 'kim')).toEqual(passkeys);
    expect(await core.service.ofUser('shop', 'lee')).toEqual([]);
    expect(await core.service.ofUser('other', 'kim')).toEqual([]);
    expect(await core.service.passkeys('shop', [first?.id ?? '', 'nothing'])).toEqual([first, undefined]);
    expect(await core.service.passkeys('other', [first?.id ?? ''])).toEqual([undefined]);
  });

  it('that the provider has and the store lost is told as unknown', async () => {
    const core = await startPasskeyCore();
    const credential = await core.created();
    const { store } = core;
    core.provider.script.registerPasskey = async () => {
      store.write = () => Promise.reject(new StoreUnavailable('Away.', 'NO'));
      return { verified: true };
    };
    await expect(core.service.register(shop, { ...kim, credential })).rejects.toMatchObject({
      name: 'ProviderUnavailable',
      code: 'STORE_UNAVAILABLE',
      outcome: 'UNKNOWN',
    });
  });
});

describe('bad input', () => {
  it.each([
    ['userId', '', 'FORM'],
    ['userId', 'a'.repeat(129), 'FORM'],
    ['userId', ' kim', 'FORM'],
    ['userId', 'a\u0000', 'FORM'],
    ['userId', 'a\ud800', 'FORM'],
    ['userName', ' ', 'REQUIRED'],
    ['userName', 'a'.repeat(129), 'TOO_LONG'],
    ['deviceName', 'a\n', 'NOT_PRINTABLE'],
  ])('%s %j is told as %s, and nobody is asked', async (field, value, rule) => {
    const { service, provider } = await startPasskeyCore();
    const input = { ...kim, userName: 'kim', credential: {}, [field]: value };
    const told = { name: 'InvalidInput', fields: [{ path: ['input', field], rule }] };
    if (field !== 'userName') await expect(service.register(shop, input)).rejects.toMatchObject(told);
    if (field !== 'deviceName') await expect(service.beginRegistration(shop, input)).rejects.toMatchObject(told);
    if (field === 'userId') {
      await expect(service.beginAuthentication(shop, input)).rejects.toMatchObject(told);
      await expect(service.authenticate(shop, input)).rejects.toMatchObject(told);
    }
    expect(provider.calls).toEqual([]);
  });
});

describe('without SecureKey', () => {
  it('every ceremony is PROVIDER_DISABLED, and the listing is empty', async () => {
    const service = createPasskeyService({ store: await temporaryStore(), clock: systemClock, provider: undefined });
    const disabled = { name: 'ProviderUnavailable', code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' };
    const { created, got } = await startPasskeyCore();
    const [credential, used] = [await created(), await got()];
    await expect(service.beginRegistration(shop, { ...kim, userName: 'kim' })).rejects.toMatchObject(disabled);
    await expect(service.beginAuthentication(shop, kim)).rejects.toMatchObject(disabled);
    await expect(service.register(shop, { ...kim, credential })).rejects.toMatchObject(disabled);
    await expect(service.authenticate(shop, { ...kim, credential: used })).rejects.toMatchObject(disabled);
    expect(await service.ofUser(shop.id, 'kim')).toEqual([]);
  });
});
