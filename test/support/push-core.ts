/** Core's push approval as app.ts puts it together, over a given store and a scripted provider. */
import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createStreams, type Streams } from '../../src/core/events/follow.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import type { VerificationProvider } from '../../src/core/verification/provider.ts';
import { createPushApprovals, type PushApprovals, type PushFollow } from '../../src/core/verification/push.ts';
import type { PushApproval } from '../../src/core/verification/push-approval.ts';
import type { RequestPushInput } from '../../src/core/verification/push-request.ts';
import type { PushResponded, WebhookSource } from '../../src/core/webhooks/source.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { hasRedisServer, startRedisServer } from './redis-server.ts';
import { runLog } from './run-log.ts';
import { type ScriptedVerification, scriptedVerification } from './scripted-verification.ts';
import { temporaryStore } from './temporary-store.ts';

export const shop: Tenant = { id: 'shop', callerNumbers: [], keys: [] };

export interface PushCore {
  readonly push: PushApprovals;
  readonly provider: ScriptedVerification;
  readonly streams: Streams;
  request(part?: Partial<RequestPushInput>): Promise<PushApproval>;
  load(id: string): Promise<PushApproval | undefined>;
  /** A genuine webhook about a push. */
  hear(subject: Omit<PushResponded, 'type'>, receivedAt?: number): Promise<string>;
  /** All that the stream says until it completes by itself; the events as `STATE by VIA`. */
  told(follow: PushFollow): Promise<string[]>;
}

export interface PushCoreOptions {
  readonly store: Store;
  readonly provider?: ScriptedVerification;
  /** What core sees of the provider, where it is not the scripted one itself. */
  readonly seen?: VerificationProvider | undefined;
  readonly polling?: boolean;
  readonly clock?: Clock;
  /** Without it time passes without anybody looking. @default true */
  readonly sweeping?: boolean;
}

let keys = 0;

export function pushCore(options: PushCoreOptions): PushCore {
  const { store, provider = scriptedVerification(), polling = false, clock = systemClock, sweeping = true } = options;
  const streams = createStreams(store);
  const push = createPushApprovals({
    store,
    streams,
    provider: 'seen' in options ? options.seen : provider,
    polling,
    clock,
    log: runLog,
    everyMs: 5,
  });
  if (sweeping) push.start();
  onTestFinished(() => push.stop());
  const source: WebhookSource = {
    provider: 'SECUREKEY',
    account: 'default',
    isGenuine: () => true,
    read: () => ({}),
  };
  return {
    push,
    provider,
    streams,
    request(part = {}) {
      keys += 1;
      return push.request(shop, { idempotencyKey: `key-${keys}`, userId: 'kim', title: '로그인 승인', ...part });
    },
    async load(id) {
      const [approval] = await push.load(shop.id, [id]);
      return approval;
    },
    hear: (subject, receivedAt = clock.now()) =>
      push.webhookEffect.apply(source, { type: 'PUSH_RESPONDED', ...subject }, receivedAt),
    async told(follow) {
      const told: string[] = [];
      for await (const item of await push.changes(shop.id, follow)) {
        told.push(item.type === 'EVENT' ? `${item.event.approval.state} by ${item.event.via}` : item.type);
      }
      return told;
    },
  };
}

/** A clock that stands until it is moved. */
export function standingClock(at = 1_700_000_000_000): Clock & { passMs(ms: number): void } {
  let now = at;
  return {
    now: () => now,
    monotonicMs: () => now,
    passMs(ms) {
      now += ms;
    },
  };
}

/** Each gives as many stores as asked for, for gateways that share one body of data. */
export const storeKinds = [
  {
    name: 'the embedded store',
    here: true,
    async open(gateways: number): Promise<Store[]> {
      const store = await temporaryStore();
      return Array.from({ length: gateways }, () => store);
    },
  },
  {
    name: 'Redis',
    here: hasRedisServer,
    async open(gateways: number): Promise<Store[]> {
      const redis = await startRedisServer();
      onTestFinished(() => redis.dispose());
      const codec = createRecordCodec(randomBytes(32));
      const stores = Array.from({ length: gateways }, () =>
        openRedisStore({ url: redis.url, codec, allowWeak: false }),
      );
      for (const store of stores) onTestFinished(async () => (await store).close());
      return Promise.all(stores);
    },
  },
];
