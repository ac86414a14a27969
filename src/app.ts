/**
 * The composition root: reads as the list of what Gwanmun is made of, in the order in which it comes up, and goes down
 * in the reverse. The only file that sees core, providers, store, graphql, http and simulators together.
 */

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Config, ConfigError } from './config.ts';
import { createAccessRecord } from './core/access/record.ts';
import { systemClock } from './core/clock.ts';
import { createCommerce } from './core/commerce/commerce.ts';
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
import { createQuota } from './core/quota.ts';
import { createRemittanceService } from './core/remittance/remittance.ts';
import { outsideRequest } from './core/request.ts';
import { createRetention } from './core/retention.ts';
import type { Store } from './core/store.ts';
import type { Tenant } from './core/tenant.ts';
import { createTenantDirectory } from './core/tenant-directory.ts';
import { createOtpService } from './core/verification/otp.ts';
import { createPasskeyService } from './core/verification/passkey.ts';
import { createPushApprovals } from './core/verification/push.ts';
import { createWebhookEffectWork, type WebhookEffects } from './core/webhooks/effects.ts';
import { createWebhookInbox } from './core/webhooks/inbox.ts';
import { createWebhookReader } from './core/webhooks/read.ts';
import type { WebhookSource } from './core/webhooks/source.ts';
import { createWebhookStore } from './core/webhooks/webhook-store.ts';
import { schema } from './graphql/schema.ts';
import { createAccessWatch } from './http/access-watch.ts';
import { createCredentials } from './http/credentials.ts';
import { createDemo } from './http/demo.ts';
import { renderGraphiqlPage } from './http/graphiql.ts';
import { createMetricsEndpoint } from './http/metrics.ts';
import { createPipeline } from './http/pipeline.ts';
import { createHttpServer, type Readiness } from './http/server.ts';
import { createTrustedDocuments, type TrustedDocuments, TrustedDocumentUnusable } from './http/trusted-documents.ts';
import { createWebhookEndpoint } from './http/webhooks.ts';
import type { ProviderWatch } from './ops/observed-providers.ts';
import { createOperatorView, metricsContentType } from './ops/operator-view.ts';
import { type NgsTimes, openProviders, type Providers } from './providers.ts';
import { openTally } from './quotas/open-tally.ts';
import { openEmbeddedStore } from './store/embedded.ts';
import { createRecordCodec } from './store/record-codec.ts';
import { openRedisStore } from './store/redis.ts';

export interface App {
  /** Where it listens, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly providers: Providers;
  /** How many streams are followed now. */
  liveStreams(): number;
  /** Resolves, with why, once the store has failed for good: nothing can be promised any more, and the process must end. */
  readonly storeBroken: Promise<unknown>;
  /** Whoever has lost the key that it is connected with hears so, with a cursor, and is closed. */
  replaceTenants(tenants: readonly Tenant[]): void;
  stop(): Promise<void>;
}

/** A refusal that asks for another try: 1, 5, 25 and 125 s later, each with up to a fifth more. */
const retry: RetryRule = {
  maxRefusals: 4,
  delayMs: (refusal) => Math.ceil(1_000 * 5 ** (refusal - 1) * (1 + Math.random() / 5)),
};

/** What a test may shorten; nobody else should want to. */
export interface OwnershipTimes {
  readonly leaseMs?: number;
  readonly ngs?: NgsTimes;
}

/** `open` stands apart so that a test may show what a store that breaks its promise would cost. */
export async function startApp(
  config: Config,
  log: Log,
  open = openStore,
  { leaseMs, ngs: ngsTimes }: OwnershipTimes = {},
): Promise<App> {
  const clock = systemClock;
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  let reportBroken: (error: unknown) => void = () => undefined;
  const storeBroken = new Promise<unknown>((resolve) => {
    reportBroken = resolve;
  });
  try {
    const view = await createOperatorView({ clock, settings: config.operator, ngsCodes: ngsCodesOf(config) });
    undo.push(() => view.stop());
    const store = view.store(await open(config, reportBroken, log));
    undo.push(() => store.close());
    if (store.durability() === 'WEAK') log.warn('store.weak', { durability: store.durability() });
    const tally = await openTally(config.redisUrl);
    undo.push(() => tally.close());
    const tenants = createTenantDirectory(config.tenants);
    const providers = watched(await openProviders(config, store, clock, log, ngsTimes), view.providers);
    undo.push(() => providers.stop());

    const { carriers } = providers;
    const streams = createStreams(store);
    const messages = view.messages(createMessageStore({ store, clock, retry, providers: traitsOf(carriers) }));
    const soleUserOfNgs = (account: string) => tenants.soleUserOf('NGS', account);
    const reports = createReportStore({ store, messages, clock, soleTenantOf: soleUserOfNgs, log });
    const watch = createStateWatch(store, messages);
    // One process at a time has an embedded store, so after a crash the next one is the same owner.
    const owner = config.redisUrl === undefined ? 'embedded' : `${hostname()} ${process.pid} ${randomUUID()}`;
    const accounts = carriers.map((provider) =>
      createAccount({ store, messages, provider, inbox: reports, owner, clock, log, leaseMs }),
    );
    const reader = createMessageReader({ store, messages, reports, streams });
    const board = createProviderBoard({ running: providers.running, disabled: providers.disabled });
    const canceller = createCanceller({ messages, carriers, clock });
    const sender = createSender({
      store,
      messages,
      composer: createComposer({ carriers, clock }),
      watch,
      clock,
      maxQueued: config.queueLimit,
      // Who was woken sends for everybody, and not for the request that happened to wake him.
      poke: (route, tenant) => outsideRequest(() => accounts.find((account) => account.serves(route))?.poke(tenant)),
    });
    const sweeper = createSweeper({ store, messages, providers: carriers, clock, log });

    const { verification } = providers;
    const carrierNames = carriers.map(({ provider }) => provider);
    const otp = createOtpService({ store, messages, sender, carriers: carrierNames, verification, clock });
    const passkeys = createPasskeyService({ store, clock, provider: verification, origins: config.passkeyOrigins });

    const { SECUREKEY: securekey } = config.providers;
    const polling = securekey.mode !== 'configured' || securekey.settings.pushPolling;
    const push = createPushApprovals({ store, streams, provider: verification, polling, clock, log });

    const marketplaces = providers.commerce === undefined ? [] : [providers.commerce];
    const commerce = createCommerce({ store, streams, providers: marketplaces, owner, clock, log });

    const remittance = createRemittanceService({ store, streams, provider: providers.remittance, clock, log });

    const { webhookSources: sources } = providers;
    const webhooks = createWebhookStore(store);
    const effects: WebhookEffects = {
      PUSH_RESPONDED: push.webhookEffect,
      TRANSFER_CHANGED: remittance.callbackEffect,
    };
    const work = createWebhookEffectWork({ store, webhooks, sources, effects, clock, log });
    const soleTenantOf = ({ provider, account }: WebhookSource) => tenants.soleUserOf(provider, account);
    const webhookInbox = view.webhooks(
      createWebhookInbox({ store, webhooks, sources, work, soleTenantOf, clock, log }),
    );
    const webhookReader = createWebhookReader({ store, webhooks, sources, work });
    const retention = createRetention({ store, messages, reports, webhooks, days: config.privacy, clock, log });

    const access = createAccessRecord({ store, keepDays: config.privacy.accessRecordDays, clock, log });
    const pipeline = createPipeline({
      schema,
      services: {
        sender,
        canceller,
        reader,
        board,
        otp,
        passkeys,
        push,
        webhooks: webhookReader,
        commerce,
        remittance,
        limits: providers.limits,
        quota: createQuota({ tally, clock }),
      },
      log,
      plugins: [view.operations, createAccessWatch(access.note, store.keyedHash)],
      introspection: config.profile === 'sandbox' ? 'EVERY_CALLER' : 'OPERATORS',
      trustedDocuments: openTrustedDocuments(config),
    });
    const credentials = createCredentials(tenants);
    const liveStreams = (): number => streams.live() + board.live();
    const readiness = (): Readiness => readinessOf(store, [access, ...accounts]);
    const server = createHttpServer({
      host: config.host,
      port: config.port,
      pipeline,
      credentials,
      webhooks: createWebhookEndpoint({ inbox: webhookInbox, log }),
      readiness,
      metrics: createMetricsEndpoint({
        page: () => view.page({ store, carriers, running: providers.running, streams: liveStreams, readiness }),
        contentType: metricsContentType,
        token: config.operator.metricsToken,
        credentials,
        isOpen: config.profile === 'sandbox',
      }),
      graphiqlPage:
        (config.frontDoor.graphiql ?? config.profile === 'sandbox')
          ? renderGraphiqlPage(config.sandboxApiKey)
          : undefined,
      demo:
        config.profile === 'sandbox'
          ? createDemo({ apiKey: config.sandboxApiKey, simulatorsUrl: providers.controlUrl })
          : undefined,
      loopbackOnly: config.profile === 'sandbox',
      corsOrigins: config.frontDoor.corsOrigins,
      proxyHops: config.frontDoor.proxyHops,
      log,
    });

    // Bound before anyone logs in: a process that cannot listen must not spend a login of an account.
    const url = await server.listen();
    providers.listensAt(url);
    for (const each of [sweeper, work, push, remittance, retention, access, commerce, ...accounts]) each.start();
    undo.push(drain);
    return { url, providers, liveStreams, storeBroken, replaceTenants: tenants.replace, stop };

    /**
     * All at once, so that one that waits for its peer holds up no other: every reader hears that its stream ends and from
     * where to resume, requests finish, and nothing more is begun while what was begun settles.
     */
    async function drain(): Promise<void> {
      server.drain();
      streams.endAll('SHUTDOWN');
      board.endAll();
      const served = server.close();
      const settled = Promise.all(accounts.map((account) => account.stop()));
      await Promise.all([
        served,
        // Who waits for a message that nobody begins any more hears how it stands; the next process sends it.
        settled.then(() => watch.close()),
        ...[sweeper, work, push, remittance, retention].map((each) => each.stop()),
        // A request that is still served may need its tokens.
        served.then(() => Promise.all([commerce.stop(), access.stop()])),
      ]);
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

export function openStore(config: Config, onBroken: (error: unknown) => void, log: Log): Promise<Store> {
  const codec = createRecordCodec(config.dataKey);
  return config.redisUrl === undefined
    ? openEmbeddedStore({ dataDir: config.dataDir, codec, onBroken })
    : openRedisStore({ url: config.redisUrl, codec, allowWeak: config.allowWeakRedis, log });
}

/** Each call to a provider, as an operator sees it. */
function watched(providers: Providers, watch: ProviderWatch): Providers {
  const { carriers, verification, commerce, remittance } = providers;
  return {
    ...providers,
    carriers: carriers.map(watch.carrier),
    verification: verification && watch.verification(verification),
    commerce: commerce && watch.commerce(commerce),
    remittance: remittance && watch.remittance(remittance),
  };
}

/** Of each account of NGS. */
function ngsCodesOf({
  providers: { NGS: ngs },
  accounts,
}: Config): Parameters<typeof createOperatorView>[0]['ngsCodes'] {
  const others = accounts.flatMap((each) => (each.provider === 'NGS' ? [each.settings.resultCodes] : []));
  return [ngs.mode === 'configured' ? ngs.settings.resultCodes : undefined, ...others];
}

/** Undefined where the operator has listed none. @throws ConfigError */
function openTrustedDocuments({ frontDoor }: Config): TrustedDocuments | undefined {
  const { trustedDocuments: documents, trustedDocumentsOnly: only } = frontDoor;
  if (documents === undefined) return undefined;
  try {
    return createTrustedDocuments({ schema, documents, only });
  } catch (error) {
    if (!(error instanceof TrustedDocumentUnusable)) throw error;
    throw new ConfigError([{ variable: 'GWANMUN_TRUSTED_DOCUMENTS', message: error.message }]);
  }
}

function traitsOf(carriers: readonly MessageProvider[]): Parameters<typeof createMessageStore>[0]['providers'] {
  const trait = (name: string): { submitTimeoutMs: number; looksUp: boolean } => {
    const provider = carriers.find((carrier) => carrier.provider === name);
    // A provider that was switched off since may still have messages; nothing is under way with it.
    return { submitTimeoutMs: provider?.submitTimeoutMs ?? 0, looksUp: provider?.lookUp !== undefined };
  };
  return { SENS: trait('SENS'), NGS: trait('NGS') };
}

/** Ready is what can make a promise: with the store, and whoever is away behind it. */
function readinessOf(store: Store, parts: readonly Pick<Account, 'remark'>[]): Readiness {
  const health = store.health();
  const remarks = parts.flatMap((part) => part.remark() ?? []);
  const reasons = [
    health.ok ? `Durability: ${store.durability()}.` : `The store does not answer: ${health.why}`,
    ...(health.ok && health.remark !== undefined ? [health.remark] : []),
    ...remarks,
  ];
  return { ready: health.ok, reasons };
}
