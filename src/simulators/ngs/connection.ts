/**
 * One TCP connection to the NGS simulator: framing, the login deadline, the idle limit, and how it ends. It knows
 * which packets its port may carry, and nothing of what they mean.
 */
import type { Socket } from 'node:net';
import type { Timers } from '../timers.ts';
import {
  buildPacket,
  createFrameReader,
  DELIVER_BYTES,
  EVENT,
  type Frame,
  HEAD,
  MAX_DELIVER_BYTES,
  NgsViolation,
} from './wire.ts';

/** The three ports: the authentication server, and the gateway's two. */
export type NgsLine = 'CERT' | 'DLV' | 'REP';

/** How long the peer may take to hang up after it was told that the connection ends. */
const CLOSE_GRACE_MS = 1000;

export interface NgsConnection {
  readonly line: NgsLine;
  readonly open: boolean;
  /** Set once the login on this connection was accepted; EVENT is only for these. */
  bound: boolean;
  send(packet: Buffer): void;
  /** EVENT 0 with the reason where it is bound, then the end. */
  evict(reason: string): void;
  /** Sends what is given and hangs up in order. */
  end(packet?: Buffer): void;
  /** Cuts it, as a broken line would. */
  cut(): void;
}

const ALLOWED: Readonly<Record<NgsLine, (headType: string, length: number, bound: boolean) => boolean>> = {
  CERT: (headType, length) => headType === HEAD.CERT && length === 149,
  DLV: (headType, length, bound) =>
    bound
      ? (headType === HEAD.DELIVER && length >= DELIVER_BYTES && length <= MAX_DELIVER_BYTES) ||
        (headType === HEAD.LINK && length === 0)
      : headType === HEAD.BIND && length === 220,
  REP: (headType, length, bound) =>
    bound
      ? (headType === HEAD.REPORT_ACK && length === 40) || (headType === HEAD.LINK && length === 0)
      : headType === HEAD.BIND && length === 220,
};

export function createNgsConnection(options: {
  readonly socket: Socket;
  readonly line: NgsLine;
  readonly timers: Timers;
  readonly loginDeadlineMs: number;
  readonly idleTimeoutMs: number;
  /** May throw NgsViolation. */
  readonly onFrame: (connection: NgsConnection, frame: Frame) => void;
  readonly onEnd: (connection: NgsConnection, reason: string) => void;
}): NgsConnection {
  const { socket, line, timers } = options;
  let open = true;
  let reason = 'the peer closed';
  // "Within 1 second of the connection" (section 2.1): until the first whole packet is in.
  const stopDeadline = timers.after(options.loginDeadlineMs, () => {
    end('no CERT or BIND in time', undefined);
  });
  // Read lazily, since what may come changes with the login.
  const readFrames = createFrameReader((headType, length) => ALLOWED[line](headType, length, connection.bound));

  const connection: NgsConnection = {
    line,
    bound: false,
    get open() {
      return open;
    },
    send(packet) {
      if (open) socket.write(packet);
    },
    evict(why) {
      const event = buildPacket(HEAD.EVENT, EVENT, { TYPE: '0', DATA: why });
      end(why, connection.bound ? event : undefined);
    },
    end(packet) {
      end('served', packet);
    },
    cut() {
      reason = 'cut by a fault';
      open = false;
      socket.destroy();
    },
  };

  function end(why: string, packet: Buffer | undefined): void {
    if (!open) return;
    open = false;
    reason = why;
    if (packet === undefined) socket.end();
    else socket.end(packet);
    const stop = timers.after(CLOSE_GRACE_MS, () => socket.destroy());
    socket.once('close', stop);
  }

  socket.setNoDelay(true);
  socket.setTimeout(options.idleTimeoutMs, () => connection.evict('idle for too long'));
  socket.on('data', (chunk) => {
    if (!open) return;
    try {
      for (const frame of readFrames(chunk)) {
        stopDeadline();
        if (!open) return;
        options.onFrame(connection, frame);
      }
    } catch (fault) {
      if (!(fault instanceof NgsViolation)) throw fault;
      connection.evict(fault.message);
    }
  });
  // The 'close' that follows tells all there is to tell.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    open = false;
    stopDeadline();
    options.onEnd(connection, reason);
  });
  return connection;
}
