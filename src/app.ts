/**
 * The composition root: reads as the list of what Gwanmun is made of, in the order in which it comes up, and goes down
 * in the reverse. The only file that sees core, providers, store, graphql, http and simulators together.
 */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import { createStreams } from './core/events/follow.ts';
import type { Log } from './core/log.ts';
import { type Account, createAccount } from './core/messaging/account.ts';
import { createCanceller } from './core/messaging/cancel.ts';
import { createComposer } from './core/messaging/compose.ts';
import type { RetryRule } from './core/messaging/message.ts';
import { createMessageStore } from './core/messaging/message-store.ts';
import { createMessageReader } from './core/messaging/read.ts';
import { createReportStore } from './core/messaging/report.ts';
import { createSender } from './core/messaging/send.ts';
import { createStateWatch } from './core/messaging/state-watch.ts';
import { createSweeper } from './core/messaging/sweep.ts';
import type { MessageProvider } from './core/provider.ts';
import { createProviderBoard } from './core/provider-board.ts';
import type { Store } from './core/store.ts';
import { createTenantDirectory } from './core/tenant.ts';
import { schema } from './graphql/schema.ts';
import { createCredentials } from './http/credentials.ts';
import { renderGraphiqlPage } from './http/graphiql.ts';
import { createPipeline } from './http/pipeline.ts';
import { createHttpServer, type HttpServer, type Readiness } from './http/server.ts';
import { openProviders, type Providers } from './providers.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { createRecordCodec } from './store/record-codec.ts';
import { openRedisStore } from './store/redis.ts';

export interface App {
  /** Where it listens, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly providers: Providers;
  /** How many streams are followed now. */
  liveStreams(): number;
  stop(): Promise<void>;
}

/** A refusal that asks for another try: 1, 5, 25 and 125 s later, each with up to a fifth more. */
const retry: RetryRule = {
  maxRefusals: 4,
  delayMs: (refusal) => Math.ceil(1_000 * 5 ** (refusal - 1) * (1 + Math.random() / 5)),
};

export async function startApp(config: Config, log: Log): Promise<App> {
  const clock = systemClock;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const store = await openStore(config);
    undo.push(() => store.close());
    if (store.durability === 'WEAK') log.warn('store.weak', { durability: store.durability });
    const tenants = createTenantDirectory(config.tenants);
    const providers = await openProviders(config, clock, log);
    undo.push(() => providers.stop());

    const { carriers } = providers;
    const streams = createStreams(store);
    const messages = createMessageStore({ store, clock, retry, providers: traitsOf(carriers) });
    const reports = createReportStore({ store, messages, clock, soleTenantOf: () => soleTenant(config), log });
    const watch = createStateWatch(store, messages);
    // One process at a time has an embedded store, so after a crash the next one is the same owner.
    const owner = config.redisUrl === undefined ? 'embedded' : `${hostname()} ${process.pid} ${randomUUID()}`;
    const accounts = carriers.map((provider) =>
      createAccount({ store, messages, provider, inbox: reports, owner, clock, log }),
    );
    const reader = createMessageReader({ store, messages, reports, streams });
    const board = createProviderBoard({ running: carriers, disabled: providers.disabled });
    const canceller = createCanceller({ messages, carriers, clock });
    const sender = createSender({
      store,
      messages,
      composer: createComposer({ carriers, clock }),
      watch,
      clock,
      poke: (route) => accounts.find((account) => account.serves(route))?.poke(),
    });
    const sweeper = createSweeper({ store, messages, providers: carriers, clock, log });

    const pipeline = createPipeline({
      schema,
      services: { sender, canceller, reader, board, limits: providers.limits },
      log,
    });
    const server = createHttpServer({
      host: config.host,
      port: config.port,
      pipeline,
      credentials: createCredentials(tenants),
      readiness: () => readinessOf(store, accounts),
      graphiqlPage: config.profile === 'sandbox' ? renderGraphiqlPage(config.sandboxApiKey) : undefined,
      loopbackOnly: config.profile === 'sandbox',
      log,
    });

    undo.push(() => watch.close());
    // Bound before anyone logs in: a process that cannot listen must not spend a login of an account.
    const url = await server.listen();
    sweeper.start();
    undo.push(() => sweeper.stop());
    for (const account of accounts) {
      account.start();
      undo.push(() => account.stop());
    }
    // The last to come is the first to go: callers hear of the end while all behind them still works.
    undo.push(() => closeServer(server));
    return { url, providers, liveStreams: () => streams.live() + board.live(), stop };

    /** Every reader hears that its stream ends, and from where to resume, before its socket closes. */
    function closeServer(server: HttpServer): Promise<void> {
      server.drain();
      streams.endAll('SHUTDOWN');
      board.endAll();
      return server.close();
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

function openStore(config: Config): Promise<Store> {
  const codec = createRecordCodec(config.dataKey);
  return config.redisUrl === undefined
    ? openEmbeddedStore({ dataDir: config.dataDir, codec })
    : openRedisStore({ url: config.redisUrl, codec, allowWeak: config.allowWeakRedis });
}

/** Every account is shared by all tenants, so only where there is one tenant may it see what matches no message. */
const soleTenant = ({ tenants }: Config): string | undefined => (tenants.length === 1 ? tenants[0]?.id : undefined);

function traitsOf(carriers: readonly MessageProvider[]): Parameters<typeof createMessageStore>[0]['providers'] {
  const trait = (name: string): { submitTimeoutMs: number; looksUp: boolean } => {
    const provider = carriers.find((carrier) => carrier.provider === name);
    // A provider that was switched off since may still have messages; nothing is under way with it.
    return { submitTimeoutMs: provider?.submitTimeoutMs ?? 0, looksUp: provider?.lookUp !== undefined };
  };
  return { SENS: trait('SENS'), NGS: trait('NGS') };
}

/** Ready is what can make a promise: with the store, and whoever is away behind it. */
function readinessOf(store: Store, accounts: readonly Account[]): Readiness {
  const health = store.health();
  const remarks = accounts.flatMap((account) => account.remark() ?? []);
  const reasons = [
    health.ok ? `Durability: ${store.durability}.` : `The store does not answer: ${health.why}`,
    ...remarks,
  ];
  return { ready: health.ok, reasons };
}
