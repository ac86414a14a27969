import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { spawnGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

async function takenPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a gateway whose port is taken', () => {
  it.each([
    ['PORT', 'HOST, PORT'],
    ['GWANMUN_SIMULATOR_PORT', 'GWANMUN_SIMULATOR_PORT'],
  ])('by %s ends with 1, and says nothing but which setting it was', { timeout: 30_000 }, async (variable, setting) => {
    const port = await takenPort();
    const starting = spawnGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), [variable]: String(port) });
    const { message } = await starting.then(
      () => new Error('It started.'),
      (error: Error) => error,
    );
    expect(message).toBe(
      `The gateway ended with 1: ${setting}: cannot listen on 127.0.0.1 port ${port}: another process listens there. ` +
        'End it, or choose another port (EADDRINUSE).\n',
    );
  });
});
