/** One stream of large events behind the real server, so that what a reader costs that takes nothing can be counted. */
import { createSchema, createYoga } from 'graphql-yoga';
import { onTestFinished } from 'vitest';
import type { StreamEnding } from '../../src/core/events/ending.ts';
import { createStreams } from '../../src/core/events/follow.ts';
import { createEventLog } from '../../src/core/events/log.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { Caller } from '../../src/core/tenant.ts';
import type { ReaderPatience } from '../../src/http/reader-watch.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { temporaryStore } from './temporary-store.ts';

export interface SlowStream {
  readonly url: string;
  /** Appends this many events, numbered on. */
  append(count: number): Promise<void>;
  /** How many events were read from the store for a reader, by its name. */
  readFor(reader: string): number;
  liveStreams(): number;
  /** The warnings so far that a reader was slow. */
  slowReaders(): readonly string[];
}

/** Eight of them are what a loopback socket holds at the very least; a thousand are more than any holds. */
const eventBytes = 16_384;
const perBatch = 64;

export const itemQuery = `subscription ($reader: String!, $after: String) {
  item(reader: $reader, after: $after) { type cursor number text reason resumeAfter }
}`;

export async function startSlowStream(patience: Partial<ReaderPatience>): Promise<SlowStream> {
  const store = await temporaryStore();
  const events = createEventLog(store, 'tenant', 'large');
  const streams = createStreams(store);
  const text = 'x'.repeat(eventBytes);
  const reads = new Map<string, number>();
  let appended = 0;

  const schema = createSchema({
    typeDefs: `
      type Query { ok: Boolean }
      type Item { type: String! cursor: String number: Int text: String reason: String resumeAfter: String }
      type Subscription { item(reader: String!, after: String): Item! }`,
    resolvers: {
      Subscription: {
        item: {
          subscribe: (
            _root: unknown,
            { reader, after }: { reader: string; after?: string | null },
            { ending }: { ending?: StreamEnding },
          ) =>
            streams.follow({
              log: events,
              after: after ?? undefined,
              ending,
              load: async (entries) => {
                reads.set(reader, (reads.get(reader) ?? 0) + entries.length);
                return entries.map(({ entry }) => ({ number: entry as number, text }));
              },
            }),
          resolve: (item: { event?: object }) => ({ ...item, ...item.event }),
        },
      },
    },
  });
  const slow: string[] = [];
  const log: Log = { ...silentLog, warn: (event) => void (event.endsWith('slow-reader') && slow.push(event)) };
  const caller: Caller = {
    tenant: { id: 'tenant', name: 'Tenant', callerNumbers: [], keys: [] } as never,
    keyId: 'key',
    scopes: new Set(),
  };
  const credentials = {
    ofRequest: () => caller,
    ofSocket: () => caller,
    current: () => caller,
    onEnd: () => () => undefined,
  };
  const server = createHttpServer({
    ...{ host: '127.0.0.1', port: 0, loopbackOnly: false, graphiqlPage: undefined, demo: undefined },
    pipeline: createYoga({ schema, logging: false }) as never,
    credentials,
    webhooks: { handle: async () => undefined },
    readiness: () => ({ ready: true, reasons: [] }),
    log,
    // Minutes, where a test does not say otherwise: a busy machine is no slow reader.
    patience: { slowAfterMs: 120_000, farewellMs: 120_000, pingEveryMs: 120_000, ...patience },
    closeTimeoutMs: 500,
  } as unknown as HttpServerOptions);
  const url = await server.listen();
  onTestFinished(async () => {
    streams.endAll('SHUTDOWN');
    await server.close();
  });

  return {
    url,
    async append(count) {
      for (const end = appended + count; appended < end; ) {
        const batch = Array.from({ length: Math.min(perBatch, end - appended) }, (_, at) => appended + at + 1);
        await store.write({ append: batch.map((entry) => ({ log: events.name, entry })) });
        appended += batch.length;
      }
    },
    readFor: (reader) => reads.get(reader) ?? 0,
    liveStreams: () => streams.live(),
    slowReaders: () => slow,
  };
}
