/** `npm run key -- …`, or `node dist/key.js …` where it is built: the process around key-command.ts. */
import { tenantsFilePath } from './config.ts';
import { KeyCommandRefused, runKeyCommand } from './key-command.ts';

try {
  runKeyCommand(process.argv.slice(2), tenantsFilePath(), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
} catch (error) {
  if (!(error instanceof KeyCommandRefused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
