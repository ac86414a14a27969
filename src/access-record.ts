/**
 * `npm run access-record -- verify` or `-- export`, or `node dist/access-record.js …` where it is built: looks through the access
 * record of the configured store, apart from any gateway. It writes nothing to it.
 */
import { openStore } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';
import { verifyAccessRecord } from './core/access/record.ts';
import { silentLog } from './core/log.ts';
import { StoreRefused } from './store/store-refused.ts';

const [command = '', ...more] = process.argv.slice(2);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  if (!['verify', 'export'].includes(command) || more.length > 0) {
    say('Give verify (looks through all of it) or export (does so, and prints each entry as a line of JSON).');
    process.exitCode = 2;
  } else {
    await lookThrough(command === 'export');
  }
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StoreRefused)) throw error;
  say(error.message);
  process.exitCode = 2;
}

async function lookThrough(prints: boolean): Promise<void> {
  const store = await openStore(loadConfig(), () => undefined, silentLog);
  try {
    const { entries, head, fault } = await verifyAccessRecord(store, (entry) => {
      if (prints) process.stdout.write(`${JSON.stringify(entry)}\n`);
    });
    say(`${entries} entries are what was written; the newest is number ${head.n}, ${head.hash}.`);
    if (fault === undefined) return;
    say(fault);
    process.exitCode = 1;
  } finally {
    await store.close();
  }
}
