import { describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { answer, failureOf, peer, provider, type Reply, refusal, success } from './account.ts';
import { SAMPLE_TRANSFER } from './people-of-samples.ts';

const user = success({ id: 15 });

describe('the account', () => {
  /** A provider, and what its next call brings. */
  async function changing() {
    let reply: Reply = user;
    const { url } = await peer((...all) => reply(...all));
    const made = provider(url);
    const changes: boolean[] = [];
    const release = made.onChange(() => changes.push(made.health().healthy));
    const answered = async (next: Reply) => {
      reply = next;
      await made.user('OUTBOUND', '15').catch(() => {});
      return made.health();
    };
    return { made, answered, changes, release };
  }

  it('is healthy before anything is asked', async () => {
    const { made } = await changing();
    expect(made.health()).toEqual({
      provider: 'SENTBE',
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
    ['errors within', answer(200, refusal('E0000'))],
  ])('is unhealthy after three times %s, and healthy at the next answer', async (_, reply) => {
    const { answered, changes, release } = await changing();
    expect(await answered(reply)).toMatchObject({ healthy: true });
    expect(await answered(reply)).toMatchObject({ healthy: true });
    const health = await answered(reply);
    expect(health).toMatchObject({ healthy: false, detail: expect.stringContaining('The last 3 calls') });
    expect(JSON.stringify(health)).not.toMatch(/01012345678|Says why/);
    expect(await answered(answer(200, refusal('E0005')))).toMatchObject({ healthy: true });
    expect(changes).toEqual([false, true]);
    release();
    for (let call = 0; call < 3; call += 1) await answered(reply);
    expect(changes).toHaveLength(2);
  });

  it.each(['E0001', 'E0003', 'E0004'])('is unhealthy as soon as the partner is refused by %s', async (code) => {
    const { answered } = await changing();
    expect(await answered(answer(200, refusal(code)))).toMatchObject({
      healthy: false,
      detail: `Sentbe refuses the partner: ${code}.`,
    });
    expect(await answered(user)).toMatchObject({ healthy: true });
  });
});

describe('a stop', () => {
  it('refuses what is new, and lets what is under way finish', async () => {
    let finish = () => {};
    const { url, seen } = await peer((response, request) => {
      finish = () => void user(response, request);
    });
    const made = provider(url);
    const underWay = made.user('OUTBOUND', '15');
    await until(() => seen.length === 1);
    let stopped = false;
    const stopping = made.stop().then(() => {
      stopped = true;
    });
    expect(await failureOf(made.transfer('OUTBOUND', SAMPLE_TRANSFER))).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      origin: { code: 'STOPPED' },
    });
    expect(stopped).toBe(false);
    finish();
    expect(await underWay).toMatchObject({ id: '15' });
    await stopping;
    expect(made.health()).toMatchObject({ healthy: false, detail: 'Stopped.' });
    expect(seen).toHaveLength(1);
    await made.stop();
  });
});
