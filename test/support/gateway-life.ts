/** One life of a gateway process: loaded ahead, begun on a data folder, and ended by its crash point, its time or its test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CompiledSource } from './compiled-source.ts';
import type { GatewayOrder } from './crashing-gateway.ts';
import { keepOutput } from './run-log.ts';

export interface GatewayLife {
  /** Where it listens; undefined where it died before. */
  begin(order: GatewayOrder): Promise<string | undefined>;
  isOver(): boolean;
  /** Resolves when the process is gone. */
  readonly over: Promise<void>;
  /** The crash point that ended it; undefined where a signal from outside did. */
  crashedAt(): string | undefined;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Null where a signal ended it. */
  exitCode(): number | null;
  pid(): number | undefined;
  /** All that it printed. */
  said(): string;
}

export function loadGateway(source: CompiledSource): GatewayLife {
  const hook = source.path('test/support/crash-hook.ts');
  const entry = source.path('test/support/crashing-gateway.ts');
  const child: ChildProcess = spawn(process.execPath, ['--import', hook, entry], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      said += String(chunk);
      keepOutput(String(chunk));
      for (const listener of listeners) listener();
    });
  }
  child.stdin?.on('error', () => undefined);
  const over = once(child, 'close').then(() => {
    for (const listener of listeners) listener();
  });
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;

  return {
    async begin(order) {
      child.stdin?.write(`${JSON.stringify(order)}\n`);
      const url = (): string | undefined => /listens on (http:\S+)/.exec(said)?.[1];
      if (url() === undefined && !isOver()) {
        await new Promise<void>((resolve) => {
          listeners.add(() => {
            if (url() !== undefined || isOver()) resolve();
          });
        });
      }
      if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`The gateway ended by itself: ${said}`);
      return url();
    },
    isOver,
    over,
    crashedAt: () => /crashed at (\S+)/.exec(said)?.[1],
    async end(signal) {
      if (!isOver()) child.kill(signal);
      await over;
    },
    exitCode: () => child.exitCode,
    pid: () => child.pid,
    said: () => said,
  };
}
