import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenSubject } from '../../../src/core/commerce/provider.ts';
import { ProviderRejected, ProviderUnavailable } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import { createCommerceApi } from '../../../src/providers/naver-commerce/api.ts';
import { createPeerClock } from '../../../src/providers/naver-commerce/peer-clock.ts';
import { createSigner } from '../../../src/providers/naver-commerce/signer.ts';
import { createTokenIssuer, isAboutSubject } from '../../../src/providers/naver-commerce/token.ts';
import { START, startNaverCommerceSimulator } from '../../support/naver-commerce-simulator.ts';
import { answer, failureOf, peer, provider, TOKEN } from './account.ts';

const credentials = { clientId: 'simulated', clientSecret: `$2a$04$${'.'.repeat(22)}` };
const HOUR_MS = 3_600_000;

const subject = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'SELF' }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('SELLER'), sellerAccountId: fc.stringMatching(/^[\x21-\x7e]{1,64}$/) }),
  },
  // What no caller of ours may make, and a cast could.
  fc.record({ type: fc.constantFrom('SELF', 'SELLER', 'self', ''), sellerAccountId: fc.string({ unit: 'binary' }) }),
  fc.record({ type: fc.constant('SELLER'), sellerAccountId: fc.anything() }),
) as fc.Arbitrary<unknown> as fc.Arbitrary<TokenSubject>;
/** As far as the simulator can write a date of Korea. */
const FAR = 8.6e15;
const instant = fc.oneof(
  { weight: 4, arbitrary: fc.constant(START) },
  { weight: 4, arbitrary: fc.integer({ min: START - 48 * HOUR_MS, max: START + 48 * HOUR_MS }) },
  fc.constantFrom(0, -1, -3_599_472, Date.UTC(1969, 11, 31), Date.UTC(9999, 11, 31), 999_999_999_999, FAR, -FAR),
  fc.integer({ min: -FAR, max: FAR }),
);
const ourInstant = fc.oneof({ weight: 9, arbitrary: instant }, fc.double(), fc.constant(Number.NaN));

describe('the penalty of Naver on malformed token calls', () => {
  it('is not earned by any of 10,000 random calls, whatever either clock shows', { timeout: 240_000 }, async () => {
    let theirs = START;
    let ours = START;
    const monotonicMs = () => performance.now();
    const { simulator, url, entries } = await startNaverCommerceSimulator({
      quotaPenalty: 'AT_ONCE',
      ratePerSecond: 100_000,
      clock: { now: () => theirs, monotonicMs },
    });
    const clock = { now: () => ours, monotonicMs };
    const thread = createSigner({ credentials, clock });
    const said = { issued: 0, rejected: 0, unavailable: 0 };
    const inputs = fc.sample(fc.tuple(subject, ourInstant, instant), 10_000);
    let made = 0;
    // An application's clocks are followed over forty calls each; every twentieth one signs what it sends.
    for (let at = 0; at < inputs.length; at += 40) {
      const isSigned = (at / 40) % 20 === 0;
      const api = createCommerceApi(
        { account: 'default', baseUrl: url, clock, log: silentLog, maxQueueMs: 600_000 },
        () => {},
      );
      const sign = isSigned ? thread.sign : async (timestamp: number) => btoa(`stubbed ${timestamp}`);
      const issue = createTokenIssuer({ api, credentials, sign, clock });
      for (const [whose, our, their] of inputs.slice(at, at + 40)) {
        ours = our;
        theirs = their;
        made += 1;
        const outcome = await issue(whose).then(
          () => 'issued' as const,
          (error) => {
            if (error instanceof ProviderRejected) return 'rejected';
            if (error instanceof ProviderUnavailable && error.outcome === 'NOT_ACCEPTED') return 'unavailable';
            throw error;
          },
        );
        said[outcome] += 1;
      }
      await api.stop();
    }
    await thread.stop();
    theirs = START;
    expect(simulator.state()).toMatchObject({ malformedTokenCalls: 0, isCapped: false });
    expect(made).toBe(10_000);
    // The draw is of all kinds: let through, refused, and never sent.
    expect(said.issued).toBeGreaterThan(50);
    expect(said.rejected).toBeGreaterThan(1_000);
    expect(said.unavailable).toBeGreaterThan(500);
    expect(entries('POST token').length).toBeGreaterThan(0);
  });

  it('is earned by one account_id beside SELF: the control', async () => {
    const { simulator, token } = await startNaverCommerceSimulator({ quotaPenalty: 'AT_ONCE' });
    expect(await token({ account_id: 'seller_1' })).toMatchObject({ status: 400 });
    expect(simulator.state()).toMatchObject({ malformedTokenCalls: 1, isCapped: true });
  });
});

describe('a clock that is none', () => {
  it.each([0, -1, 1e12, Date.UTC(2100, 0, 1), 8.64e15, Number.NaN, Number.POSITIVE_INFINITY])(
    'such as %d lets nothing be sent',
    async (now) => {
      const { url, seen } = await peer(answer(200, TOKEN));
      const made = provider(url, { clock: { now: () => now, monotonicMs: () => performance.now() } });
      expect(await failureOf(made.issueToken({ type: 'SELF' }))).toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        outcome: 'NOT_ACCEPTED',
        message: expect.stringContaining("This machine's clock is unusable."),
        origin: { code: 'CLOCK_UNUSABLE' },
      });
      expect(seen).toEqual([]);
    },
  );

  it.each(['Wed, 31 Dec 1969 23:59:59 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'is not followed where an answer shows it (%s), and the operator hears of it once',
    async (date) => {
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
      const { url, seen } = await peer(answer(200, TOKEN, { date }));
      const made = provider(url, { log });
      for (let call = 0; call < 3; call += 1) await made.issueToken({ type: 'SELF' });
      for (const { body } of seen) {
        expect(Math.abs(Number(new URLSearchParams(body).get('timestamp')) - Date.now())).toBeLessThan(60_000);
      }
      expect(seen).toHaveLength(3);
      expect(made.health()).toMatchObject({ healthy: true, detail: expect.stringContaining('more than a day') });
      expect(warnings).toHaveLength(1);
    },
  );

  it('is forgotten with the next good answer', () => {
    const clock = createPeerClock({ now: () => START, monotonicMs: () => 0 });
    clock.observe(new Date(START + 600_000).toUTCString(), 0);
    const { offsetMs } = clock;
    const followed = offsetMs();
    expect(followed).toBeGreaterThan(590_000);
    clock.observe(new Date(START + 25 * HOUR_MS).toUTCString(), 0);
    expect([offsetMs(), clock.isUnbelieved()]).toEqual([followed, true]);
    clock.observe(new Date(START).toUTCString(), 0);
    expect([offsetMs(), clock.isUnbelieved()]).toEqual([0, false]);
  });
});

describe('a refusal of the token call', () => {
  const of = (code: string, text = '') => isAboutSubject({ provider: 'NAVER_COMMERCE', code, text, at: 0 });
  it.each(['STORE_NOT_FOUND', 'INTERLOCK_NOT_FOUND', 'INVALID_MEMBER_STATUS', 'NOT_FOUND', 'NOT_A_SELLER_ACCOUNT'])(
    'by %s is about the seller',
    (code) => expect(of(code)).toBe(true),
  );
  it('by BAD_REQUEST is about what it names', () => {
    expect(of('BAD_REQUEST', 'account_id: 항목이 유효하지 않습니다.')).toBe(true);
    expect(of('BAD_REQUEST', 'client_secret_sign: 항목이 유효하지 않습니다.')).toBe(false);
    expect(of('BAD_REQUEST')).toBe(false);
  });
  it.each(['GW.IP_NOT_ALLOWED', 'GW.NOT_FOUND', 'FORBIDDEN', 'UNAUTHORIZED', 'HTTP_404'])(
    'by %s is about the application',
    (code) => expect(of(code)).toBe(false),
  );
});
