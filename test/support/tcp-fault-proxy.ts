/**
 * A TCP proxy between a client and a server of a test, which does to the line what networks do: it is slow, cuts, resets, hands
 * over a few bytes at a time, swallows everything, or lets a request through and cuts instead of handing back the reply.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What happens to every connection, those that are open included, until it is set anew. */
export interface LineFaults {
  /** How much later each piece arrives, in either direction. */
  readonly latencyMs?: number;
  /** Every piece is handed over as pieces of at most so many bytes, each in a write of its own. */
  readonly sliceBytes?: number;
  /** What is sent arrives nowhere, and nobody is told. */
  readonly blackhole?: boolean;
  /** What the server hears instead of a piece that the client sent: for a protection that a control switches off. */
  readonly rewrite?: (request: Buffer) => Buffer;
}

export interface TcpFaultProxy {
  readonly port: number;
  set(faults: LineFaults): void;
  /** New connections go there instead, as to a name that leads to another server now. */
  retarget(port: number): void;
  /** Ends every open connection in order (FIN); new ones pass. */
  cut(): void;
  /** Ends every open connection at once (RST). */
  reset(): void;
  /** The next `count` requests whose bytes contain `mark` reach the server, and their connections are cut instead of answered. */
  cutReplies(mark: string, count: number): void;
  /** How many replies were cut so far. */
  repliesCut(): number;
  /** How many connections were opened so far. */
  opened(): number;
  close(): Promise<void>;
}

export async function startTcpFaultProxy(targetPort: number): Promise<TcpFaultProxy> {
  const lines = new Set<{ readonly client: Socket; readonly server: Socket }>();
  let faults: LineFaults = {};
  let armed = { mark: '', count: 0 };
  let repliesCut = 0;
  let opened = 0;
  let target = targetPort;

  const proxy = createServer({ noDelay: true, allowHalfOpen: false }, (client) => {
    const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const line = { client, server };
    let isDoomed = false;
    opened += 1;
    lines.add(line);
    const end = (): void => {
      lines.delete(line);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (request: Buffer) => {
      if (armed.count > 0 && request.includes(armed.mark)) {
        armed = { ...armed, count: armed.count - 1 };
        isDoomed = true;
      }
      carry(faults.rewrite?.(request) ?? request, server);
    });
    server.on('data', (reply: Buffer) => {
      if (!isDoomed) {
        carry(reply, client);
        return;
      }
      repliesCut += 1;
      end();
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port.');

  function carry(piece: Buffer, to: Socket): void {
    if (faults.blackhole) return;
    // Timers of one length fire in the order in which they were set, and so the bytes keep theirs.
    if (faults.latencyMs === undefined) hand(piece, to);
    else setTimeout(() => hand(piece, to), faults.latencyMs);
  }

  function hand(piece: Buffer, to: Socket): void {
    const size = faults.sliceBytes ?? piece.length;
    for (let at = 0; at < piece.length && !to.destroyed; at += size) to.write(piece.subarray(at, at + size));
  }

  return {
    port: address.port,
    set(next) {
      faults = next;
    },
    retarget(port) {
      target = port;
    },
    cut() {
      for (const { client, server } of [...lines]) for (const socket of [client, server]) socket.destroySoon();
    },
    reset() {
      for (const { client, server } of [...lines]) for (const socket of [client, server]) socket.resetAndDestroy();
    },
    cutReplies(mark, count) {
      armed = { mark, count };
    },
    repliesCut: () => repliesCut,
    opened: () => opened,
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      for (const { client, server } of lines) for (const socket of [client, server]) socket.destroy();
      await closed;
    },
  };
}
