import { describe, expect, it, onTestFinished } from 'vitest';
import type { TokenSubject } from '../../../src/core/commerce/provider.ts';
import { createTokenBroker, type TokenBroker } from '../../../src/core/commerce/token.ts';
import { CommerceRestricted, ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { Store } from '../../../src/core/store.ts';
import { standingClock, storeKinds } from '../../support/push-core.ts';
import { answered, fault, refused, scriptedCommerce } from '../../support/scripted-commerce.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const self: TokenSubject = { type: 'SELF' };
const minuteMs = 60_000;

async function rig(stores?: readonly Store[]) {
  const clock = standingClock();
  const provider = scriptedCommerce({ clock });
  const made = (stores ?? [await temporaryStore()]).map((store) => ({
    store,
    open(owner: string) {
      // The wait for another gateway is real time, whatever the clock of the test says.
      const ticking = { now: clock.now, monotonicMs: () => performance.now() };
      const broker = createTokenBroker({ store, provider, owner, clock: ticking, log: silentLog });
      onTestFinished(() => broker.stop());
      return broker;
    },
  }));
  const brokers = made.map(({ open }, at) => open(`gateway-${at}`));
  const [first] = made;
  const [broker] = brokers;
  if (first === undefined || broker === undefined) throw new Error('There is one.');
  const call = (through: TokenBroker = broker) => through.withToken(self, (token) => provider.seller(token));
  return { clock, provider, brokers, broker, call, again: () => first.open('gateway-0') };
}

const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

describe('a token', () => {
  it('is asked for once and then reused, also by a process that starts later, until half an hour before its end', async () => {
    const { broker, again, clock, provider } = await rig();
    const first = await broker.token(self);
    const expiresAt = clock.now() + provider.tokenLifeMs;
    expect(first).toEqual({
      accessToken: 'token-1',
      tokenType: 'Bearer',
      expiresAt,
      renewAt: expiresAt - 30 * minuteMs,
      reused: false,
    });
    clock.passMs(149 * minuteMs);
    expect(await broker.token(self)).toEqual({ ...first, reused: true });
    expect(await again().token(self)).toEqual({ ...first, reused: true });
    expect(provider.callsOf('issueToken')).toEqual([[self]]);
  });

  it('is renewed in the background from then on: the old one is served while the new one is on its way', async () => {
    const { broker, clock, provider } = await rig();
    await broker.token(self);
    let letGo: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    provider.script.issueToken = async () => {
      await held;
      return { accessToken: 'new', tokenType: 'Bearer', expiresAt: clock.now() + 180 * minuteMs };
    };
    clock.passMs(151 * minuteMs);
    for (const token of await Promise.all(times(50, () => broker.token(self)))) {
      expect(token).toMatchObject({ accessToken: 'token-1', reused: true });
    }
    letGo?.();
    await until(async () => (await broker.token(self)).accessToken === 'new');
    expect(provider.callsOf('issueToken')).toHaveLength(2);
  });

  it('goes on being served where its renewal fails, and that is not tried at every call', async () => {
    const { broker, clock, provider } = await rig();
    await broker.token(self);
    provider.script.issueToken = () => Promise.reject(new ProviderUnavailable('Away.', { outcome: 'NOT_ACCEPTED' }));
    clock.passMs(160 * minuteMs);
    for (let at = 0; at < 20; at += 1) {
      expect(await broker.token(self)).toMatchObject({ accessToken: 'token-1' });
      await broker.stop();
    }
    expect(provider.callsOf('issueToken')).toHaveLength(2);
    clock.passMs(19 * minuteMs + 55_000);
    await expect(broker.token(self)).rejects.toThrow('Away.');
  });

  it('is another for each seller', async () => {
    const { broker, provider } = await rig();
    const subjects: TokenSubject[] = [
      self,
      ...['a', 'b'].map((id) => ({ type: 'SELLER', sellerAccountId: id }) as const),
    ];
    const tokens = await Promise.all(subjects.map((subject) => broker.token(subject)));
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(3);
    await Promise.all(subjects.map((subject) => broker.token(subject)));
    expect(provider.callsOf('issueToken')).toHaveLength(3);
  });
});

it('of another application under the same account is another', async () => {
  const store = await temporaryStore();
  const clock = standingClock();
  const tokens = [];
  for (const applicationId of ['old', 'new']) {
    const provider = scriptedCommerce({ clock, applicationId });
    const broker = createTokenBroker({ store, provider, owner: 'one', clock, log: silentLog });
    tokens.push(await broker.token(self));
  }
  expect(tokens.map(({ reused }) => reused)).toEqual([false, false]);
});

describe.each(storeKinds)('over $name', ({ here, open }) => {
  it.skipIf(!here)('1,000 callers of two gateways ask for one token, and 1,000 refusals for one more', async () => {
    const { brokers, call, provider } = await rig(await open(2));
    await Promise.all(times(1_000, (at) => call(brokers[at % 2])));
    expect(provider.callsOf('issueToken')).toHaveLength(1);
    provider.revoke();
    await Promise.all(times(1_000, (at) => call(brokers[at % 2])));
    expect(provider.callsOf('issueToken')).toHaveLength(2);
    expect(provider.callsOf('seller')).toHaveLength(1_000 + 2_000);
  });

  it.skipIf(!here)('two gateways that share nothing ask for two, which is what the store saves', async () => {
    const [one] = await open(1);
    const [two] = await open(1);
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const { brokers, provider } = await rig([one, two]);
    await Promise.all(times(1_000, (at) => brokers[at % 2]?.token(self)));
    expect(provider.callsOf('issueToken')).toHaveLength(2);
  });

  it.skipIf(!here)('one gateway replaces a refused token for the other, too', async () => {
    const { brokers, call, provider } = await rig(await open(2));
    const [one, two] = brokers;
    await Promise.all([call(one), call(two)]);
    provider.revoke();
    await call(one);
    await call(two);
    expect(provider.callsOf('issueToken')).toHaveLength(2);
  });

  it.skipIf(!here)('a bad secret is asked about by one gateway, and heard by both', async () => {
    const { brokers, provider } = await rig(await open(2));
    provider.script.issueToken = () => Promise.reject(new ProviderRejected('No.', fault('BAD_REQUEST')));
    const answers = await Promise.allSettled(times(200, (at) => brokers[at % 2]?.token(self)));
    expect(answers.every((answer) => answer.status === 'rejected' && answer.reason instanceof ProviderRejected)).toBe(
      true,
    );
    expect(provider.callsOf('issueToken')).toHaveLength(1);
  });
});

describe('a refused token', () => {
  it('is replaced, and the call made once more; who hears of the refusal late takes the new one', async () => {
    const { broker, call, provider } = await rig();
    await call();
    provider.revoke();
    let letGo: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const late = broker.withToken(self, async (token) => {
      const answer = await provider.seller(token);
      if (answer.tokenRefused) await held;
      return answer;
    });
    await call();
    letGo?.();
    expect(await late).toMatchObject({ accountId: 'shop' });
    expect(provider.callsOf('issueToken')).toHaveLength(2);
  });

  it('that is handed out again and refused again is final, and cannot be asked for more than six times a minute', async () => {
    const { broker, clock, provider } = await rig();
    provider.script.issueToken = async () => ({
      accessToken: 'the same',
      tokenType: 'Bearer',
      expiresAt: clock.now() + 180 * minuteMs,
    });
    provider.script.seller = async () => refused;
    const calls = times(1_000, () => broker.withToken(self, (token) => provider.seller(token)));
    for (const answer of await Promise.allSettled(calls)) {
      expect(answer).toMatchObject({ reason: { code: 'PROVIDER_REJECTED', origin: { code: 'GW.AUTHN' } } });
    }
    expect(provider.callsOf('issueToken')).toHaveLength(2);
    for (let second = 0; second < 60; second += 1) {
      clock.passMs(1_000);
      await expect(broker.withToken(self, (token) => provider.seller(token))).rejects.toThrow(ProviderRejected);
    }
    expect(provider.callsOf('issueToken').length).toBeLessThanOrEqual(2 + 6);
    // What it is good for goes on meanwhile.
    provider.script.seller = async () => answered({ accountId: 'shop', accountUid: 'ncp_1' });
    expect(await broker.withToken(self, (token) => provider.seller(token))).toMatchObject({ accountId: 'shop' });
  });
});

describe('a failure of the token endpoint', () => {
  it('stands for 10, 20, 40 and then 60 seconds where it was a rejection, and is forgotten by a success', async () => {
    const { broker, clock, provider, again } = await rig();
    const begun = clock.now();
    const asked: number[] = [];
    provider.script.issueToken = async () => {
      asked.push((clock.now() - begun) / 1_000);
      throw new ProviderRejected('The signature is wrong.', fault('BAD_REQUEST'));
    };
    const other = again();
    for (let second = 0; second < 200; second += 1) {
      const told = second % 2 === 0 ? broker.token(self) : other.token(self);
      await expect(told).rejects.toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code: 'BAD_REQUEST' } });
      clock.passMs(1_000);
    }
    expect(asked).toEqual([0, 10, 30, 70, 130, 190]);
    delete provider.script.issueToken;
    clock.passMs(minuteMs);
    expect(await broker.token(self)).toMatchObject({ accessToken: 'token-1' });
  });

  it('stands until its own time where Naver capped the application, with what Naver said', async () => {
    const { broker, clock, provider } = await rig();
    const retryAt = clock.now() + 60 * minuteMs;
    provider.script.issueToken = () =>
      Promise.reject(new CommerceRestricted({ quotaPerHour: 1, retryAt, origin: fault('GW.QUOTA_LIMIT') }));
    for (let minute = 0; minute < 60; minute += 1) {
      await expect(broker.token(self)).rejects.toMatchObject({
        quotaPerHour: 1,
        retryAt,
        origin: { code: 'GW.QUOTA_LIMIT' },
      });
      clock.passMs(minuteMs);
    }
    expect(provider.callsOf('issueToken')).toHaveLength(1);
    delete provider.script.issueToken;
    expect(await broker.token(self)).toMatchObject({ accessToken: 'token-1' });
  });

  it('is heard as it was said: RateLimited stands until its time, an outage for nobody but those who waited', async () => {
    const { broker, clock, provider } = await rig();
    const limited = new RateLimited('tokens', { retryAt: clock.now() + 5_000, limit: 1 });
    provider.script.issueToken = () => Promise.reject(limited);
    await expect(broker.token(self)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await expect(broker.token(self)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      limit: 1,
      retryAt: limited.retryAt,
    });
    expect(provider.callsOf('issueToken')).toHaveLength(1);
    clock.passMs(5_000);
    provider.script.issueToken = () => Promise.reject(new ProviderUnavailable('Away.', { outcome: 'UNKNOWN' }));
    const waiting = await Promise.allSettled(times(100, () => broker.token(self)));
    expect(waiting.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(provider.callsOf('issueToken')).toHaveLength(2);
    delete provider.script.issueToken;
    expect(await broker.token(self)).toMatchObject({ accessToken: 'token-1' });
  });
});
