/** Starts `otp-guesser.ts` as a process, which dies with the test at the latest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { GuessOrder } from './otp-guesser.ts';

export interface Guesser {
  /** Starts the guessing, and gives the next line that it prints. */
  guess(): Promise<string>;
  /** By SIGKILL. Resolves once it is gone. */
  kill(): Promise<void>;
}

/** Resolves once the process is ready. */
export async function startGuesser(order: GuessOrder): Promise<Guesser> {
  const script = fileURLToPath(new URL('otp-guesser.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    async guess() {
      child.stdin.write('go\n');
      return (await lines.next()).value ?? 'null';
    },
    async kill() {
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
    },
  };
}
