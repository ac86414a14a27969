/** Around the whole run: gives it a folder for its log, and fails it where a secret or a phone number was logged. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLogVariable, searchRunLog } from './run-log.ts';

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'gwanmun-run-log-'));
  process.env[runLogVariable] = folder;
  return () => {
    const { lines, canaries, leaks } = searchRunLog(folder);
    rmSync(folder, { recursive: true });
    process.stdout.write(`Run log: ${lines} lines, ${canaries} secrets looked for, ${leaks.length} found.\n`);
    if (canaries > 0 && lines === 0) {
      process.exitCode = 1;
      throw new Error('Gateways ran and nothing was logged: what was looked through is not their log.');
    }
    if (leaks.length > 0) {
      // vitest prints what a teardown throws, and ends well all the same.
      process.exitCode = 1;
      throw new Error(`Logged, and must not be:\n${leaks.map(({ what, line }) => `${what} in ${line}`).join('\n')}`);
    }
  };
}
