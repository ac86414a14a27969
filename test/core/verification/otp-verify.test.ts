import { describe, expect, it } from 'vitest';
import { MfaRequired, ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import type { Tenant } from '../../../src/core/tenant.ts';
import { codeTo, failureOf, fault, otpCore, shop, wrongCode } from '../../support/otp-core.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const gone = { code: 'OTP_REJECTED', attemptsLeft: 0, expired: true, origin: undefined };
const phone = '01012345678';
const securekey = { provider: 'SECUREKEY' } as const;
const said = { ...fault, provider: 'SECUREKEY' } as const;
const stepUp = new MfaRequired(['EMAIL'], ['night']);

describe('the right code', () => {
  it.each(['challengeId', 'phone'] as const)('verifies once, by %s', async (by) => {
    const core = await otpCore();
    const { id } = await core.request();
    const given = by === 'phone' ? { phone: '010-1234-5678' } : { challengeId: id };
    const code = codeTo(core.providers[0]);
    expect(await core.verify({ ...given, code })).toEqual({ channel: 'SMS', verifiedAt: core.clock.now() });
    expect(await failureOf(core.verify({ ...given, code }))).toMatchObject(gone);
  });

  it('verifies once of 50 at once', async () => {
    const core = await otpCore();
    const { id: challengeId } = await core.request();
    const code = codeTo(core.providers[0]);
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => core.another().verify(shop, { channel: 'SMS', challengeId, code })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('verifies until its time is over, and not at that time', async () => {
    const core = await otpCore();
    await core.request();
    const code = codeTo(core.providers[0]);
    core.clock.advance(180_000);
    expect(await failureOf(core.verify({ phone, code }))).toMatchObject(gone);
    core.clock.advance(-1);
    await core.verify({ phone, code });
  });
});

describe('a wrong code', () => {
  it('says how many tries are left, and the fifth ends the challenge for the right one too', async () => {
    const core = await otpCore();
    const { id: challengeId } = await core.request();
    const code = codeTo(core.providers[0]);
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      const failure = await failureOf(core.verify({ challengeId, code: wrongCode(code) }));
      expect(failure).toMatchObject({ code: 'OTP_REJECTED', attemptsLeft, expired: false });
      expect(await core.otp.challenges(shop.id, [challengeId])).toMatchObject([{ attemptsLeft }]);
    }
    expect(await failureOf(core.verify({ challengeId, code }))).toMatchObject({ attemptsLeft: 0, expired: false });
  });

  it('is one of ten a day for its number, whichever code it was for, and no new code gives more', async () => {
    const core = await otpCore();
    for (let codes = 0; codes < 2; codes += 1) {
      await core.request();
      const code = codeTo(core.providers[0]);
      for (let tries = 0; tries < 5; tries += 1) await failureOf(core.verify({ phone, code: wrongCode(code) }));
      core.clock.advance(31_000);
    }
    await core.request();
    const failure = await failureOf(core.verify({ phone, code: codeTo(core.providers[0]) }));
    expect(failure).toMatchObject({
      code: 'RATE_LIMITED',
      scope: 'OTP failures of this destination',
      retryAt: Date.parse('2026-11-21T00:00:00+09:00'),
      limit: 10,
    });
    core.clock.advance(Date.parse('2026-11-21T00:00:00+09:00') - core.clock.now());
    await core.request();
    await core.verify({ phone, code: codeTo(core.providers[0]) });
  });

  it('of somebody who got in by and by does not count against them', async () => {
    const core = await otpCore();
    for (let codes = 0; codes < 4; codes += 1) {
      await core.request();
      const code = codeTo(core.providers[0]);
      await failureOf(core.verify({ phone, code: wrongCode(code) }));
      await core.verify({ phone, code });
      core.clock.advance(31_000);
    }
    // Four failures and four successes: six more may fail.
    await core.request();
    const code = codeTo(core.providers[0]);
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expect(await failureOf(core.verify({ phone, code: wrongCode(code) }))).toMatchObject({ attemptsLeft });
    }
  });
});

describe('one and the same answer', () => {
  it('comes for what never was, was replaced, is of another tenant or of another channel', async () => {
    const core = await otpCore();
    const other: Tenant = { ...shop, id: 'other' };
    const first = await core.request();
    const firstCode = codeTo(core.providers[0]);
    core.clock.advance(31_000);
    const second = await core.request();
    const code = codeTo(core.providers[0]);
    const answers = await Promise.all([
      failureOf(core.verify({ phone: '01099998888', code })),
      failureOf(core.verify({ challengeId: '', code })),
      failureOf(core.verify({ challengeId: 'nothing', code })),
      failureOf(core.verify({ challengeId: first.id, code: firstCode })),
      failureOf(core.verify({ challengeId: second.id, code }, other)),
      failureOf(core.verify({ phone, code }, other)),
      failureOf(core.verify({ channel: 'EMAIL', challengeId: second.id, code })),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ...gone, message: answers[0]?.message });
    expect(await core.otp.challenges('other', [second.id])).toEqual([undefined]);
    await core.verify({ challengeId: second.id, code });
  });

  it('comes for a code that another provider replaced', async () => {
    const core = await otpCore();
    const first = await core.request();
    const code = codeTo(core.providers[0]);
    core.clock.advance(31_000);
    await core.request(securekey);
    expect(await failureOf(core.verify({ challengeId: first.id, code }))).toMatchObject(gone);
  });
});

describe("a code of SecureKey's", () => {
  it('is judged by SecureKey, whose words go with the answer', async () => {
    const core = await otpCore();
    await core.request(securekey);
    core.verification.script.verifySmsCode = async () => ({ verified: false, expired: false, fault: said });
    expect(await failureOf(core.verify({ phone, code: '1234' }))).toMatchObject({
      attemptsLeft: 4,
      expired: false,
      origin: said,
    });
    core.verification.script.verifySmsCode = async () => ({ verified: false, expired: true });
    expect(await failureOf(core.verify({ phone, code: '1234' }))).toMatchObject({ attemptsLeft: 0, expired: true });
    delete core.verification.script.verifySmsCode;
    await core.verify({ phone, code: '1234' });
    expect(core.verification.callsOf('verifySmsCode').at(-1)).toEqual({ phone, code: '1234' });
  });

  it.each([
    ['took no look', new RateLimited('SecureKey', { retryAt: 5 }), 5, 'SAFE_AFTER'],
    ['was away', new ProviderUnavailable('away', { outcome: 'NOT_ACCEPTED' }), 5, 'SAFE_AFTER'],
    ['may have looked', new ProviderUnavailable('lost', { outcome: 'UNKNOWN', origin: said }), 4, 'SAFE_NOW'],
    ['wants one more factor', stepUp, 4, 'AFTER_FIX'],
  ])('where SecureKey %s: what is left of the tries', async (_what, error, attemptsLeft, retry) => {
    const core = await otpCore();
    const { id } = await core.request(securekey);
    core.verification.script.verifySmsCode = async () => {
      throw error;
    };
    const { code, origin } = error;
    expect(await failureOf(core.verify({ phone, code: '1234' }))).toMatchObject({ code, origin, retry });
    expect(await core.otp.challenges(shop.id, [id])).toMatchObject([{ attemptsLeft }]);
  });

  it.each([
    ['one more factor', stepUp],
    ['a refusal', new ProviderRejected('no', said)],
  ])('that is answered by %s is no failure of its number', async (_what, error) => {
    const core = await otpCore();
    core.verification.script.verifySmsCode = async () => {
      throw error;
    };
    for (let codes = 0; codes < 3; codes += 1) {
      await core.request(securekey);
      for (let tries = 0; tries < 5; tries += 1) {
        expect(await failureOf(core.verify({ phone, code: '1234' }))).toBe(error);
      }
      core.clock.advance(31_000);
    }
    await core.request(securekey);
    core.verification.script.verifySmsCode = async () => ({ verified: false, expired: false });
    expect(await failureOf(core.verify({ phone, code: '1234' }))).toMatchObject({ attemptsLeft: 4 });
  });
});

describe('an authenticator', () => {
  it('is set up, and verified, under the name that the tenant has it by', async () => {
    const core = await otpCore();
    const answer = await core.otp.enrollTotp(shop, { userId: 'kim', accountName: 'kim@shop.kr', issuer: 'Shop' });
    expect(answer.uri).toMatch(/^otpauth:/);
    expect(await core.verify({ channel: 'TOTP', userId: 'kim', code: '123456' })).toMatchObject({ channel: 'TOTP' });
    expect(core.verification.calls).toEqual([
      { method: 'setUpTotp', given: { userId: 'shop:kim', accountName: 'kim@shop.kr', issuer: 'Shop' } },
      { method: 'verifyTotp', given: { userId: 'shop:kim', code: '123456' } },
    ]);
  });

  it.each([
    [{ userId: '' }, 'userId'],
    [{ userId: 'x'.repeat(129) }, 'userId'],
    [{ userId: '  ' }, 'userId'],
    [{ userId: ' kim' }, 'userId'],
    [{ userId: 'kim ' }, 'userId'],
    [{ userId: 'kim\u0007' }, 'userId'],
    [{ accountName: '' }, 'accountName'],
    [{ accountName: 'x'.repeat(101) }, 'accountName'],
    [{ issuer: 'a\u0000b' }, 'issuer'],
  ])('is not set up for %j', async (part, field) => {
    const core = await otpCore();
    const failure = await failureOf(core.otp.enrollTotp(shop, { userId: 'kim', accountName: 'kim', ...part }));
    expect(failure).toMatchObject({ fields: [{ path: ['input', field], rule: 'FORM' }] });
    expect(core.verification.calls).toEqual([]);
  });

  it('takes five wrong codes in five minutes and ten a day, whatever else was asked', async () => {
    const core = await otpCore();
    core.verification.script.verifyTotp = async () => ({ verified: false, expired: false });
    const guess = () => failureOf(core.verify({ channel: 'TOTP', userId: 'kim', code: '123456' }));
    const burst = await Promise.all(Array.from({ length: 40 }, guess));
    expect(burst.filter(({ code }) => code === 'OTP_REJECTED')).toHaveLength(5);
    expect(burst.find(({ code }) => code === 'RATE_LIMITED')).toMatchObject({
      scope: 'TOTP failures of this user',
      windowSeconds: 300,
    });
    core.clock.advance(300_000);
    for (let tries = 0; tries < 5; tries += 1) expect(await guess()).toMatchObject({ code: 'OTP_REJECTED' });
    core.clock.advance(300_000);
    expect(await guess()).toMatchObject({ code: 'RATE_LIMITED', windowSeconds: 86_400 });
    expect(core.verification.callsOf('verifyTotp')).toHaveLength(10);
  });

  it('that needs one more factor besides is no failure, and a refusal is one', async () => {
    const core = await otpCore();
    const guess = () => failureOf(core.verify({ channel: 'TOTP', userId: 'kim', code: '123456' }));
    core.verification.script.verifyTotp = async () => {
      throw stepUp;
    };
    for (let tries = 0; tries < 12; tries += 1) expect(await guess()).toBe(stepUp);
    core.verification.script.verifyTotp = async () => {
      throw new ProviderRejected('no', said);
    };
    for (let tries = 0; tries < 5; tries += 1) expect(await guess()).toBeInstanceOf(ProviderRejected);
    expect(await guess()).toMatchObject({ scope: 'TOTP failures of this user' });
  });

  it('is none without SecureKey', async () => {
    const core = await otpCore({ hasVerification: false });
    for (const failure of [
      await failureOf(core.otp.enrollTotp(shop, { userId: 'kim', accountName: 'kim' })),
      await failureOf(core.verify({ channel: 'TOTP', userId: 'kim', code: '123456' })),
    ]) {
      expect(failure).toMatchObject({ code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
    }
  });
});

describe('a try that has no key to ask again by', () => {
  it('may be made again where the store went away in the middle of it', async () => {
    const store = await temporaryStore();
    let isGone = false;
    const leaving: Store = {
      ...store,
      write: async (batch) => {
        if (isGone) throw new StoreUnavailable('gone', 'MAYBE');
        return store.write(batch);
      },
    };
    const core = await otpCore({ store: leaving });
    await core.request();
    const code = codeTo(core.providers[0]);
    isGone = true;
    expect(await failureOf(core.verify({ phone, code }))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      outcome: 'UNKNOWN',
      retry: 'SAFE_NOW',
      message: expect.not.stringContaining('key'),
    });
    isGone = false;
    await core.verify({ phone, code });
  });
});
