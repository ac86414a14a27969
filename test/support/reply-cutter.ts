/**
 * A TCP proxy that lets a request through to the server and then cuts the connection instead of handing back the
 * reply: the server has done the work, the client cannot know.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface ReplyCutter {
  readonly port: number;
  /** Cuts the replies to the next `count` requests whose bytes contain `mark`. */
  cutReplies(mark: string, count: number): void;
  /** How many replies were cut so far. */
  cuts(): number;
  close(): Promise<void>;
}

export async function startReplyCutter(targetPort: number): Promise<ReplyCutter> {
  const sockets = new Set<Socket>();
  let armed = { mark: '', count: 0 };
  let cuts = 0;

  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    let isDoomed = false;
    const end = () => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on('data', (request) => {
      if (armed.count > 0 && request.includes(armed.mark)) {
        armed = { ...armed, count: armed.count - 1 };
        isDoomed = true;
      }
      server.write(request);
    });
    server.on('data', (reply) => {
      if (!isDoomed) {
        client.write(reply);
        return;
      }
      cuts++;
      end();
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');

  return {
    port: address.port,
    cutReplies(mark, count) {
      armed = { mark, count };
    },
    cuts: () => cuts,
    async close() {
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await once(proxy, 'close');
    },
  };
}
