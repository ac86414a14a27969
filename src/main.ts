/** The process: configuration, the app, a few lines for whoever started it, and an orderly end. */
import { startApp } from './app.ts';
import { ConfigError, loadConfig, loadTenants } from './config.ts';
import { PortUnavailable } from './core/port-unavailable.ts';
import { createLogger } from './log.ts';
import { reloadOnSignal } from './reload.ts';
import { exitOnBrokenStore, exitOnUncaught, stopOnSignals } from './shutdown.ts';
import { StoreRefused } from './store/store-refused.ts';
import { welcome } from './welcome.ts';

const log = createLogger({ level: 'info' });
exitOnUncaught(log);
try {
  const config = loadConfig();
  const app = await startApp(config, log);
  stopOnSignals(app.stop, log);
  exitOnBrokenStore(app.storeBroken, log);
  reloadOnSignal(() => loadTenants(config), app.replaceTenants, log);
  process.stdout.write(welcome(config, app));
} catch (error) {
  const isRefusal = [ConfigError, StoreRefused, PortUnavailable].some((refusal) => error instanceof refusal);
  if (!(error instanceof Error && isRefusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
