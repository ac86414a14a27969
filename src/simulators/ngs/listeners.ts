/** The three ports of the NGS simulator on loopback, opened and closed together. */
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { NgsLine } from './connection.ts';

export interface NgsPorts {
  readonly host: string;
  readonly cert: number;
  readonly deliver: number;
  readonly report: number;
}

export interface NgsListeners {
  /** `port` is the authentication server's; 0 for a free one. The other two are always free ones. */
  start(port: number): Promise<NgsPorts>;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

export function createNgsListeners(accept: (line: NgsLine, socket: Socket) => void): NgsListeners {
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();

  async function listen(line: NgsLine, port: number): Promise<number> {
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      accept(line, socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
    servers.add(server);
    return (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    const closing = [...servers].map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    servers.clear();
    for (const socket of sockets) socket.destroy();
    await Promise.all(closing);
  }

  return {
    async start(port) {
      if (servers.size > 0) throw new Error('This simulator is started already.');
      try {
        const deliver = await listen('DLV', 0);
        const report = await listen('REP', 0);
        return { host: HOST, cert: await listen('CERT', port), deliver, report };
      } catch (fault) {
        await stop();
        throw fault;
      }
    },
    stop,
  };
}
