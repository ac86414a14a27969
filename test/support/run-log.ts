/**
 * The log of the whole test run: what gateways say goes into a folder of its own, with the secrets that they were given,
 * and when the run is over global-setup.ts looks for the one in the other.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../src/core/log.ts';
import { createLogger } from '../../src/log.ts';
import { type Leak, leaksIn } from './log-canaries.ts';

export const runLogVariable = 'GWANMUN_TEST_RUN_LOG';

function keep(kind: 'log' | 'canaries', text: string): void {
  const folder = process.env[runLogVariable];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.${kind}`), text);
}

/** The real log, level and all. */
export const runLog: Log = createLogger({ level: 'info', destination: { write: (line) => keep('log', line) } });

/** What a process of its own printed. */
export const keepOutput = (text: string): void => keep('log', text);

/** Must stand in no line that any gateway logs in this run. One word. */
export const mustNotBeLogged = (secret: string): void => keep('canaries', `${secret}\n`);

/** What was looked through, so that an empty log cannot pass for a clean one. */
export function searchRunLog(folder: string): { lines: number; canaries: number; leaks: readonly Leak[] } {
  const read = (kind: string): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith(kind))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => line !== '');
  const lines = read('.log');
  const canaries = new Set(read('.canaries'));
  return { lines: lines.length, canaries: canaries.size, leaks: leaksIn(lines, canaries) };
}
