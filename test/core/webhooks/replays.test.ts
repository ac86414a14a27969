import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import type { InvalidInput } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/store.ts';
import { unmatchedOwner } from '../../../src/core/webhooks/webhook-store.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openRedisStore } from '../../../src/store/redis.ts';
import { hasRedisServer, startRedisServer } from '../../support/redis-server.ts';
import { temporaryFolder, temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';
import { effectsIn, pushBody, webhookCore } from '../../support/webhooks.ts';

const codec = createRecordCodec(new Uint8Array(32).fill(7));
const wrong = `sha256=${'0'.repeat(64)}`;

/** The body `times` times, a few at once, to each inbox in turn. */
async function flood(cores: readonly ReturnType<typeof webhookCore>[], times: number): Promise<Set<string>> {
  const verdicts = new Set<string>();
  let left = times;
  const send = async (): Promise<void> => {
    for (left -= 1; left >= 0; left -= 1) {
      const core = cores[left % cores.length] as (typeof cores)[number];
      core.effect.tenantOf.set('r1', 'one');
      verdicts.add(await core.receive(pushBody('r1')));
    }
  };
  await Promise.all(Array.from({ length: 4 }, send));
  return verdicts;
}

async function expectOneEffect(store: Store, duplicates: number): Promise<void> {
  await until(async () => (await effectsIn(store)).length > 0);
  expect(await effectsIn(store)).toEqual(['r1']);
  expect(await webhookCore(store).listed('one')).toMatchObject([{ duplicates }]);
}

describe('one body a thousand times', () => {
  it('has one effect and one answer, by two inboxes over a restart', async () => {
    const dataDir = await temporaryFolder();
    const open = async (): Promise<Store> => {
      const store = await openEmbeddedStore({ dataDir, codec });
      onTestFinished(() => store.close());
      return store;
    };
    const before = await open();
    expect(await flood([webhookCore(before), webhookCore(before)], 500)).toEqual(new Set(['GENUINE']));
    await expectOneEffect(before, 499);
    await before.close();
    const after = await open();
    const [core, other] = [webhookCore(after), webhookCore(after)];
    expect(await flood([core, other], 500)).toEqual(new Set(['GENUINE']));
    await expectOneEffect(after, 999);
    expect([...core.effect.applied, ...other.effect.applied]).toEqual([]);
  });

  if (!hasRedisServer) {
    test.skip('two gateways on one Redis are not tested: there is no redis-server in the PATH', () => {});
  } else {
    it('has one effect and one answer, by two gateways on one Redis', async () => {
      const redis = await startRedisServer();
      const namespace = randomUUID();
      const open = () => openRedisStore({ url: redis.url, codec, namespace, allowWeak: false });
      const stores = [await open(), await open()] as const;
      onTestFinished(async () => {
        await Promise.all(stores.map((store) => store.close()));
        await redis.dispose();
      });
      const cores = stores.map((store) => webhookCore(store, { everyMs: 20 }));
      for (const { work } of cores) work.start();
      expect(await flood(cores, 1_000)).toEqual(new Set(['GENUINE']));
      await expectOneEffect(stores[0], 999);
      await Promise.all(cores.map(({ work }) => work.stop()));
      expect(cores.flatMap(({ effect }) => effect.applied)).toEqual(['r1']);
    });
  }
});

describe('a replay', () => {
  async function setUp() {
    const store = await temporaryStore();
    const core = webhookCore(store);
    core.effect.tenantOf.set('r1', 'one');
    await core.receive(pushBody('r1'));
    await until(async () => (await effectsIn(store)).length === 1);
    await core.work.stop();
    const [{ id } = expect.unreachable()] = await core.listed('one');
    const ruleOf = (owners: readonly string[], of: string): Promise<unknown> =>
      core.reader.replay(owners, of).then(
        () => 'done',
        ({ fields }: InvalidInput) => fields.map(({ path, rule }) => [path, rule]),
      );
    return { store, id, ruleOf, ...core };
  }

  it('runs the effect again, which changes nothing, and is counted', async () => {
    const { id, reader, effect, store } = await setUp();
    expect(await reader.replay(['one'], id)).toMatchObject({ id, replays: 1 });
    expect(await reader.replay(['one'], id)).toMatchObject({ id, replays: 2 });
    expect(effect.applied).toEqual(['r1', 'r1', 'r1']);
    expect(await effectsIn(store)).toEqual(['r1']);
  });

  it('is tried again by itself where its effect fails', async () => {
    const { id, reader, effect, store } = await setUp();
    effect.failures.push(new Error('away'));
    expect(await reader.replay(['one'], id)).toMatchObject({ replays: 1 });
    const next = webhookCore(store, { everyMs: 5 });
    next.effect.tenantOf.set('r1', 'one');
    next.work.start();
    await until(() => next.effect.applied.length === 1);
    await next.work.stop();
    expect(await effectsIn(store)).toEqual(['r1']);
  });

  it('is refused for a forged one, for none, and for one of another', async () => {
    const { id, ruleOf, receive, listed, effect } = await setUp();
    await receive(pushBody('r1'), wrong);
    const [forged = expect.unreachable()] = await listed(unmatchedOwner);
    expect(await ruleOf([unmatchedOwner], forged.id)).toEqual([[['id'], 'SIGNATURE_INVALID']]);
    for (const [owners, of] of [
      [['two'], id],
      [[unmatchedOwner], id],
      [['one'], forged.id],
      [['one'], 'nothing'],
      [['one'], ''],
      [[], id],
    ] as const) {
      expect(await ruleOf(owners, of)).toEqual([[['id'], 'UNKNOWN']]);
    }
    expect(effect.applied).toEqual(['r1']);
  });

  it('is refused where the account has no settings any more', async () => {
    const { id, store } = await setUp();
    const { reader } = webhookCore(store, { sources: [] });
    await expect(reader.replay(['one'], id)).rejects.toMatchObject({ fields: [{ rule: 'NOT_CONFIGURED' }] });
  });

  it('moves what was of nobody to the tenant that has its record by then', async () => {
    const { reader, receive, listed, effect } = await setUp();
    await receive(pushBody('late'));
    const [{ id } = expect.unreachable()] = await listed(unmatchedOwner);
    effect.tenantOf.set('late', 'two');
    expect(await reader.replay([unmatchedOwner], id)).toMatchObject({ owner: 'two', replays: 1 });
    expect(await listed(unmatchedOwner)).toEqual([]);
    expect((await listed('two')).map((webhook) => webhook.id)).toEqual([id]);
  });
});
