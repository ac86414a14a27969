import { describe, expect, it } from 'vitest';
import { MfaRequired, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { codeTo, failureOf, fault, ngs, otpCore, sens } from '../../support/otp-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';

const refusing = (provider: 'SENS' | 'NGS', retriable = false) =>
  scriptedProvider({ provider, submit: async () => ({ outcome: 'NOT_ACCEPTED', fault, retriable }) });

describe('the fallback', () => {
  it.each([
    ['is over its limit', new RateLimited('SecureKey', { retryAt: 5 })],
    ['is away', new ProviderUnavailable('away', { outcome: 'NOT_ACCEPTED' })],
  ])('takes over where SecureKey %s', async (_what, error) => {
    const verification = scriptedVerification({
      sendSmsCode: async () => {
        throw error;
      },
    });
    const core = await otpCore({ verification });
    const challenge = await core.request({ provider: 'SECUREKEY', fallback: ['SENS'], idempotencyKey: 'k' });
    expect(challenge).toMatchObject({ provider: 'SENS', delivery: 'SENT' });
    expect(await core.request({ provider: 'SECUREKEY', fallback: ['SENS'], idempotencyKey: 'k' })).toMatchObject({
      id: challenge.id,
    });
    await core.verify({ challengeId: challenge.id, code: codeTo(core.providers[0]) });
  });

  it('is not taken where a policy of SecureKey asks for more', async () => {
    const core = await otpCore();
    core.verification.script.sendSmsCode = async () => {
      throw new MfaRequired(['TOTP'], ['policy']);
    };
    expect(await failureOf(core.request({ provider: 'SECUREKEY', fallback: ['SENS'] }))).toBeInstanceOf(MfaRequired);
    expect(core.providers[0]?.submissions).toEqual([]);
  });

  it('carries a code of its own where SENS refused, in the order that was given', async () => {
    const core = await otpCore({ providers: [refusing('SENS'), ngs()] });
    const challenge = await core.request({ fallback: ['NGS', 'SECUREKEY'] });
    expect(challenge).toMatchObject({ provider: 'NGS', delivery: 'SENT' });
    expect(core.verification.calls).toEqual([]);
    await core.verify({ phone: '01012345678', code: codeTo(core.providers[1]) });
  });

  it('takes what a provider that is away still holds, and the held text never leaves', async () => {
    const away = sens();
    away.setVacancies(0);
    const core = await otpCore({ providers: [away, ngs()], maxWaitMs: 1_000 });
    expect(await core.request({ fallback: ['NGS'] })).toMatchObject({ provider: 'NGS', delivery: 'SENT' });
    away.setVacancies(100);
    await core.send({ providers: ['SENS'] });
    expect(away.submissions).toHaveLength(1);
    expect(away.submissions[0]?.submission.purpose).toBe('NORMAL');
  });

  it('is passed to over one that is not configured, and PROVIDER_DISABLED is what is left without one', async () => {
    const core = await otpCore({ hasVerification: false });
    expect(await core.request({ provider: 'SECUREKEY', fallback: ['NGS', 'SENS'] })).toMatchObject({
      provider: 'SENS',
    });
    expect(await failureOf(core.request({ provider: 'NGS', phone: '01099998888' }))).toMatchObject({
      code: 'PROVIDER_DISABLED',
      outcome: 'NOT_ACCEPTED',
    });
  });
});
