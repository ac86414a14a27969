import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createStreams } from '../../src/core/events/follow.ts';
import { createEventLog } from '../../src/core/events/log.ts';
import { idempotencyKey } from '../../src/core/idempotency.ts';
import { createMessageStore } from '../../src/core/messaging/message-store.ts';
import { createMessageReader } from '../../src/core/messaging/read.ts';
import { createReportStore } from '../../src/core/messaging/report.ts';
import { storeKey } from '../../src/core/store.ts';
import { createLoaders, type Services } from '../../src/graphql/context.ts';
import { followInterleaved } from '../support/interleaved-tenants.ts';
import { queuedMessage } from '../support/messages.ts';
import { temporaryStore } from '../support/temporary-store.ts';

/** Alike in all but the place of what could pass for a separator. */
const hostile = fc
  .array(fc.constantFrom('a', 'b', ':', '/', '%', '%2F', '{', '}', '*', '\0', ' ', '가', '각', '각'), { maxLength: 4 })
  .map((parts) => parts.join(''));

describe('the names under which a store keeps what is a tenant’s', () => {
  it('never collide in 10,000 pairs of hostile tenants and subjects', { timeout: 60_000 }, async () => {
    const store = await temporaryStore();
    const name = fc.array(hostile, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(name, name, (left, right) => {
        const alike = JSON.stringify(left) === JSON.stringify(right);
        return (storeKey(...left) === storeKey(...right)) === alike;
      }),
      { numRuns: 10_000 },
    );
    // What core makes of such names: keys of idempotency, logs, and the cursors of these.
    fc.assert(
      fc.property(hostile, hostile, (tenant, other) => {
        const alike = tenant === other;
        const [key, otherKey] = [tenant, other].map((each) => idempotencyKey(store, each, 'sendSms', 'key'));
        const [log, otherLog] = [tenant, other].map((each) => createEventLog(store, each, 'messages'));
        const read = otherLog?.parseCursor(log?.cursorAt(7) ?? '') !== undefined;
        return (key === otherKey) === alike && (log?.name === otherLog?.name) === alike && read === alike;
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the streams of two tenants', () => {
  it('give 0 foreign events of 2,000 interleaved ones, through overflow and reconnects', () =>
    followInterleaved(1_000));
});

describe('the loaders of two tenants', () => {
  it('give 0 crossed messages of 1,000 pairs that ask for the same id at once', { timeout: 60_000 }, async () => {
    const store = await temporaryStore();
    const trait = { submitTimeoutMs: 1_000, looksUp: false };
    const retry = { maxRefusals: 0, delayMs: () => 0 };
    const messages = createMessageStore({ store, clock: systemClock, retry, providers: { SENS: trait, NGS: trait } });
    const reports = createReportStore({ store, messages, clock: systemClock, soleTenantOf: () => undefined });
    const reader = createMessageReader({ store, messages, reports, streams: createStreams(store) });
    const tenants = ['one', 'two'];
    const ids = Array.from({ length: 1_000 }, (_, at) => `id-${at}`);
    for (const tenant of tenants) {
      for (let at = 0; at < ids.length; at += 100) {
        const drafts = ids.slice(at, at + 100).map((id) => ({ message: { ...queuedMessage, id, tenant }, images: [] }));
        await messages.accept(drafts, {});
      }
    }
    const services = { reader } as unknown as Services;
    const pairs = await Promise.all(
      ids.map((id) => Promise.all(tenants.map((tenant) => createLoaders(services, tenant).message.load(id)))),
    );
    const crossed = pairs.flatMap((pair, at) =>
      pair.filter((message, which) => message?.tenant !== tenants[which] || message?.id !== ids[at]),
    );
    expect(pairs).toHaveLength(1_000);
    expect(crossed).toEqual([]);
  });
});
