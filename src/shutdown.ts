/** How the process ends: SIGTERM or SIGINT stops the app in order, a second one, or a deadline, at once. */
import type { Log } from './core/log.ts';

const deadlineMs = 15_000;
/** For the answers of those who were waiting when the disk failed. */
const lastWordsMs = 200;

export function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info('shutdown.begun', { signal });
    setTimeout(() => {
      log.error('shutdown.deadline-passed');
      process.exit(1);
    }, deadlineMs).unref();
    stop().then(
      () => process.exit(0),
      (error) => {
        log.error('shutdown.failed', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/**
 * What a failed sync left on the disk nobody knows, and a second sync of it would claim success: so nothing more is
 * written, and the process ends, for whoever started it to look at the disk and start it anew.
 */
export function exitOnBrokenStore(broken: Promise<unknown>, log: Log): void {
  void broken.then((error) => {
    log.error('store.broken', { error });
    setTimeout(() => process.exit(1), lastWordsMs);
  });
}

/** A failure that nobody caught leaves the process in a state that nobody knows: it is logged, and the process ends. */
export function exitOnUncaught(log: Log): void {
  const die = (error: unknown): void => {
    log.error('process.uncaught', { error });
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
