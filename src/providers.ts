/** From configuration to running providers: the configured ones, and in the sandbox simulators for the others. */
import { randomBytes } from 'node:crypto';
import type { Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { ContentLimits, MessageProvider, ProviderHealth, SmsProvider } from './core/provider.ts';
import { NGS_LIMITS } from './providers/ngs/limits.ts';
import { createNgsProvider } from './providers/ngs/provider.ts';
import { SENS_LIMITS } from './providers/sens/limits.ts';
import { createSensProvider } from './providers/sens/provider.ts';

export interface Providers {
  /** In the order in which they are tried by default. */
  readonly carriers: readonly MessageProvider[];
  /** Of every provider that carries messages, also where it has no settings. */
  readonly limits: Readonly<Record<SmsProvider, ContentLimits>>;
  /** Known, but without settings. */
  readonly disabled: readonly ProviderHealth[];
  /** The control API of the simulators, where there are any. */
  readonly controlUrl: string | undefined;
  stop(): Promise<void>;
}

/** The one account that each provider's settings in the environment describe. */
const account = 'default';
const sandboxNgs = { id: 'sandbox', password: randomBytes(12).toString('hex'), senderCode: '101280092' };
const sandboxSens = {
  serviceId: 'ncp:sms:kr:000000000000:sandbox',
  accessKey: randomBytes(10).toString('hex'),
  secretKey: randomBytes(20).toString('hex'),
};

export async function openProviders(config: Config, clock: Clock, log: Log): Promise<Providers> {
  const { NGS: ngs, SENS: sens } = config.providers;
  const simulated = ngs.mode === 'simulated' || sens.mode === 'simulated';
  const simulators = simulated ? await startSimulators(config) : undefined;

  const carriers: MessageProvider[] = [];
  if (ngs.mode !== 'disabled') {
    const settings =
      ngs.mode === 'configured'
        ? ngs.settings
        : { ...sandboxNgs, ...(simulators as RunningSimulators).ngs, encrypted: false };
    carriers.push(createNgsProvider({ account, ...settings, simulated: ngs.mode === 'simulated', clock, log }));
  }
  if (sens.mode !== 'disabled') {
    const settings =
      sens.mode === 'configured'
        ? sens.settings
        : { ...sandboxSens, baseUrl: (simulators as RunningSimulators).sensUrl };
    carriers.push(createSensProvider({ account, ...settings, simulated: sens.mode === 'simulated', clock, log }));
  }
  const disabled = (['NGS', 'SENS'] as const)
    .filter((provider) => config.providers[provider].mode === 'disabled')
    .map((provider) => ({
      provider,
      account,
      configured: false,
      healthy: false,
      simulated: false,
      detail: `Set ${provider}_… to use it.`,
    }));
  const limits = { SENS: SENS_LIMITS, NGS: NGS_LIMITS };
  return { carriers, limits, disabled, controlUrl: simulators?.controlUrl, stop: async () => simulators?.stop() };
}

interface RunningSimulators {
  readonly ngs: { readonly host: string; readonly port: number };
  readonly sensUrl: string;
  readonly controlUrl: string;
  stop(): Promise<void>;
}

/** Loaded only where they run: production never even reads them. */
async function startSimulators(config: Config): Promise<RunningSimulators> {
  const [{ createNgsSimulator }, { createSensSimulator }, { startSimulatorControl }] = await Promise.all([
    import('./simulators/ngs/simulator.ts'),
    import('./simulators/sens/simulator.ts'),
    import('./simulators/control.ts'),
  ]);
  const registeredNumbers = config.tenants.flatMap(({ callerNumbers }) => callerNumbers);
  const ngs = createNgsSimulator({ ...sandboxNgs, registeredNumbers });
  const sens = createSensSimulator({ ...sandboxSens, registeredNumbers });
  // First, since it is the one whose port may be taken: nothing is left running then.
  const control = await startSimulatorControl({ port: config.simulatorPort, simulators: [ngs, sens] });
  const [ngsAddress, { url: sensUrl }] = await Promise.all([ngs.start(), sens.start()]);
  return {
    ngs: ngsAddress,
    sensUrl,
    controlUrl: control.url,
    async stop() {
      await Promise.all([ngs.stop(), sens.stop(), control.stop()]);
    },
  };
}
