import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../../src/core/errors.ts';
import { networkOf } from '../../../src/core/verification/network-address.ts';
import { codeTo, failureOf, ngs, otpCore, sens, shop } from '../../support/otp-core.ts';

describe('what cannot be asked', () => {
  it.each([
    [{ channel: 'TOTP' }, 'channel', 'NOT_SENT'],
    [{ phone: undefined }, 'phone', 'NOT_A_KOREAN_MOBILE'],
    [{ phone: '0212345678' }, 'phone', 'NOT_A_KOREAN_MOBILE'],
    [{ phone: '+12025550123' }, 'phone', 'NOT_A_KOREAN_MOBILE'],
    [{ email: 'a@b.kr' }, 'email', 'NOT_FOR_CHANNEL'],
    [{ purpose: '' }, 'purpose', 'FORM'],
    [{ purpose: 'a\nb' }, 'purpose', 'FORM'],
    [{ purpose: 'x'.repeat(41) }, 'purpose', 'FORM'],
    [{ fallback: ['SENS'] }, 'fallback', 'DUPLICATE'],
    [{ clientAddress: 'localhost' }, 'clientAddress', 'FORM'],
    [{ idempotencyKey: '' }, 'idempotencyKey', 'LENGTH'],
    [{ channel: 'EMAIL', phone: undefined, email: 'a@b.kr' }, 'provider', 'NOT_CARRIED'],
    [{ channel: 'EMAIL', phone: undefined, email: 'a b@c.kr', provider: 'SECUREKEY' }, 'email', 'FORM'],
    [{ channel: 'EMAIL', phone: undefined, email: 'a@b@c.kr', provider: 'SECUREKEY' }, 'email', 'FORM'],
    [{ channel: 'EMAIL', phone: undefined, email: `${'a'.repeat(250)}@b.kr`, provider: 'SECUREKEY' }, 'email', 'FORM'],
    [{ channel: 'EMAIL', phone: undefined, email: 'a@b.kr\r\nBcc: c@d.kr', provider: 'SECUREKEY' }, 'email', 'FORM'],
    [
      { channel: 'EMAIL', phone: undefined, email: 'a@b.kr', provider: 'SECUREKEY', fallback: ['SENS'] },
      'fallback',
      'NOT_CARRIED',
    ],
  ] as const)('%j is refused at %s by %s', async (input, field, rule) => {
    const core = await otpCore();
    const failure = await failureOf(core.request(input as never));
    expect(failure).toBeInstanceOf(InvalidInput);
    expect((failure as InvalidInput).fields).toMatchObject([{ path: ['input', field], rule }]);
    expect(core.verification.calls).toEqual([]);
  });

  it('is a number abroad, but by SENS for a tenant that may', async () => {
    const core = await otpCore({ providers: [sens(), ngs()] });
    const abroad = { ...shop, otp: { abroad: true } };
    const phone = '+819012345678';
    expect(await failureOf(core.request({ phone, provider: 'SECUREKEY' }, abroad))).toBeInstanceOf(InvalidInput);
    expect(await failureOf(core.request({ phone, fallback: ['NGS'] }, abroad))).toBeInstanceOf(InvalidInput);
    await core.request({ phone }, abroad);
    await core.verify({ phone, code: codeTo(core.providers[0], phone) }, abroad);
  });

  it.each([
    [{ provider: 'SENS' }, ['provider']],
    [{ provider: 'NGS' }, ['provider']],
    [{ provider: 'NGS', fallback: ['SECUREKEY'] }, ['provider']],
    [{ provider: 'SECUREKEY', fallback: ['NGS'] }, ['fallback']],
    [{ provider: 'SENS', fallback: ['NGS'] }, ['provider', 'fallback']],
  ] as const)('is a text without a caller number to send it from: %j', async (input, fields) => {
    const core = await otpCore({ providers: [sens(), ngs()] });
    const failure = await failureOf(core.request(input, { ...shop, callerNumbers: [] }));
    expect(failure).toBeInstanceOf(InvalidInput);
    expect((failure as InvalidInput).fields).toEqual(
      fields.map((field) => ({
        path: ['input', field],
        rule: 'NO_CALLER_NUMBER',
        message: expect.stringMatching(/no registered caller number .* 등록된 발신번호가 없습니다\./),
      })),
    );
    expect(core.verification.calls).toEqual([]);
  });

  it('is no code of SecureKey, which needs no caller number', async () => {
    const core = await otpCore();
    const numberless = { ...shop, callerNumbers: [] };
    await core.request({ provider: 'SECUREKEY' }, numberless);
    await core.request({ provider: 'SECUREKEY', channel: 'EMAIL', phone: undefined, email: 'a@b.kr' }, numberless);
    expect(core.verification.calls).toHaveLength(2);
  });
});

describe('what cannot be verified', () => {
  it.each([
    [{ phone: '01012345678', code: '12a4' }, 'code', 'FORM'],
    [{ phone: '01012345678', code: '123' }, 'code', 'FORM'],
    [{ phone: '01012345678', code: '12345678901' }, 'code', 'FORM'],
    [{ code: '123456' }, 'challengeId', 'EXACTLY_ONE'],
    [{ challengeId: 'x', phone: '01012345678', code: '123456' }, 'challengeId', 'EXACTLY_ONE'],
    [{ challengeId: 'x', userId: 'u', code: '123456' }, 'userId', 'NOT_FOR_CHANNEL'],
    [{ phone: 'nobody', code: '123456' }, 'phone', 'NOT_A_KOREAN_MOBILE'],
    [{ channel: 'EMAIL', email: 'nobody', code: '123456' }, 'email', 'FORM'],
    [{ channel: 'TOTP', code: '123456' }, 'userId', 'FORM'],
    [{ channel: 'TOTP', userId: 'u', phone: '01012345678', code: '123456' }, 'phone', 'NOT_FOR_CHANNEL'],
  ] as const)('%j is refused at %s by %s, and takes no try', async (input, field, rule) => {
    const core = await otpCore();
    const { id } = await core.request();
    const failure = await failureOf(core.verify(input));
    expect(failure).toBeInstanceOf(InvalidInput);
    expect((failure as InvalidInput).fields).toMatchObject([{ path: ['input', field], rule }]);
    expect(await core.otp.challenges(shop.id, [id])).toMatchObject([{ attemptsLeft: 5 }]);
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.',
    '01.2.3.4',
    '256.1.1.1',
    '1:2',
    '1::2::3',
    '::1%eth0',
    '[::1]',
    '::1/64',
    'a.b.c.d',
  ])('of %j is none', (text) => {
    expect(networkOf(text)).toBeUndefined();
  });
});
