import { describe, expect, it } from 'vitest';
import { IdempotencyConflict, InvalidInput, ProviderUnavailable } from '../../../src/core/errors.ts';
import type { AddRecipientInput, RegisterUserInput } from '../../../src/core/remittance/input.ts';
import type { Store } from '../../../src/core/store.ts';
import { gif, png } from '../../support/images.ts';
import { standingClock, storeKinds } from '../../support/push-core.ts';
import { bakery, recipientInput, remittanceCore, shop, userInput } from '../../support/remittance-core.ts';
import { lostAnswer, notAccepted, rejected, scriptedRemittance } from '../../support/scripted-remittance.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const problemsOf = async (call: Promise<unknown>): Promise<string[]> => {
  const error = await call.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidInput)) throw error;
  return error.fields.map(({ path, rule }) => `${path.join('.')} ${rule}`);
};

describe.each(storeKinds)('a user, on $name', ({ open, here }) => {
  it.runIf(here)(
    'is registered once by one key, also by twins of two gateways, and is the same user after',
    async () => {
      const [one, two] = await open(2);
      if (one === undefined || two === undefined) throw new Error('There are two.');
      const provider = scriptedRemittance();
      const gateways = [remittanceCore({ store: one, provider }), remittanceCore({ store: two, provider })];
      const calls = Array.from({ length: 20 }, (_none, at) => gateways[at % 2]?.service.registerUser(shop, userInput));
      const settled = await Promise.allSettled(calls);
      // A twin of another gateway that comes while the call is under way hears that nobody can say yet.
      for (const each of settled) {
        if (each.status === 'rejected')
          expect(each.reason).toMatchObject({ outcome: 'UNKNOWN', retry: 'ONLY_WITH_SAME_KEY' });
      }
      const user = await gateways[1]?.service.registerUser(shop, userInput);
      expect(user).toMatchObject({ registration: 'REGISTERED', providerId: 'u1', firstName: 'Maria' });
      expect(provider.callsOf('registerUser')).toHaveLength(1);
    },
  );
});

describe('registering a user', () => {
  it('tells the provider all of it, in its forms, by a name that is apart for each tenant', async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    await service.registerUser(shop, userInput);
    await service.registerUser(bakery, userInput);
    const [[corridor, given], [, others]] = provider.callsOf('registerUser') as [unknown[], unknown[]];
    const { idempotencyKey: _key, corridor: _corridor, ...person } = userInput;
    expect(corridor).toBe('OUTBOUND');
    expect(given).toEqual({
      ...person,
      middleName: undefined,
      externalId: 'shop:user-1',
      phone: '01033691481',
      birthDate: '19900131',
    });
    expect(others).toMatchObject({ externalId: 'bakery:user-1' });
  });

  it.each([
    ['refused', rejected()],
    ['not taken', notAccepted()],
  ])('that was %s is forgotten, and the same key tries anew', async (_what, error) => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    provider.script.registerUser = () => Promise.reject(error);
    await expect(service.registerUser(shop, userInput)).rejects.toBe(error);
    delete provider.script.registerUser;
    // Anew: also with what the provider had found wrong.
    const user = await service.registerUser(shop, { ...userInput, lastName: 'Cruz' });
    expect(user).toMatchObject({ registration: 'REGISTERED', lastName: 'Cruz' });
  });

  it('whose answer was lost is not sent again, and says so by the same key', async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    provider.script.registerUser = () => Promise.reject(lostAnswer());
    const first = await service.registerUser(shop, userInput).catch((error: unknown) => error);
    delete provider.script.registerUser;
    const again = await service.registerUser(shop, userInput).catch((error: unknown) => error);
    for (const error of [first, again]) {
      expect(error).toBeInstanceOf(ProviderUnavailable);
      expect(error).toMatchObject({
        outcome: 'UNKNOWN',
        subject: { type: 'RemittanceUser' },
        origin: { code: 'ECONNRESET' },
      });
    }
    const { id } = (again as ProviderUnavailable).subject ?? expect.unreachable();
    expect(await service.users(shop.id, [id])).toMatchObject([{ registration: 'UNCONFIRMED' }]);
    expect(provider.callsOf('registerUser')).toHaveLength(1);
    const recipient = service.addRecipient(shop, { ...recipientInput, userId: id });
    expect(await problemsOf(recipient)).toEqual(['input.userId UNCONFIRMED']);
  });

  it('whose answer was lost is settled by its key, where the provider lists it by its external id', async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    provider.script.registerUser = () => Promise.reject(lostAnswer());
    await expect(service.registerUser(shop, userInput)).rejects.toMatchObject({ outcome: 'UNKNOWN' });
    provider.script.findUser = () => Promise.reject(notAccepted());
    await expect(service.registerUser(shop, userInput)).rejects.toMatchObject({ outcome: 'UNKNOWN' });
    const verifications = { mobile: 'standby', documents: 'standby', bank: 'standby' };
    provider.script.findUser = async () => ({ id: 'found', verifications });
    const user = await service.registerUser(shop, userInput);
    expect(user).toMatchObject({ registration: 'REGISTERED', providerId: 'found', verifications });
    expect(user.fault).toBeUndefined();
    expect(await service.registerUser(shop, userInput)).toEqual(user);
    expect(provider.callsOf('findUser')).toEqual(Array.from({ length: 2 }, () => ['OUTBOUND', 'shop:user-1']));
    expect(provider.callsOf('registerUser')).toHaveLength(1);
  });

  it('that nobody waits for any more is UNCONFIRMED once its time has passed', async () => {
    const clock = standingClock();
    const { service, provider } = remittanceCore({ store: await temporaryStore(), clock, sweeping: false });
    let id = '';
    // A bug, or a crash: nothing is written after it.
    provider.script.registerUser = () => Promise.reject(new TypeError('bug'));
    await expect(service.registerUser(shop, userInput)).rejects.toThrow('bug');
    const error = await service.registerUser(shop, userInput).catch((thrown: unknown) => thrown);
    id = (error as ProviderUnavailable).subject?.id ?? '';
    expect(await service.users(shop.id, [id])).toMatchObject([{ registration: 'SENDING' }]);
    clock.passMs(provider.callTimeoutMs + 5_000);
    expect(await service.users(shop.id, [id])).toMatchObject([{ registration: 'UNCONFIRMED' }]);
  });

  it('is refused where the key had another input, and where the name is taken', async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    await service.registerUser(shop, userInput);
    const other = await service.registerUser(shop, { ...userInput, lastName: 'Cruz' }).catch((error: unknown) => error);
    expect(other).toBeInstanceOf(IdempotencyConflict);
    expect(other).toMatchObject({ differingPaths: ['lastName'] });
    expect(await problemsOf(service.registerUser(shop, { ...userInput, idempotencyKey: 'b' }))).toEqual([
      'input.externalId DUPLICATE',
    ]);
    expect(provider.callsOf('registerUser')).toHaveLength(1);
  });

  const details = userInput.details ?? expect.unreachable();
  it.each<[string, Partial<RegisterUserInput>]>([
    ['input.birthDate NOT_A_BIRTH_DATE', { birthDate: '1990-02-30' }],
    ['input.birthDate NOT_A_BIRTH_DATE', { birthDate: '29991231' }],
    ['input.birthDate NOT_A_BIRTH_DATE', { birthDate: '199001-31' }],
    ['input.phone NOT_A_PHONE_NUMBER', { phone: '12' }],
    ['input.nationality NOT_A_COUNTRY', { nationality: 'Philippines' }],
    ['input.externalId FORM', { externalId: '' }],
    ['input.email FORM', { email: 'nobody' }],
    ['input.firstName FORM', { firstName: 'Ma\nria' }],
    ['input.details REQUIRED', { details: undefined }],
    ['input.details NOT_FOR_CORRIDOR', { corridor: 'INBOUND' }],
    ['input.details.gender UNKNOWN', { details: { ...details, gender: 'X' } }],
    ['input.details.password LENGTH', { details: { ...details, password: '' } }],
    ['input.details.address.country NOT_A_COUNTRY', { details: { ...details, address: { country: 'k', line1: 'a' } } }],
    ['input.details.identificationNumber EXACTLY_ONE', { details: { ...details, passportNumber: undefined } }],
    ['input.details.identificationNumber EXACTLY_ONE', { details: { ...details, identificationNumber: '1' } }],
    ['input.details.agreements.0 UNKNOWN', { details: { ...details, agreements: ['everything'] } }],
    ['input.details.agreements COUNT', { details: { ...details, agreements: new Array<string>(40_000).fill('x') } }],
    ['input.idempotencyKey LENGTH', { idempotencyKey: '' }],
  ])('is refused with %s', async (problem, part) => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    expect(await problemsOf(service.registerUser(shop, { ...userInput, ...part }))).toEqual([problem]);
    expect(provider.calls).toEqual([]);
  });

  it('is refused where Sentbe has no settings', async () => {
    const { service } = remittanceCore({ store: await temporaryStore(), seen: undefined });
    await expect(service.registerUser(shop, userInput)).rejects.toMatchObject({ code: 'PROVIDER_DISABLED' });
  });
});

describe('adding a recipient', () => {
  it.each<[string, Partial<AddRecipientInput>]>([
    ['input.userId UNKNOWN', { userId: '' }],
    ['input.userId UNKNOWN', { userId: 'no-such-user' }],
    ['input.corridor NOT_OF_USER', { corridor: 'INBOUND', receiveMethod: undefined }],
    ['input.receiveMethod NOT_FOR_CORRIDOR', { corridor: 'INBOUND', receiveMethod: 'Pickup' }],
    ['input.receiveMethod REQUIRED', { receiveMethod: undefined }],
    ['input.receiveMethod UNKNOWN', { receiveMethod: 'Pigeon' }],
    ['input.bank REQUIRED', { bank: undefined }],
    ['input.bank.accountNumber FORM', { bank: { bankCode: '1', accountNumber: '', accountHolder: 'a' } }],
    ['input.country NOT_A_COUNTRY', { country: 'ph' }],
  ])('is refused with %s', async (problem, part) => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    const { id: userId } = await service.registerUser(shop, userInput);
    const added = service.addRecipient(shop, { ...recipientInput, userId, ...part });
    expect(await problemsOf(added)).toEqual([problem]);
    expect(provider.callsOf('addRecipient')).toEqual([]);
  });

  it("never names another tenant's user", async () => {
    const { service } = remittanceCore({ store: await temporaryStore() });
    const { id: userId } = await service.registerUser(shop, userInput);
    const added = service.addRecipient(bakery, { ...recipientInput, userId });
    expect(await problemsOf(added)).toEqual(['input.userId UNKNOWN']);
    expect(await service.users(bakery.id, [userId])).toEqual([undefined]);
  });

  it("names the user as the provider does, and takes Sentbe's two ways of writing a method for one", async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    const { id: userId, providerId } = await service.registerUser(shop, userInput);
    const added = await service.addRecipient(shop, { ...recipientInput, userId, receiveMethod: 'debit_card' });
    expect(added).toMatchObject({ registration: 'REGISTERED', receiveMethod: 'DebitCard', country: 'PH' });
    expect(provider.callsOf('addRecipient')[0]?.[1]).toMatchObject({
      userId: providerId,
      externalId: 'shop:recipient-1',
      phone: '+639171234567',
      bank: recipientInput.bank,
    });
  });
});

describe('verifying a user', () => {
  it('sends a code, tries one, and answers how the provider says that the user stands', async () => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    const { id: userId } = await service.registerUser(shop, userInput);
    await service.verifyUser(shop, { userId, verification: 'MOBILE' });
    provider.script.user = async (_corridor, id) => ({
      id,
      verifications: { mobile: 'completed', documents: 'standby', bank: 'standby' },
    });
    const verified = await service.verifyUser(shop, { userId, verification: 'MOBILE', token: '1234' });
    expect(verified).toMatchObject({ id: userId, verifications: { mobile: 'completed' } });
    const { bank } = recipientInput;
    await service.verifyUser(shop, { userId, verification: 'BANK', bank });
    expect(provider.callsOf('verifyUser')).toEqual([
      ['u1', { type: 'MOBILE' }],
      ['u1', { type: 'MOBILE', token: '1234' }],
      ['u1', { type: 'BANK', bank }],
    ]);
    const wrong = service.verifyUser(shop, { userId, verification: 'BANK' });
    expect(await problemsOf(wrong)).toEqual(['input.bank REQUIRED']);
    const both = service.verifyUser(shop, { userId, verification: 'BANK', token: '1', bank });
    expect(await problemsOf(both)).toEqual(['input.bank EXCLUSIVE']);
  });

  it('that the staff ended is seen by who looks, without a call each time', async () => {
    const clock = standingClock();
    const { service, provider } = remittanceCore({ store: await temporaryStore(), clock, sweeping: false });
    const { id } = await service.registerUser(shop, userInput);
    const completed = { mobile: 'completed', documents: 'completed', bank: 'completed' };
    provider.script.user = async (_corridor, userId) => ({ id: userId, verifications: completed });
    expect(await service.users(shop.id, [id])).toMatchObject([{ verifications: { documents: 'standby' } }]);
    clock.passMs(5_000);
    for (const _again of [1, 2, 3]) {
      expect(await service.users(shop.id, [id])).toMatchObject([{ verifications: completed }]);
      clock.passMs(60_000);
    }
    expect(provider.callsOf('user')).toHaveLength(1);
  });
});

describe('what is secret', () => {
  it('reaches the provider, and is in nothing that is given to the store, sealed or not', async () => {
    const store = await temporaryStore();
    const written: string[] = [];
    const watched: Store = {
      ...store,
      write(batch) {
        written.push(JSON.stringify(batch));
        return store.write(batch);
      },
    };
    const { service, provider } = remittanceCore({ store: watched });
    const { id: userId } = await service.registerUser(shop, userInput);
    await service.addRecipient(shop, { ...recipientInput, userId });
    const data = png(2_000).toString('base64');
    const document = { fileName: 'CANARY-Maria.png', data };
    await service.uploadDocument(shop, { userId, documentType: 'passport', document });
    await service.verifyUser(shop, { userId, verification: 'MOBILE', token: 'CANARYTOKEN' });
    const all = written.join('\n');
    // The control: what is meant to be stored is seen here.
    expect(all).toContain('Santos');
    for (const secret of ['canary-password', 'CANARY', data.slice(0, 24)]) expect(all).not.toContain(secret);
    expect(JSON.stringify(provider.calls)).toContain('CANARY-PASSPORT');
    expect(provider.callsOf('uploadDocument')).toEqual([
      ['u1', { documentType: 'passport', fileName: 'document.png', contentType: 'image/png', bytes: png(2_000) }],
    ]);
  });

  it.each([
    ['input.documentType UNKNOWN', { documentType: 'letter' }],
    ['input.document.data IMAGE_TYPE', { document: { fileName: 'a.gif', data: gif().toString('base64') } }],
    ['input.userId UNKNOWN', { userId: '' }],
  ])('is refused as a document with %s', async (problem, part) => {
    const { service, provider } = remittanceCore({ store: await temporaryStore() });
    const { id: userId } = await service.registerUser(shop, userInput);
    const document = { fileName: 'a.png', data: png(2_000).toString('base64') };
    const uploaded = service.uploadDocument(shop, { userId, documentType: 'passport', document, ...part });
    expect(await problemsOf(uploaded)).toEqual([problem]);
    expect(provider.callsOf('uploadDocument')).toEqual([]);
  });
});
