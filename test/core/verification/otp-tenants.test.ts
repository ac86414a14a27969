import { describe, expect, it } from 'vitest';
import { RateLimited } from '../../../src/core/errors.ts';
import type { Tenant } from '../../../src/core/tenant.ts';
import { failureOf, otpCore, shop } from '../../support/otp-core.ts';

const phone = '01012345678';
const securekey = { provider: 'SECUREKEY' } as const;
const other: Tenant = { ...shop, id: 'other' };
const gone = { code: 'OTP_REJECTED', attemptsLeft: 0, expired: true, origin: undefined };

describe('two tenants of one account of SecureKey, which knows a code by its number alone', () => {
  it.each([
    ['a number', { phone }, {}],
    ['a mailbox', { email: 'a@b.kr' }, { channel: 'EMAIL', phone: undefined, email: 'a@b.kr' }],
  ] as const)("have one code between them for %s: the other's newer one replaces it", async (_what, to, asked) => {
    const core = await otpCore();
    const channel = 'email' in to ? 'EMAIL' : 'SMS';
    const { id } = await core.request({ ...securekey, ...asked });
    core.clock.advance(31_000);
    const newer = await core.request({ ...securekey, ...asked }, other);
    for (const given of [{ challengeId: id }, to]) {
      expect(await failureOf(core.verify({ channel, ...given, code: '1234' }))).toMatchObject(gone);
    }
    const { calls } = core.verification;
    expect(calls.filter(({ method }) => method.startsWith('verify'))).toEqual([]);
    await core.verify({ channel, challengeId: newer.id, code: '1234' }, other);
  });

  it('wait for one another as for themselves, and no tenant sees whose code it was', async () => {
    const core = await otpCore();
    const tenants = Array.from({ length: 5 }, (_, nth): Tenant => ({ ...shop, id: `tenant-${nth}` }));
    for (const tenant of tenants) {
      const { resendAt } = await core.request(securekey, tenant);
      const own = await failureOf(core.request(securekey, tenant));
      expect(own).toMatchObject({ scope: 'OTP resends to this destination', retryAt: resendAt });
      const theirs = await failureOf(core.request(securekey, other));
      expect({ ...theirs }).toEqual({ ...own });
      expect(theirs.message).toBe(own.message);
      core.clock.advance(resendAt - core.clock.now());
    }
    expect(await failureOf(core.request(securekey, other))).toMatchObject({
      scope: 'OTP codes to this destination',
      limit: 5,
    });
    expect(core.verification.calls).toHaveLength(5);
    // A code of the gateway's own is nobody's but its tenant's.
    await core.request({ provider: 'SENS' }, other);
  });

  it('have ten failures a day between them', async () => {
    const core = await otpCore();
    core.verification.script.verifySmsCode = async () => ({ verified: false, expired: false });
    for (const tenant of [shop, other]) {
      await core.request(securekey, tenant);
      for (let tries = 0; tries < 5; tries += 1) await failureOf(core.verify({ phone, code: '1234' }, tenant));
      core.clock.advance(31_000);
    }
    const third: Tenant = { ...shop, id: 'third' };
    await core.request(securekey, third);
    expect(await failureOf(core.verify({ phone, code: '1234' }, third))).toMatchObject({
      scope: 'OTP failures of this destination',
      limit: 10,
    });
    expect(core.verification.callsOf('verifySmsCode')).toHaveLength(10);
  });

  it("leave the other's code as it was where SecureKey refuses a new one", async () => {
    const core = await otpCore();
    const { id } = await core.request(securekey);
    core.clock.advance(31_000);
    core.verification.script.sendSmsCode = async () => {
      throw new RateLimited('SecureKey', { retryAt: 5 });
    };
    expect(await failureOf(core.request(securekey, other))).toMatchObject({ scope: 'SecureKey' });
    await core.verify({ challengeId: id, code: '1234' });
  });

  it('that ask at once are one code: the other hears of the resend as of its own', async () => {
    const core = await otpCore();
    const answers = await Promise.allSettled([
      core.request(securekey),
      core.another().request(other, {
        idempotencyKey: 'k',
        channel: 'SMS',
        phone,
        purpose: 'login',
        ...securekey,
      }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(core.verification.calls).toHaveLength(1);
  });
});
