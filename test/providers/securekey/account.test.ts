import { describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/core/store.ts';
import { until } from '../../support/until.ts';
import { answer, failureOf, openBudget, peer, provider, type Reply, refusal, success } from './account.ts';

const send = { phone: '01012345678', purpose: 'login' };

describe('the account', () => {
  /** A provider, and what its next call brings. */
  async function scripted() {
    let reply: Reply = success({});
    const { url } = await peer((...all) => reply(...all));
    const made = provider(url);
    const changes: boolean[] = [];
    const release = made.onChange(() => changes.push(made.health().healthy));
    const answered = async (next: Reply) => {
      reply = next;
      await made.sendSmsCode(send).catch(() => {});
      return made.health();
    };
    return { made, answered, changes, release };
  }

  it('is healthy before anything is asked', async () => {
    const { made } = await scripted();
    expect(made.health()).toEqual({
      provider: 'SECUREKEY',
      account: 'default',
      configured: true,
      healthy: true,
      simulated: true,
    });
    expect(made.callTimeoutMs).toBeGreaterThan(10_000);
  });

  it.each<[string, Reply]>([
    ['a server that fails', answer(503, 'for 01012345678')],
    ['a line that is cut', (response) => response.destroy()],
    ['answers that nobody can read', answer(200, 'for 01012345678')],
  ])('is unhealthy after three times %s, and healthy at the next answer', async (_, reply) => {
    const { answered, changes, release } = await scripted();
    expect(await answered(reply)).toMatchObject({ healthy: true });
    expect(await answered(reply)).toMatchObject({ healthy: true });
    const health = await answered(reply);
    expect(health).toMatchObject({ healthy: false, detail: expect.stringContaining('The last 3 calls') });
    expect(health.lastFault).toMatchObject({ provider: 'SECUREKEY', at: expect.any(Number) });
    expect(JSON.stringify(health)).not.toContain('01012345678');
    expect(await answered(answer(400, refusal('INVALID_PHONE')))).toMatchObject({ healthy: true });
    expect(changes).toEqual([false, true]);
    release();
    for (let call = 0; call < 3; call += 1) await answered(reply);
    expect(changes).toHaveLength(2);
  });

  it('is unhealthy as soon as its key is refused, and says so', async () => {
    const { answered } = await scripted();
    expect(await answered(answer(401, refusal('INVALID_KEY_OF_OURS', 'Unknown key')))).toMatchObject({
      healthy: false,
      detail: 'SecureKey refuses the API key: INVALID_KEY_OF_OURS.',
      lastFault: { code: 'INVALID_KEY_OF_OURS' },
    });
    const health = await answered(answer(401, refusal('INVALID_KEY_OF_OURS', 'Unknown key 2fa_test')));
    expect(JSON.stringify(health)).not.toContain('2fa_test');
    // A 429 shows the pace, and nothing of the key.
    expect(await answered(answer(429, ''))).toMatchObject({ healthy: false, lastFault: { code: 'HTTP_429' } });
    expect(await answered(success({}))).toMatchObject({ healthy: true });
  });

  it('stays healthy where a person is refused, and keeps no word of it', async () => {
    const { answered } = await scripted();
    for (let call = 0; call < 5; call += 1) {
      const health = await answered(answer(400, refusal('INVALID_PHONE', '01012345678')));
      expect(health.healthy).toBe(true);
      expect(health.lastFault).toBeUndefined();
    }
  });
});

describe('a stop', () => {
  it('refuses what is new, and lets what is under way finish', async () => {
    let finish = () => {};
    const { url, seen } = await peer((response, ...rest) => {
      finish = () => void success({ requestId: 'late' })(response, ...rest);
    });
    const made = provider(url);
    const underWay = made.sendSmsCode(send);
    await until(() => seen.length === 1);
    let stopped = false;
    const stopping = made.stop().then(() => {
      stopped = true;
    });
    expect(await failureOf(made.sendSmsCode(send))).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      outcome: 'NOT_ACCEPTED',
      origin: { code: 'STOPPED' },
    });
    expect(stopped).toBe(false);
    finish();
    expect(await underWay).toEqual({ requestId: 'late' });
    await stopping;
    expect(made.health()).toMatchObject({ healthy: false, detail: 'Stopped.' });
    expect(seen).toHaveLength(1);
    await made.stop();
  });

  it('sends nothing that still waits for its place', async () => {
    let give = () => {};
    const place = new Promise<{ taken: true }>((resolve) => {
      give = () => resolve({ taken: true });
    });
    const { url, seen } = await peer(success({}));
    const made = provider(url, { budget: { ...openBudget(), take: () => place } });
    const waiting = failureOf(made.sendSmsCode(send));
    const stopping = made.stop();
    give();
    expect(await waiting).toMatchObject({ outcome: 'NOT_ACCEPTED', origin: { code: 'STOPPED' } });
    await stopping;
    expect(seen).toEqual([]);
  });
});

it('lets through that the budget has no store, and sends nothing', async () => {
  const { url, seen } = await peer(success({}));
  const gone = new StoreUnavailable('gone', 'NO');
  const made = provider(url, { budget: { ...openBudget(), take: () => Promise.reject(gone) } });
  await expect(made.sendSmsCode(send)).rejects.toBe(gone);
  expect(seen).toEqual([]);
});
