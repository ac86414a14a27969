import { describe, expect, it } from 'vitest';
import { MfaRequired, ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { reportOf } from '../../support/messages.ts';
import { codeTo, failureOf, fault, ngs, otpCore, sens, shop } from '../../support/otp-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

describe('a code of ours', () => {
  it('leaves as one text of AUTH in Korean, from the number that is registered', async () => {
    const core = await otpCore();
    const challenge = await core.request();
    expect(challenge).toMatchObject({ channel: 'SMS', provider: 'SENS', delivery: 'SENT', attemptsLeft: 5 });
    expect(challenge.expiresAt - core.clock.now()).toBe(180_000);
    expect(challenge.resendAt - core.clock.now()).toBe(30_000);
    const [sent, ...more] = core.providers[0]?.submissions ?? [];
    expect(more).toEqual([]);
    expect(sent?.submission).toMatchObject({ kind: 'SMS', purpose: 'AUTH', to: '01012345678', from: '15880000' });
    expect(sent?.submission.text).toMatch(/^인증번호 \[\d{6}\]를 입력해 주세요\. 타인에게 알려 주지 마세요\.$/);
    expect(challenge.messageId).toBeDefined();
  });

  it("leaves in the tenant's own words", async () => {
    const core = await otpCore();
    await core.request({}, { ...shop, otp: { template: '[가게] {code} 입니다. $&' } });
    expect(core.providers[0]?.submissions[0]?.submission.text).toMatch(/^\[가게\] \d{6} 입니다\. \$&$/);
  });

  it('is one challenge a key, however often and at once it is asked for', async () => {
    const core = await otpCore();
    const twins = await Promise.all(Array.from({ length: 20 }, () => core.request({ idempotencyKey: 'same' })));
    const other = core.another();
    const again = await other.request(shop, {
      idempotencyKey: 'same',
      channel: 'SMS',
      phone: '+82 10-1234-5678',
      purpose: 'login',
      provider: 'SENS',
      clientAddress: '203.0.113.9',
    });
    expect(new Set([...twins, again].map(({ id }) => id)).size).toBe(1);
    expect(core.providers[0]?.submissions).toHaveLength(1);
  });

  it('is one challenge a key among gateways that ask at once', async () => {
    const core = await otpCore();
    const input = {
      idempotencyKey: 'k',
      channel: 'SMS',
      phone: '01012345678',
      purpose: 'p',
      provider: 'SENS',
    } as const;
    const answers = await Promise.all(Array.from({ length: 8 }, () => core.another().request(shop, input)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(core.providers[0]?.submissions).toHaveLength(1);
  });

  it('is a conflict where the key was used for something else', async () => {
    const core = await otpCore();
    await core.request({ idempotencyKey: 'same' });
    expect(await failureOf(core.request({ idempotencyKey: 'same', purpose: 'other' }))).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      differingPaths: ['purpose'],
    });
  });

  it('is sent once where its answer was lost, and verifies where it arrived', async () => {
    const lost = scriptedProvider({ provider: 'SENS', submit: async () => ({ outcome: 'UNKNOWN', fault }) });
    const core = await otpCore({ providers: [lost] });
    const challenge = await core.request({ idempotencyKey: 'lost', fallback: ['NGS'] });
    expect(challenge.delivery).toBe('UNCONFIRMED');
    expect(await core.request({ idempotencyKey: 'lost', fallback: ['NGS'] })).toMatchObject({ id: challenge.id });
    expect(lost.submissions).toHaveLength(1);
    await core.verify({ challengeId: challenge.id, code: codeTo(lost) });
  });

  it('that its provider refused says what the provider said, and leaves key and number free', async () => {
    let refuses = true;
    const once = scriptedProvider({
      provider: 'SENS',
      submit: async () =>
        refuses ? { outcome: 'NOT_ACCEPTED', fault, retriable: false } : { outcome: 'ACCEPTED', reference: 'R' },
    });
    const core = await otpCore({ providers: [once] });
    const failure = await failureOf(core.request({ idempotencyKey: 'again' }));
    expect(failure).toBeInstanceOf(ProviderRejected);
    expect(failure).toMatchObject({ origin: fault, subject: { type: 'Message' } });
    refuses = false;
    expect(await core.request({ idempotencyKey: 'again' })).toMatchObject({ delivery: 'SENT' });
  });

  it('that was refused lets the code before it count again', async () => {
    let refuses = false;
    const later = scriptedProvider({
      provider: 'SENS',
      submit: async () =>
        refuses ? { outcome: 'NOT_ACCEPTED', fault, retriable: false } : { outcome: 'ACCEPTED', reference: 'R' },
    });
    const core = await otpCore({ providers: [later] });
    const first = await core.request();
    const code = codeTo(later);
    core.clock.advance(31_000);
    refuses = true;
    await failureOf(core.request());
    expect(await core.verify({ phone: '01012345678', code })).toMatchObject({ channel: 'SMS' });
    expect(await core.otp.challenges(shop.id, [first.id])).toMatchObject([{ attemptsLeft: 0 }]);
  });

  it('that is late never leaves, and its text is kept no longer', async () => {
    const provider = sens();
    provider.setVacancies(0);
    const core = await otpCore({ providers: [provider], maxWaitMs: 20 });
    const { id, messageId = '', delivery } = await core.request();
    expect(delivery).toBe('QUEUED');
    expect((await core.load(messageId))?.text).toContain('인증번호');
    core.clock.advance(180_000);
    provider.setVacancies(100);
    await until(async () => (await core.load(messageId))?.state === 'EXPIRED');
    expect((await core.load(messageId))?.text).toBe('');
    expect(provider.submissions).toEqual([]);
    expect(await core.otp.challenges(shop.id, [id])).toMatchObject([{ delivery: 'FAILED', attemptsLeft: 0 }]);
  });
});

describe('the text of a code', () => {
  it('is dropped once it was delivered, and the code verifies all the same', async () => {
    const provider = ngs();
    const core = await otpCore({ providers: [provider] });
    const { id, messageId = '' } = await core.request({ provider: 'NGS' });
    expect((await core.load(messageId))?.text).toContain('인증번호');
    await provider.inbox().receive(reportOf('SERIAL1'));
    expect(await core.load(messageId)).toMatchObject({ state: 'DELIVERED', text: '' });
    await core.verify({ challengeId: id, code: codeTo(provider) });
  });

  it('that did not arrive is what the same key then tells', async () => {
    const provider = ngs();
    const core = await otpCore({ providers: [provider] });
    await core.request({ provider: 'NGS', idempotencyKey: 'k' });
    await provider.inbox().receive(reportOf('SERIAL1', { delivered: false, rawResult: '12' }));
    const failure = await failureOf(core.request({ provider: 'NGS', idempotencyKey: 'k' }));
    expect(failure).toBeInstanceOf(ProviderRejected);
    expect(failure).toMatchObject({ origin: { provider: 'NGS', code: '12' }, subject: { type: 'Message' } });
    expect(provider.submissions).toHaveLength(1);
  });

  it('is on its way though the store goes away at once, and the answer is no claim that it is not', async () => {
    const store = await temporaryStore();
    let isGone = false;
    const lost = async (): Promise<never> => {
      throw new StoreUnavailable('gone', 'NO');
    };
    const leaving: Store = {
      ...store,
      get: (key) => (isGone ? lost() : store.get(key)),
      getMany: (keys) => (isGone ? lost() : store.getMany(keys)),
      async write(batch) {
        if (isGone) return lost();
        const result = await store.write(batch);
        isGone = batch.put?.some(({ key }) => key.startsWith('otp-challenge')) === true;
        return result;
      },
    };
    const core = await otpCore({ store: leaving, maxWaitMs: 20 });
    expect(await core.request({ idempotencyKey: 'k' })).toMatchObject({ delivery: 'UNCONFIRMED' });
    expect(await failureOf(core.verify({ phone: '01012345678', code: '123456' }))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    isGone = false;
    // The dispatcher may still be waiting for the store.
    await until(async () => (await core.request({ idempotencyKey: 'k' })).delivery === 'SENT');
    expect(core.providers[0]?.submissions).toHaveLength(1);
  });
});

it.each([
  ['STORAGE_FULL', 'FULL'],
  ['OVERLOADED', 'OVERLOADED'],
] as const)('a code that finds the store %s is refused as such, and may be asked for again', async (code, want) => {
  const store = await temporaryStore();
  let isRefusing = true;
  const refusing: Store = {
    ...store,
    async write(batch) {
      const isCode = batch.put?.some(({ key }) => key.startsWith('otp-challenge')) === true;
      if (isRefusing && isCode) throw new StoreUnavailable('no', 'NO', undefined, want);
      return store.write(batch);
    },
  };
  const core = await otpCore({ store: refusing });
  const refused = { code, outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' };
  expect(await failureOf(core.request({ idempotencyKey: 'k' }))).toMatchObject(refused);
  isRefusing = false;
  expect(await core.request({ idempotencyKey: 'k' })).toMatchObject({ delivery: 'SENT' });
});

describe('a code of SecureKey', () => {
  const securekey = { provider: 'SECUREKEY' } as const;

  it('is asked for once, and lives as long as SecureKey says, up to ten minutes', async () => {
    const core = await otpCore();
    core.verification.script.sendSmsCode = async () => ({ expiresAt: core.clock.now() + 3_600_000 });
    const challenge = await core.request(securekey);
    expect(challenge).toMatchObject({ provider: 'SECUREKEY', delivery: 'SENT' });
    expect(challenge.expiresAt - core.clock.now()).toBe(600_000);
    expect(challenge).not.toHaveProperty('messageId');
    expect(core.verification.calls).toEqual([
      { method: 'sendSmsCode', given: { phone: '01012345678', purpose: 'login' } },
    ]);
  });

  it('goes by e-mail too, and no guard of numbers counts it', async () => {
    const core = await otpCore();
    const mail = { ...securekey, channel: 'EMAIL', phone: undefined, email: 'Kim@example.com' } as const;
    await core.request(mail);
    expect(await core.verify({ channel: 'EMAIL', email: 'kim@EXAMPLE.com', code: '1234' })).toMatchObject({
      channel: 'EMAIL',
    });
    expect(core.verification.callsOf('verifyEmailCode')).toEqual([{ email: 'Kim@example.com', code: '1234' }]);
  });

  it('is the same whatever the case of the mailbox is, and goes to it as it was first written', async () => {
    const core = await otpCore();
    const mail = { ...securekey, channel: 'EMAIL', phone: undefined, idempotencyKey: 'k' } as const;
    const { id } = await core.request({ ...mail, email: 'A@b.kr' });
    expect(await core.request({ ...mail, email: 'a@B.kr' })).toMatchObject({ id });
    expect(core.verification.callsOf('sendEmailCode')).toEqual([{ email: 'A@b.kr', purpose: 'login' }]);
  });

  it('whose answer was lost is a challenge, and is never asked for again', async () => {
    const core = await otpCore();
    core.verification.script.sendSmsCode = async () => {
      throw new ProviderUnavailable('lost', { outcome: 'UNKNOWN' });
    };
    const first = await core.request({ ...securekey, idempotencyKey: 'lost', fallback: ['SENS'] });
    expect(first.delivery).toBe('UNCONFIRMED');
    const again = await core.request({ ...securekey, idempotencyKey: 'lost', fallback: ['SENS'] });
    expect(again).toEqual(first);
    expect(core.verification.calls).toHaveLength(1);
    expect(core.providers[0]?.submissions).toEqual([]);
  });

  const notTaken = [
    new RateLimited('SecureKey', { retryAt: 5 }),
    new MfaRequired(['TOTP'], ['policy']),
    new ProviderRejected('no', { ...fault, provider: 'SECUREKEY' }),
    new ProviderUnavailable('away', { outcome: 'NOT_ACCEPTED' }),
  ];
  it.each(notTaken.map((error) => [error.name, error] as const))(
    'that it certainly did not take (%s) leaves nothing behind',
    async (_name, error) => {
      const core = await otpCore();
      core.verification.script.sendSmsCode = async () => {
        throw error;
      };
      expect(await failureOf(core.request({ ...securekey, idempotencyKey: 'again' }))).toBe(error);
      delete core.verification.script.sendSmsCode;
      expect(await core.request({ ...securekey, idempotencyKey: 'again' })).toMatchObject({ delivery: 'SENT' });
    },
  );
});
