import { describe, expect, it } from 'vitest';
import { ProviderUnavailable } from '../../../src/core/errors.ts';
import { codeTo, failureOf, otpCore, shop, testClock } from '../../support/otp-core.ts';
import { createRandom } from '../../support/random.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { fullestWindow } from '../../support/sliding-window.ts';

const hourMs = 3_600_000;
const at = (time: string): number => Date.parse(`2026-11-${time}+09:00`);

describe('codes to one destination', () => {
  it.each([
    ['a number', {}],
    ['a number, by SecureKey', { provider: 'SECUREKEY' }],
    ['a mailbox, in whatever case', { provider: 'SECUREKEY', channel: 'EMAIL', phone: undefined, email: 'a@b.kr' }],
  ] as const)('are one in 30 seconds and five a day, for %s', async (_what, input) => {
    const core = await otpCore();
    for (let sent = 0; sent < 5; sent += 1) {
      const { resendAt } = await core.request(input);
      const again = 'email' in input ? { ...input, email: 'A@B.kr' } : input;
      expect(await failureOf(core.request(again))).toMatchObject({
        code: 'RATE_LIMITED',
        scope: 'OTP resends to this destination',
        retryAt: resendAt,
      });
      core.clock.advance(resendAt - core.clock.now());
    }
    expect(await failureOf(core.request(input))).toMatchObject({
      scope: 'OTP codes to this destination',
      limit: 5,
      windowSeconds: 86_400,
      retryAt: at('21T12:00:00'),
    });
    core.clock.advance(at('21T12:00:00') - core.clock.now() - 1);
    await failureOf(core.request(input));
    core.clock.advance(1);
    await core.request(input);
  });

  it('are one of two that were asked for at once', async () => {
    const core = await otpCore();
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => core.request()));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(core.providers[0]?.submissions).toHaveLength(1);
  });
});

describe('codes of one client address', () => {
  const numbers = Array.from({ length: 12 }, (_, nth) => `010${2000 + nth}5678`);

  it.each([
    ['an address', () => '203.0.113.9'],
    ['a /64', (nth: number) => `2001:db8::${nth + 1}`],
  ])('are ten an hour for %s', async (_what, clientAddress) => {
    const core = await otpCore();
    for (const [nth, phone] of numbers.slice(0, 10).entries()) {
      await core.request({ phone, clientAddress: clientAddress(nth) });
    }
    const [, , , , , , , , , , phone] = numbers;
    expect(await failureOf(core.request({ phone, clientAddress: clientAddress(11) }))).toMatchObject({
      scope: 'OTP codes of this client address',
      retryAt: at('20T13:00:00'),
      limit: 10,
    });
    await core.request({ phone, clientAddress: '203.0.113.10' });
    core.clock.advance(3_600_000);
    await core.request({ phone: '01055556666', clientAddress: clientAddress(12) });
  });
});

describe('codes to neighbouring numbers', () => {
  it('are twenty in any hour that nobody verified, wherever it begins', async () => {
    const core = await otpCore();
    const ask = (nth: number) => core.request({ phone: `0103333${String(nth).padStart(4, '0')}` });
    core.clock.advance(hourMs / 2);
    for (let nth = 0; nth < 20; nth += 1) await ask(nth);
    const full = {
      scope: 'OTP codes to neighbouring numbers',
      limit: 20,
      windowSeconds: 3_600,
      retryAt: at('20T13:30:00'),
    };
    expect(await failureOf(ask(20))).toMatchObject(full);
    const phone = '01033330007';
    await core.verify({ phone, code: codeTo(core.providers[0], phone) });
    core.clock.advance(60_000);
    await ask(20);
    core.clock.advance(hourMs - 60_001);
    expect(await failureOf(ask(21))).toMatchObject(full);
    core.clock.advance(1);
    for (let nth = 21; nth < 40; nth += 1) await ask(nth);
    expect(await failureOf(ask(40))).toMatchObject({ scope: full.scope });
  });
});

describe('what a code takes', () => {
  const oneAnHour = { ...shop, otp: { maxUnverifiedPerHour: 1 } };

  it("is one of its tenant's codes that are out, until it is verified", async () => {
    const core = await otpCore();
    await core.request({ phone: '01020001111' }, oneAnHour);
    expect(await failureOf(core.request({ phone: '01030001111' }, oneAnHour))).toMatchObject({
      scope: 'unverified OTP codes of this tenant',
      limit: 1,
      retryAt: at('20T13:00:00'),
    });
    const code = codeTo(core.providers[0], '01020001111');
    await core.verify({ phone: '01020001111', code }, oneAnHour);
    await core.request({ phone: '01030001111' }, oneAnHour);
  });

  it('is nothing for a key that was used, for a guard that refused, or for what was not taken', async () => {
    const core = await otpCore();
    const clientAddress = '203.0.113.9';
    core.verification.script.sendSmsCode = async () => {
      throw new ProviderUnavailable('away', { outcome: 'NOT_ACCEPTED' });
    };
    for (let tries = 0; tries < 15; tries += 1) {
      await failureOf(core.request({ phone: '01020001111', provider: 'SECUREKEY', clientAddress }, oneAnHour));
    }
    await core.request({ phone: '01020001111', idempotencyKey: 'k', clientAddress }, oneAnHour);
    for (let tries = 0; tries < 15; tries += 1) {
      await core.request({ phone: '01020001111', idempotencyKey: 'k', clientAddress }, oneAnHour);
      await failureOf(core.request({ phone: '01030001111', clientAddress }, oneAnHour));
    }
    // One of the ten of this address is taken: nine are left.
    for (let nth = 0; nth < 9; nth += 1) await core.request({ phone: `010${4000 + nth}1111`, clientAddress });
    expect(await failureOf(core.request({ phone: '01050001111', clientAddress }))).toMatchObject({ limit: 10 });
  });
});

describe('an attack over 10,000 neighbouring numbers from 500 addresses', { timeout: 120_000 }, () => {
  it('makes at most 40 texts leave in any hour, while those who verify are served', async () => {
    const clock = testClock();
    const leftAt: number[] = [];
    const provider = scriptedProvider({
      provider: 'SENS',
      async submit({ to }, _attempt, nth) {
        if (to.startsWith('0101234') || to.startsWith('0101235')) leftAt.push(clock.now());
        return { outcome: 'ACCEPTED', reference: `R${nth}` };
      },
    });
    const core = await otpCore({ clock, providers: [provider] });
    const random = createRandom(20261120);
    // Across the turns of two hours, where counters begin anew.
    clock.advance(hourMs / 2);
    let refused = 0;
    let served = 0;
    const honest = 200;
    const steps = 100;
    const askers = new Set<string>();
    while (askers.size < honest) {
      askers.add(`010${2_000 + random(8_000)}${String(random(10_000)).padStart(4, '0')}`);
    }
    const queue = [...askers];
    for (let step = 0; step < steps; step += 1) {
      const attack = Array.from({ length: 10_000 / steps }, (_, nth) => {
        // Of 5000 behind one prefix to 4999 behind the next, to and fro between the two.
        const number = (5_003 * (step * (10_000 / steps) + nth)) % 10_000;
        const phone = `0${1_012_345_000 + number}`;
        const address = number % 500;
        return core
          .request({ phone, clientAddress: `198.51.${Math.floor(address / 250)}.${address % 250}` })
          .catch(() => {
            refused += 1;
          });
      });
      const people = queue.splice(0, honest / steps).map(async (phone) => {
        const { id: challengeId } = await core.request({ phone });
        await core.verify({ challengeId, code: codeTo(provider, phone) });
        served += 1;
      });
      await Promise.allSettled([...attack, ...people]);
      clock.advance((2 * hourMs) / steps);
    }
    expect(fullestWindow(leftAt, hourMs)).toBe(40);
    expect(refused).toBe(10_000 - leftAt.length);
    expect(served / honest).toBeGreaterThanOrEqual(0.99);
  });

  it('is held by its numbers being neighbours: as many from anywhere leave', async () => {
    const core = await otpCore();
    const numbers = Array.from({ length: 60 }, (_, nth) => `010${3_000 + nth}0000`);
    await Promise.all(numbers.map((phone, nth) => core.request({ phone, clientAddress: `198.51.100.${nth}` })));
    expect(core.providers[0]?.submissions).toHaveLength(60);
  });
});
