import { describe, expect, it } from 'vitest';
import {
  IdempotencyConflict,
  InvalidInput,
  MfaRequired,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
} from '../../../src/core/errors.ts';
import { StoreUnavailable } from '../../../src/core/store.ts';
import { pushCore, shop, standingClock } from '../../support/push-core.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const fault = { provider: 'SECUREKEY', code: 'NO_DEVICE', text: '등록된 기기가 없습니다', at: 1 } as const;
const once = { idempotencyKey: 'once' };

const refusals = [
  ['rejected', new ProviderRejected('No device.', fault)],
  ['rate limited', new RateLimited('SECUREKEY', { retryAt: 9, origin: fault })],
  ['asking for one more factor', new MfaRequired(['SMS'], ['night'], fault)],
  ['unavailable, and nothing left', new ProviderUnavailable('Away.', { outcome: 'NOT_ACCEPTED', origin: fault })],
  ...(['STORE_UNAVAILABLE', 'STORAGE_FULL', 'OVERLOADED', 'PROVIDER_DISABLED'] as const).map(
    (code) =>
      [
        code,
        new ProviderUnavailable('Not now.', { code, outcome: 'NOT_ACCEPTED', retryAt: 9, origin: fault }),
      ] as const,
  ),
] as const;

async function setUp(clock = standingClock()) {
  const store = await temporaryStore();
  return { store, clock, ...pushCore({ store, clock }) };
}

describe('requestPushApproval', () => {
  it('is stored before the provider is called, goes out under the name of the tenant, and is SENT', async () => {
    const { request, provider, load, store } = await setUp();
    let seenAtCall: unknown;
    provider.script.sendPush = async () => {
      const [open] = await store.range('push-deadlines', { limit: 1 });
      seenAtCall = (await store.get(open?.key ?? ''))?.value;
      return { requestId: 'r1' };
    };
    const approval = await request({ title: '로그인', body: '서울에서' });
    expect(seenAtCall).toMatchObject({ title: '로그인', state: 'PENDING', delivery: 'SENDING' });
    expect(provider.callsOf('sendPush')).toEqual([{ userId: 'shop:kim', title: '로그인', body: '서울에서' }]);
    expect(approval).toMatchObject({ state: 'PENDING', delivery: 'SENT', requestId: 'r1', userId: 'kim' });
    expect(approval.expiresAt - approval.createdAt).toBe(120_000);
    expect(await load(approval.id)).toEqual(approval);
  });

  it.each([
    ['a user', { userId: '' }, 'userId'],
    ['a user of 129 characters', { userId: 'k'.repeat(129) }, 'userId'],
    ['a user of two lines', { userId: 'kim\nlee' }, 'userId'],
    ['a title', { title: '' }, 'title'],
    ['a title of 101 characters', { title: '가'.repeat(101) }, 'title'],
    ['a body of 501 characters', { body: '가'.repeat(501) }, 'body'],
    ['half a character', { title: '\ud83d' }, 'title'],
    ['a key', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('refuses %s with its path, and calls nobody', async (_what, part, field) => {
    const { request, provider } = await setUp();
    const error = await request(part).catch((failure) => failure);
    expect(error).toBeInstanceOf(InvalidInput);
    expect(error.fields).toMatchObject([{ path: ['input', field] }]);
    expect(provider.calls).toEqual([]);
  });

  it('counts characters as people do: 100 emoji are a title', async () => {
    const { request } = await setUp();
    expect(await request({ title: '😀'.repeat(100) })).toMatchObject({ delivery: 'SENT' });
  });

  it('makes one prompt of 50 calls at once with one key, and names what differs in another', async () => {
    const { request, provider } = await setUp();
    const all = await Promise.all(Array.from({ length: 50 }, () => request(once)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(all.every(({ delivery }) => delivery === 'SENT')).toBe(true);
    expect(provider.callsOf('sendPush')).toHaveLength(1);
    const other = await request({ ...once, title: '송금 승인' }).catch((error) => error);
    expect(other).toBeInstanceOf(IdempotencyConflict);
    expect(other.differingPaths).toEqual(['title']);
  });

  it.each(refusals)('where it is %s: NOT_SENT, visible, and sent again by the same key', async (_what, error) => {
    const { request, provider, load, clock } = await setUp();
    provider.script.sendPush = () => Promise.reject(error);
    const failure = await request(once).catch((thrown) => thrown);
    expect(failure.message).toBe(error.message);
    expect({ ...failure, subject: undefined }).toEqual({ ...error });
    expect(await load(failure.subject?.id ?? '')).toMatchObject({ state: 'PENDING', delivery: 'NOT_SENT', fault });
    clock.passMs(60_000);
    provider.script.sendPush = async () => ({ requestId: 'second' });
    const sent = await request(once);
    expect(sent).toMatchObject({ delivery: 'SENT', requestId: 'second' });
    expect(sent.fault).toBeUndefined();
    expect(sent.expiresAt).toBe(clock.now() + 120_000);
    expect(await request(once)).toEqual(sent);
    expect(provider.callsOf('sendPush')).toHaveLength(2);
  });

  it('that did not leave in its two minutes is answered as EXPIRED by its key, and leaves no more', async () => {
    const { request, provider, clock } = await setUp();
    provider.script.sendPush = () => Promise.reject(new ProviderRejected('No device.', fault));
    await expect(request(once)).rejects.toBeInstanceOf(ProviderRejected);
    clock.passMs(120_000);
    expect(await request(once)).toMatchObject({ state: 'EXPIRED', delivery: 'NOT_SENT', fault });
    expect(provider.callsOf('sendPush')).toHaveLength(1);
  });

  it('whose answer was lost is UNCONFIRMED, answered, and never sent again', async () => {
    const { request, provider } = await setUp();
    provider.script.sendPush = () => Promise.reject(new ProviderUnavailable('Lost.', { outcome: 'UNKNOWN' }));
    const approval = await request(once);
    expect(approval).toMatchObject({ state: 'PENDING', delivery: 'UNCONFIRMED', fault: { provider: 'SECUREKEY' } });
    expect(await request(once)).toEqual(approval);
    expect(provider.callsOf('sendPush')).toHaveLength(1);
  });

  it.each(['the sweeper', 'the same key'])(
    'that crashed while it was sent is found UNCONFIRMED by %s',
    async (finder) => {
      const clock = standingClock();
      const store = await temporaryStore();
      const provider = scriptedVerification({ sendPush: () => new Promise(() => undefined) });
      const crashed = pushCore({ store, clock, provider, sweeping: false });
      void crashed.request(once);
      await until(() => provider.calls.length === 1);

      const next = pushCore({ store, clock, sweeping: finder === 'the sweeper' });
      const [open] = await store.range('push-deadlines', { limit: 1 });
      const id = open?.key.split('/').at(-1) ?? '';
      const twin = next.request(once);
      clock.passMs(5_999);
      expect(await next.load(id)).toMatchObject({ delivery: 'SENDING' });
      clock.passMs(1);
      if (finder === 'the sweeper') await until(async () => (await next.load(id))?.delivery === 'UNCONFIRMED');
      expect(await twin).toMatchObject({ id, delivery: 'UNCONFIRMED' });
      expect(await next.request(once)).toEqual(await twin);
      expect(next.provider.callsOf('sendPush')).toEqual([]);
    },
  );

  it('says that the prompt may have left where the store is lost behind the call', async () => {
    const store = await temporaryStore();
    const clock = standingClock();
    let away = false;
    const write: typeof store.write = (batch) =>
      away ? Promise.reject(new StoreUnavailable('away', 'NO')) : store.write(batch);
    const { request, provider } = pushCore({ store: { ...store, write }, clock, sweeping: false });
    provider.script.sendPush = async () => {
      away = true;
      return { requestId: 'r' };
    };
    const failure = await request(once).catch((error) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'UNKNOWN', retry: 'ONLY_WITH_SAME_KEY' });
    away = false;
    clock.passMs(6_000);
    expect(await request(once)).toMatchObject({ id: failure.subject.id, delivery: 'UNCONFIRMED' });
    expect(provider.callsOf('sendPush')).toHaveLength(1);
  });

  it.each([
    ['STORE_UNAVAILABLE', undefined],
    ['STORAGE_FULL', 'FULL'],
    ['OVERLOADED', 'OVERLOADED'],
  ] as const)(
    'is %s, and goes out by the same key later, where only its place among the calls could not be stored',
    async (code, want) => {
      const { request, provider, load } = await setUp();
      provider.script.sendPush = () => Promise.reject(new StoreUnavailable('away', 'MAYBE', undefined, want));
      const failure = await request(once).catch((error) => error);
      expect(failure).toMatchObject({ code, outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' });
      expect(await load(failure.subject.id)).toMatchObject({ delivery: 'NOT_SENT' });
      provider.script.sendPush = async () => ({ requestId: 'second' });
      expect(await request(once)).toMatchObject({ id: failure.subject.id, delivery: 'SENT' });
    },
  );

  it('does not take one requestId for two prompts', async () => {
    const { request, provider } = await setUp();
    provider.script.sendPush = async () => ({ requestId: 'same' });
    await request({ userId: 'kim' });
    expect(await request({ userId: 'lee' })).toMatchObject({
      delivery: 'UNCONFIRMED',
      fault: { code: 'REQUEST_ID_REUSED' },
    });
  });

  it('is PROVIDER_DISABLED where SecureKey has no settings, and stores nothing', async () => {
    const { request } = pushCore({ store: await temporaryStore(), seen: undefined });
    const failure = await request(once).catch((error) => error);
    expect(failure).toMatchObject({ code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED', subject: undefined });
    expect(failure.message).toContain('SECUREKEY_API_KEY');
  });
});

describe('one person', () => {
  it('sees one prompt at a time, whoever asks at once', async () => {
    const { request, provider, clock } = await setUp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => request().catch((error) => error)));
    expect(provider.callsOf('sendPush')).toHaveLength(1);
    const limited = answers.filter((answer) => answer instanceof RateLimited);
    expect(limited).toHaveLength(49);
    const retryAt = clock.now() + 120_000;
    // Nothing of them is stored.
    expect(limited[0]).toMatchObject({ scope: 'open push approvals of one user', retryAt, subject: undefined });
    expect(await request({ userId: 'lee' })).toMatchObject({ delivery: 'SENT' });
  });

  it('is prompted three times in ten minutes, of 50 requests over them', async () => {
    const { request, hear, provider, clock } = await setUp();
    const begin = clock.now();
    let limited: unknown;
    for (let at = 0; at < 50; at += 1) {
      const answer = await request().catch((error) => error);
      if (answer instanceof RateLimited) limited = answer;
      else await hear({ requestId: answer.requestId ?? '', decision: 'DENIED' });
      clock.passMs(10_000);
    }
    expect(provider.callsOf('sendPush')).toHaveLength(3);
    expect(limited).toMatchObject({
      scope: 'push prompts to one user',
      limit: 3,
      windowSeconds: 600,
      retryAt: begin + 600_000,
    });
    clock.passMs(100_000);
    expect(await request()).toMatchObject({ delivery: 'SENT' });
  });

  it('is free again once it was decided or expired, and by what did not leave not even counted', async () => {
    const { request, provider, clock, load } = await setUp();
    provider.script.sendPush = () => Promise.reject(new ProviderRejected('No.', fault));
    for (let at = 0; at < 10; at += 1) await request({ idempotencyKey: `no-${at}` }).catch(() => undefined);
    delete provider.script.sendPush;
    await request();
    // What is NOT_SENT may go only where nothing else is before the person.
    const limited = await request({ idempotencyKey: 'no-0' }).catch((error) => error);
    expect(limited).toBeInstanceOf(RateLimited);
    expect(await load(limited.subject?.id)).toMatchObject({ delivery: 'NOT_SENT' });
    clock.passMs(120_000);
    expect(await request()).toMatchObject({ delivery: 'SENT' });
  });
});

describe('registerPushDevice', () => {
  it('is one device for one token of one person, and keeps no token', async () => {
    const { push, provider, clock, store } = await setUp();
    const device = { userId: 'kim', fcmToken: 'token-1', platform: 'IOS' } as const;
    const first = await push.devices.register(shop, device);
    clock.passMs(1);
    const again = await push.devices.register(shop, { ...device, deviceName: '내 전화' });
    expect(again).toEqual({ ...first, deviceName: '내 전화' });
    expect(await push.devices.load(shop.id, [first.id, 'x'])).toEqual([again, undefined]);
    expect(provider.callsOf('registerPushDevice')[0]).toEqual({ ...device, userId: 'shop:kim' });
    expect((await push.devices.register(shop, { ...device, userId: 'lee' })).id).not.toBe(first.id);
    expect(JSON.stringify(await store.get(`push-device/shop/${first.id}`))).not.toContain('token-1');
  });

  it('refuses a token of 4,097 characters and a user of two lines, and stores nothing that the provider refused', async () => {
    const { push, provider } = await setUp();
    const device = { userId: 'kim', fcmToken: 'x'.repeat(4_097), platform: 'ANDROID' } as const;
    await expect(push.devices.register(shop, { ...device, userId: 'kim\n', fcmToken: 'x' })).rejects.toMatchObject({
      fields: [{ path: ['input', 'userId'] }],
    });
    expect(provider.calls).toEqual([]);
    await expect(push.devices.register(shop, device)).rejects.toMatchObject({
      fields: [{ path: ['input', 'fcmToken'], rule: 'LENGTH' }],
    });
    provider.script.registerPushDevice = () => Promise.reject(new ProviderRejected('No.', fault));
    await expect(push.devices.register(shop, { ...device, fcmToken: 'x' })).rejects.toBeInstanceOf(ProviderRejected);
  });
});
