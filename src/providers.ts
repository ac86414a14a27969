/** From configuration to running providers: the configured ones, and in the sandbox simulators for the others. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import { createCallBudget } from './core/call-budget.ts';
import type { Clock } from './core/clock.ts';
import type { CommerceProvider } from './core/commerce/provider.ts';
import type { Log } from './core/log.ts';
import type { ContentLimits, MessageProvider, ProviderHealth, SmsProvider } from './core/provider.ts';
import type { WatchedAccount } from './core/provider-board.ts';
import type { RemittanceProvider } from './core/remittance/provider.ts';
import type { Store } from './core/store.ts';
import { defaultAccount } from './core/tenant.ts';
import type { VerificationProvider } from './core/verification/provider.ts';
import type { WebhookSource } from './core/webhooks/source.ts';
import { createNaverCommerceProvider } from './providers/naver-commerce/provider.ts';
import { NGS_LIMITS } from './providers/ngs/limits.ts';
import { createNgsProvider } from './providers/ngs/provider.ts';
import { SECUREKEY_LIMITS } from './providers/securekey/limits.ts';
import { createSecureKeyProvider } from './providers/securekey/provider.ts';
import { createSecureKeyWebhookSource } from './providers/securekey/webhook-source.ts';
import { SENS_LIMITS } from './providers/sens/limits.ts';
import { createSensProvider } from './providers/sens/provider.ts';
import { createSentbeCallbackSource } from './providers/sentbe/callback-source.ts';
import { createSentbeProvider } from './providers/sentbe/provider.ts';

export interface Providers {
  /** In the order in which they are tried by default. */
  readonly carriers: readonly MessageProvider[];
  /** Undefined where SecureKey has no settings. */
  readonly verification: VerificationProvider | undefined;
  /** Undefined where Naver Commerce has no settings. */
  readonly commerce: CommerceProvider | undefined;
  /** Undefined where Sentbe has no settings. */
  readonly remittance: RemittanceProvider | undefined;
  /** The accounts whose webhooks are taken in. */
  readonly webhookSources: readonly WebhookSource[];
  /** Every account that runs, for whoever looks at how they stand. */
  readonly running: readonly WatchedAccount[];
  /** Of every provider that carries messages, also where it has no settings. */
  readonly limits: Readonly<Record<SmsProvider, ContentLimits>>;
  /** Known, but without settings. */
  readonly disabled: readonly ProviderHealth[];
  /** The control API of the simulators, where there are any. */
  readonly controlUrl: string | undefined;
  /** Tells the simulators where the gateway takes in webhooks: its origin, which is known once it listens. */
  listensAt(gatewayUrl: string): void;
  stop(): Promise<void>;
}

/** The one account that each provider's settings in the environment describe; others come from the tenants file. */
const account = defaultAccount;
const sandboxNgs = { id: 'sandbox', password: randomBytes(12).toString('hex'), senderCode: '101280092' };
const sandboxSens = {
  serviceId: 'ncp:sms:kr:000000000000:sandbox',
  accessKey: randomBytes(10).toString('hex'),
  secretKey: randomBytes(20).toString('hex'),
};

const sandboxSecureKey = {
  apiKey: `2fa_${randomBytes(20).toString('hex')}`,
  webhookSecret: randomBytes(24).toString('hex'),
};
const sandboxSentbe = {
  partnerId: 'sandbox',
  accessId: randomBytes(16).toString('hex'),
  secretKey: randomBytes(24).toString('hex'),
};

/** Of the waits of an NGS account, those that a test shortens. */
export type NgsTimes = NonNullable<Parameters<typeof createNgsProvider>[0]['timings']>;

export async function openProviders(
  config: Config,
  store: Store,
  clock: Clock,
  log: Log,
  ngsTimes: NgsTimes = {},
): Promise<Providers> {
  const { NGS: ngs, SENS: sens, SECUREKEY: securekey, NAVER_COMMERCE: naver, SENTBE: sentbe } = config.providers;
  const simulated = [ngs, sens, securekey, naver, sentbe].some(({ mode }) => mode === 'simulated');
  const simulators = simulated ? await startSimulators(config) : undefined;

  const carriers: MessageProvider[] = [];
  if (ngs.mode !== 'disabled') {
    const settings =
      ngs.mode === 'configured'
        ? ngs.settings
        : { ...sandboxNgs, ...(simulators as RunningSimulators).ngs, encrypted: false };
    const simulated = ngs.mode === 'simulated';
    carriers.push(createNgsProvider({ account, ...settings, simulated, timings: ngsTimes, clock, log }));
  }
  if (sens.mode !== 'disabled') {
    const settings =
      sens.mode === 'configured'
        ? sens.settings
        : { ...sandboxSens, baseUrl: (simulators as RunningSimulators).sensUrl };
    carriers.push(createSensProvider({ account, ...settings, simulated: sens.mode === 'simulated', clock, log }));
  }
  for (const declared of config.accounts) {
    const own = { account: declared.account, simulated: false, clock, log };
    carriers.push(
      declared.provider === 'NGS'
        ? createNgsProvider({ ...declared.settings, ...own })
        : createSensProvider({ ...declared.settings, ...own }),
    );
  }
  const verification = secureKeyOf(config, simulators, { store, clock, log });
  const commerce = naverCommerceOf(config, simulators, { clock, log });
  const remittance = sentbeOf(config, simulators, { clock, log });
  const disabled = (['NGS', 'SENS', 'SECUREKEY', 'NAVER_COMMERCE', 'SENTBE'] as const)
    .filter((provider) => config.providers[provider].mode === 'disabled')
    .map((provider) => ({
      provider,
      account,
      configured: false,
      healthy: false,
      simulated: false,
      detail: `Set ${provider === 'NAVER_COMMERCE' ? 'COMMERCE' : provider}_… to use it.`,
    }));
  const limits = { SENS: SENS_LIMITS, NGS: NGS_LIMITS };
  return {
    carriers,
    verification: verification?.provider,
    commerce,
    remittance: remittance?.provider,
    webhookSources: [verification?.webhooks, remittance?.callbacks].filter((each) => each !== undefined),
    running: [...carriers, verification?.provider, commerce, remittance?.provider].filter((each) => each !== undefined),
    limits,
    disabled,
    controlUrl: simulators?.controlUrl,
    listensAt: (gatewayUrl) => simulators?.listensAt(gatewayUrl),
    async stop() {
      await Promise.all([verification?.provider.stop(), commerce?.stop(), remittance?.provider.stop()]);
      await simulators?.stop();
    },
  };
}

/** SecureKey's limits are per IP address, so its budget of calls is the store's: one for all gateways. */
function secureKeyOf(
  config: Config,
  simulators: RunningSimulators | undefined,
  { store, clock, log }: { store: Store; clock: Clock; log: Log },
): { provider: VerificationProvider; webhooks: WebhookSource } | undefined {
  const { mode } = config.providers.SECUREKEY;
  if (mode === 'disabled') return undefined;
  const settings =
    config.providers.SECUREKEY.mode === 'configured'
      ? config.providers.SECUREKEY.settings
      : {
          apiKey: sandboxSecureKey.apiKey,
          baseUrl: simulators?.secureKeyUrl as string,
          authentication: 'X-API-Key' as const,
          webhookSecrets: [sandboxSecureKey.webhookSecret],
          pushRespondPath: '/push/respond',
        };
  const budget = createCallBudget({ store, clock, name: ['SECUREKEY', account], limits: SECUREKEY_LIMITS });
  return {
    provider: createSecureKeyProvider({ account, ...settings, simulated: mode === 'simulated', budget, clock, log }),
    webhooks: createSecureKeyWebhookSource({ account, webhookSecrets: settings.webhookSecrets }),
  };
}

function naverCommerceOf(
  config: Config,
  simulators: RunningSimulators | undefined,
  { clock, log }: { clock: Clock; log: Log },
): CommerceProvider | undefined {
  const naver = config.providers.NAVER_COMMERCE;
  if (naver.mode === 'disabled') return undefined;
  const settings =
    naver.mode === 'configured' ? naver.settings : (simulators?.naverCommerce as NonNullable<NaverCommerceAt>);
  return createNaverCommerceProvider({ account, ...settings, simulated: naver.mode === 'simulated', clock, log });
}

type NaverCommerceAt = RunningSimulators['naverCommerce'];

function sentbeOf(
  config: Config,
  simulators: RunningSimulators | undefined,
  { clock, log }: { clock: Clock; log: Log },
): { provider: RemittanceProvider; callbacks: WebhookSource } | undefined {
  const sentbe = config.providers.SENTBE;
  if (sentbe.mode === 'disabled') return undefined;
  const settings =
    sentbe.mode === 'configured' ? sentbe.settings : { ...sandboxSentbe, baseUrl: simulators?.sentbeUrl as string };
  return {
    provider: createSentbeProvider({ account, ...settings, simulated: sentbe.mode === 'simulated', clock, log }),
    callbacks: createSentbeCallbackSource({ account, accessId: settings.accessId }),
  };
}

interface RunningSimulators {
  readonly ngs: { readonly host: string; readonly port: number };
  readonly sensUrl: string;
  /** Undefined where SecureKey is not simulated. */
  readonly secureKeyUrl: string | undefined;
  /** Undefined where Naver Commerce is not simulated. */
  readonly naverCommerce:
    | { readonly clientId: string; readonly clientSecret: string; readonly baseUrl: string }
    | undefined;
  /** Undefined where Sentbe is not simulated. */
  readonly sentbeUrl: string | undefined;
  readonly controlUrl: string;
  listensAt(gatewayUrl: string): void;
  stop(): Promise<void>;
}

/** Loaded only where they run: production never even reads them. */
async function startSimulators(config: Config): Promise<RunningSimulators> {
  const [
    { createNgsSimulator },
    { createSensSimulator },
    { createSecureKeySimulator },
    { createNaverCommerceSimulator },
    { randomClientSecret },
    { createSentbeSimulator },
    { startSimulatorControl },
  ] = await Promise.all([
    import('./simulators/ngs/simulator.ts'),
    import('./simulators/sens/simulator.ts'),
    import('./simulators/securekey/simulator.ts'),
    import('./simulators/naver-commerce/simulator.ts'),
    import('./simulators/naver-commerce/signature.ts'),
    import('./simulators/sentbe/simulator.ts'),
    import('./simulators/control.ts'),
  ]);
  const registeredNumbers = config.tenants.flatMap(({ callerNumbers }) => callerNumbers);
  const ngs = createNgsSimulator({ ...sandboxNgs, registeredNumbers });
  const sens = createSensSimulator({ ...sandboxSens, registeredNumbers });
  const secureKey =
    config.providers.SECUREKEY.mode === 'simulated' ? createSecureKeySimulator(sandboxSecureKey) : undefined;
  const sentbe = config.providers.SENTBE.mode === 'simulated' ? createSentbeSimulator(sandboxSentbe) : undefined;
  const naverKeys = { clientId: 'sandbox', clientSecret: randomClientSecret() };
  const naver =
    config.providers.NAVER_COMMERCE.mode === 'simulated'
      ? createNaverCommerceSimulator({ ...naverKeys, productOrderCount: 5, autoChangeMs: 10_000 })
      : undefined;
  // First, since it is the one whose port may be taken: nothing is left running then.
  const control = await startSimulatorControl({
    port: config.simulatorPort,
    simulators: [
      ngs,
      sens,
      ...(secureKey === undefined ? [] : [secureKey]),
      ...(naver === undefined ? [] : [naver]),
      ...(sentbe === undefined ? [] : [sentbe]),
    ],
  });
  const [ngsAddress, { url: sensUrl }, secureKeyAt, naverAt, sentbeAt] = await Promise.all([
    ngs.start(),
    sens.start(),
    secureKey?.start(),
    naver?.start(),
    sentbe?.start(),
  ]);
  return {
    ngs: ngsAddress,
    sensUrl,
    secureKeyUrl: secureKeyAt?.url,
    naverCommerce: naverAt && { ...naverKeys, baseUrl: naverAt.url },
    sentbeUrl: sentbeAt?.url,
    controlUrl: control.url,
    listensAt(gatewayUrl) {
      secureKey?.configure({ webhookUrl: `${gatewayUrl}/webhooks/securekey` });
      sentbe?.configure({ callbackUrl: `${gatewayUrl}/webhooks/sentbe` });
    },
    async stop() {
      await Promise.all([ngs.stop(), sens.stop(), secureKey?.stop(), naver?.stop(), sentbe?.stop(), control.stop()]);
    },
  };
}
