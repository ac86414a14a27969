import { describe, expect, it } from 'vitest';
import type { PushAnswer, PushDecision } from '../../../src/core/verification/provider.ts';
import { pushCore, shop, standingClock, storeKinds } from '../../support/push-core.ts';
import { createRandom } from '../../support/random.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';
import { take } from '../../support/take.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

type Ending = PushDecision | 'EXPIRED';
const endings: readonly Ending[] = ['APPROVED', 'DENIED', 'EXPIRED'];
const channels = ['webhooks only', 'polling only', 'both'] as const;

describe.each(storeKinds)('a decision over $name', ({ open, here }) => {
  it.runIf(here).each(channels.flatMap((channel) => endings.map((ending) => [ending, channel] as const)))(
    '%s by %s arrives exactly once, and completes the stream',
    async (ending, channel) => {
      const [store] = await open(1);
      if (store === undefined) throw new Error('There is no store.');
      const clock = standingClock();
      const polling = channel !== 'webhooks only';
      const { request, told, hear, provider, load } = pushCore({ store, clock, polling });
      const approval = await request();
      const events = told({ id: approval.id });
      const overUser = told({ userId: 'kim', id: approval.id });
      const settle = async (): Promise<void> => {
        if (channel !== 'polling only' && ending !== 'EXPIRED') {
          await hear({ requestId: approval.requestId ?? '', userId: 'shop:kim', decision: ending });
          await hear({ requestId: approval.requestId ?? '', userId: 'shop:kim', decision: ending });
        }
        if (polling) provider.script.pushAnswer = async () => ending;
        clock.passMs(ending === 'EXPIRED' && !polling ? 120_000 : 1_000);
      };
      await settle();
      const via = ending === 'EXPIRED' && !polling ? 'DEADLINE' : channel === 'webhooks only' ? 'WEBHOOK' : undefined;
      const said = await events;
      const event = said.filter((each) => each.includes(' by '));
      expect(event).toEqual([expect.stringMatching(new RegExp(`^${ending} by ${via ?? '(WEBHOOK|POLL)'}$`))]);
      expect(await overUser).toEqual(expect.arrayContaining(event));
      expect((await load(approval.id))?.state).toBe(ending);
      // Late evidence of every kind and of another decision changes nothing and says nothing.
      const before = await load(approval.id);
      const other = ending === 'APPROVED' ? 'DENIED' : 'APPROVED';
      expect(await hear({ requestId: approval.requestId ?? '', decision: other })).toBe('APPLIED');
      clock.passMs(300_000);
      expect(await load(approval.id)).toEqual(before);
      expect((await told({ id: approval.id })).filter((each) => each.includes(' by '))).toEqual(event);
    },
  );

  it.runIf(here)('is one event where two gateways hear it at once by webhook, poll and response', async () => {
    const stores = await open(2);
    const clock = standingClock();
    const gateways = stores.map((store) => pushCore({ store, clock, polling: true }));
    const [one, other] = gateways as [(typeof gateways)[number], (typeof gateways)[number]];
    const approvals = await Promise.all(Array.from({ length: 20 }, (_, at) => one.request({ userId: `user-${at}` })));
    for (const { provider } of gateways) provider.script.pushAnswer = async () => 'APPROVED';
    clock.passMs(1_000);
    await Promise.all(
      approvals.flatMap(({ id, requestId = '' }) => [
        one.hear({ requestId, decision: 'DENIED' }),
        other.hear({ requestId, decision: 'APPROVED' }),
        other.push.respond(shop.id, id, 'DENIED').catch(() => undefined),
      ]),
    );
    for (const { id } of approvals) {
      const events = (await other.told({ id })).filter((each) => each.includes(' by '));
      expect(events).toHaveLength(1);
      expect(events[0]).toMatch(`${(await one.load(id))?.state} by `);
    }
  });

  it.runIf(here)(
    'is polled for by one poller, with 1,000 subscribers of it and two gateways',
    { timeout: 60_000 },
    async () => {
      const stores = await open(2);
      const clock = standingClock();
      // One account at the provider, whichever gateway asks.
      const provider = scriptedVerification();
      const gateways = stores.map((store) => pushCore({ store, clock, provider, polling: true }));
      const [one, other] = gateways as [(typeof gateways)[number], (typeof gateways)[number]];
      const { id } = await one.request();
      const following = await Promise.all(
        Array.from({ length: 1_000 }, (_, at) => (at % 2 === 0 ? one : other).push.changes(shop.id, { id })),
      );
      expect((await Promise.all(following.map((stream) => take(stream, 1)))).flat()).toHaveLength(1_000);
      const polls = (): number => provider.callsOf('pushAnswer').length;
      for (const [at, delayMs] of [1_000, 1_500, 2_250].entries()) {
        clock.passMs(delayMs);
        await until(() => polls() === at + 1);
        // The next one is due only later: what comes now would be a second poller's.
        await until(async () => ((await one.load(id))?.pollAt ?? 0) > clock.now());
      }
      provider.script.pushAnswer = async () => 'APPROVED';
      clock.passMs(10_000);
      const rest = await Promise.all(following.map((stream) => take(stream, 2)));
      expect(rest.flat().map((item) => item.type === 'EVENT' && item.event.via)).toEqual(Array(1_000).fill('POLL'));
      // A poll for each of the 1,000 would have been 4,000.
      expect(polls()).toBe(4);
    },
  );
});

describe('evidence in any order', () => {
  it('leaves what came first, over 200 random orders of webhooks, polls, responses and the deadline', async () => {
    const store = await temporaryStore();
    const random = createRandom(7);
    const clock = standingClock();
    const { request, hear, push, provider, told, load } = pushCore({ store, clock, polling: true });
    for (let round = 0; round < 200; round += 1) {
      let answer: PushAnswer = 'PENDING';
      provider.script.pushAnswer = async () => answer;
      const { id, requestId = '', createdAt } = await request({ userId: `user-${round}` });
      let first: string | undefined;
      for (let step = 0; step < 4; step += 1) {
        const decision = random(2) === 0 ? 'APPROVED' : 'DENIED';
        const kind = random(4);
        if (kind === 0) await hear({ requestId, decision });
        else if (kind === 1) await push.respond(shop.id, id, decision).catch(() => undefined);
        else if (kind === 2) {
          answer = decision;
          clock.passMs(1_000);
          await until(async () => (await load(id))?.state !== 'PENDING');
        } else {
          clock.passMs(Math.max(0, createdAt + 120_000 - clock.now()));
          await until(async () => (await load(id))?.state !== 'PENDING');
        }
        // The poller may have come before the deadline with what it was told.
        const expected = kind === 3 ? ['EXPIRED', answer] : [decision];
        const state = (await load(id))?.state as string;
        first ??= state;
        if (step === 0) expect(expected).toContain(state);
        expect(state).toBe(first);
      }
      expect((await told({ id })).filter((each) => each.includes(' by '))).toHaveLength(1);
    }
  });
});
