/** SIGHUP reads the tenants file anew while the process runs. A file with a fault changes nothing. */
import { ConfigError } from './config.ts';
import type { Log } from './core/log.ts';
import type { Tenant } from './core/tenant.ts';

/** `load`: undefined where there is no file. Returns how to stop. */
export function reloadOnSignal(
  load: () => readonly Tenant[] | undefined,
  replace: (tenants: readonly Tenant[]) => void,
  log: Log,
): () => void {
  const onSignal = (): void => reloadTenants(load, replace, log);
  process.on('SIGHUP', onSignal);
  return () => process.off('SIGHUP', onSignal);
}

function reloadTenants(
  load: () => readonly Tenant[] | undefined,
  replace: (tenants: readonly Tenant[]) => void,
  log: Log,
): void {
  try {
    const tenants = load();
    if (tenants === undefined) {
      log.warn('tenants.no-file-to-reload');
      return;
    }
    replace(tenants);
    log.info('tenants.reloaded', { count: tenants.length });
  } catch (error) {
    const faults = error instanceof ConfigError ? error.faults : [];
    for (const { message } of faults) log.error('tenants.fault', { fault: message });
    log.error('tenants.reload-refused', { count: faults.length, error });
  }
}
