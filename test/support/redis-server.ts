/** Redis servers of a test's own: each on a free port of loopback, with its data in a folder that goes with it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Stops it where it stands, as a frozen machine would, and lets it go on. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Starts it again on its port and data, after a kill. */
  restart(): Promise<void>;
  files(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** Durable as the gateway asks, save for what `settings` change: `{ appendfsync: 'everysec' }`. */
export async function startRedisServer(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'gwanmun-redis-'));
  const port = await freePort();
  const effective = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    'repl-diskless-sync-delay': '0',
    ...settings,
  };
  const args = Object.entries(effective).flatMap(([name, value]) => [`--${name}`, ...value.split(' ')]);
  let server = await launch(args);

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill,
    async restart() {
      server = await launch(args);
    },
    async files() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    async dispose() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function launch(args: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    lines.push(line);
    if (line.includes('Ready to accept connections')) break;
  }
  if (!lines.at(-1)?.includes('Ready to accept connections')) throw new Error(`redis-server: ${lines.join('\n')}`);
  // What it prints later would fill the pipe and stop it.
  server.stdout.resume();
  return server;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');
  return address.port;
}
