/** One gateway of a cluster as a process of its own: begun, stood still, gone on, ended. What it told is kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ClusterOrder, Told } from './cluster-gateway.ts';
import type { CompiledSource } from './compiled-source.ts';
import { keepOutput } from './run-log.ts';

export interface ClusterGateway {
  readonly url: string;
  /** In its order. */
  readonly told: readonly Told[];
  isUp(): boolean;
  isStill(): boolean;
  standStill(): void;
  goOn(): void;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

export async function beginGateway(source: CompiledSource, order: ClusterOrder): Promise<ClusterGateway> {
  const child: ChildProcess = spawn(process.execPath, [source.path('test/support/cluster-gateway.ts')], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const over = once(child, 'close');
  const told: Told[] = [];
  const errors: string[] = [];
  let rest = '';
  let listen: (url: string) => void = () => undefined;
  const listens = new Promise<string>((resolve) => {
    listen = resolve;
  });
  child.stdout?.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('told ')) told.push(JSON.parse(line.slice(5)) as Told);
      else if (line.startsWith('listens on ')) listen(line.slice(11));
      else keepOutput(`${line}\n`);
    }
  });
  child.stderr?.on('data', (chunk) => void errors.push(String(chunk)));
  child.stdin?.on('error', () => undefined);
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  const url = await Promise.race([listens, over.then(() => undefined)]);
  if (url === undefined) throw new Error(`The gateway did not begin: ${errors.join('')}`);
  let still = false;
  const isUp = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    url,
    told,
    isUp,
    isStill: () => still,
    standStill() {
      still = true;
      child.kill('SIGSTOP');
    },
    goOn() {
      still = false;
      child.kill('SIGCONT');
    },
    async end(signal) {
      if (isUp()) child.kill(signal);
      await over;
    },
  };
}
