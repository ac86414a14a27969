/**
 * One TCP connection to the NGS simulator: framing, sealing, the login deadline, the idle limit, and how it ends. It
 * knows which packets its port may carry, and nothing of what they mean.
 */
import type { Socket } from 'node:net';
import type { ArmedFault } from '../faults.ts';
import type { Timers } from '../timers.ts';
import { type Seal, sealedBytes } from './seal.ts';
import { createTransmission } from './transmission.ts';
import {
  buildFrame,
  createFrameReader,
  DELIVER_BYTES,
  EVENT,
  type Frame,
  HEAD,
  MAX_DELIVER_BYTES,
  NgsViolation,
  packetOf,
} from './wire.ts';

/** The three ports: the authentication server, and the gateway's two. */
export type NgsLine = 'CERT' | 'DLV' | 'REP';

/** How long the peer may take to hang up after it was told that the connection ends. */
const CLOSE_GRACE_MS = 1000;
const CERT_BYTES = 149;
const BIND_BYTES = 220;
const REPORT_ACK_BYTES = 40;
/** Section 5.3: all others stay in the clear, and LINK has no body. */
const SEALED_HEADS: readonly string[] = [HEAD.DELIVER, HEAD.DELIVER_ACK, HEAD.REPORT, HEAD.REPORT_ACK];

export interface NgsConnection {
  readonly line: NgsLine;
  readonly open: boolean;
  /** Whether the login on this connection was accepted; EVENT is only for these. */
  readonly bound: boolean;
  readonly sealed: boolean;
  /** From now it is a session; with a seal, one of TYPE P. */
  bind(seal: Seal | undefined): void;
  send(frame: Frame, fault?: ArmedFault): void;
  /** `kick` evicts; `silence` leaves the connection half open: nothing goes out any more, and nothing is heard. */
  strike(fault: ArmedFault): void;
  /** EVENT 0 with the reason where it is bound, then the end. */
  evict(reason: string): void;
  /** Sends what is given and hangs up in order. */
  end(frame?: Frame): void;
  /** Cuts it, as a broken line would. */
  cut(): void;
}

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
  let bound = false;
  let silent = false;
  let seal: Seal | undefined;
  let reason = 'the peer closed';
  const transmission = createTransmission({
    timers,
    write(bytes) {
      if (!silent && socket.writable) socket.write(bytes);
    },
  });
  // "Within 1 second of the connection" (section 2.1): until the first whole packet is in.
  const stopDeadline = timers.after(options.loginDeadlineMs, () => {
    end('no CERT or BIND in time', undefined);
  });
  // Read lazily, since what may come changes with the login.
  const readFrames = createFrameReader((headType, length) => mayCarry(line, bound, seal, headType, length));

  const connection: NgsConnection = {
    line,
    get open() {
      return open;
    },
    get bound() {
      return bound;
    },
    get sealed() {
      return seal !== undefined;
    },
    bind(with_) {
      bound = true;
      seal = with_;
    },
    send(frame, fault) {
      if (!open) return;
      if (fault?.kind === 'kick' || fault?.kind === 'silence') connection.strike(fault);
      else transmission.send(packetOf(sealing(frame)), fault);
    },
    strike(fault) {
      if (fault.kind === 'kick') connection.evict(`kicked by fault ${fault.id}`);
      else silent = true;
    },
    evict(why) {
      end(why, bound ? buildFrame(HEAD.EVENT, EVENT, { TYPE: '0', DATA: why }) : undefined);
    },
    end(frame) {
      end('served', frame);
    },
    cut() {
      reason = 'cut by a fault';
      open = false;
      socket.destroy();
    },
  };

  function sealing(frame: Frame): Frame {
    if (seal === undefined || !SEALED_HEADS.includes(frame.headType)) return frame;
    return { headType: frame.headType, body: seal.close(frame.body) };
  }

  function unsealing(frame: Frame): Frame {
    if (seal === undefined || !SEALED_HEADS.includes(frame.headType)) return frame;
    const body = seal.open(frame.body);
    if (!mayCarry(line, bound, undefined, frame.headType, body.length)) {
      throw new NgsViolation(`HeadType ${frame.headType} holds ${body.length} bytes under its seal.`);
    }
    return { headType: frame.headType, body };
  }

  function end(why: string, frame: Frame | undefined): void {
    if (!open) return;
    open = false;
    reason = why;
    // Half open, the peer is told nothing, not even the end.
    if (silent) return;
    transmission.flush();
    if (frame === undefined) socket.end();
    else socket.end(packetOf(sealing(frame)));
    const stop = timers.after(CLOSE_GRACE_MS, () => socket.destroy());
    socket.once('close', stop);
  }

  socket.setNoDelay(true);
  socket.setTimeout(options.idleTimeoutMs, () => connection.evict('idle for too long'));
  socket.on('data', (chunk) => {
    if (!open || silent) return;
    try {
      for (const frame of readFrames(chunk)) {
        stopDeadline();
        if (!open || silent) return;
        options.onFrame(connection, unsealing(frame));
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

/** Which packets a port may carry before and after its login, and how long they may be. */
function mayCarry(line: NgsLine, bound: boolean, seal: Seal | undefined, headType: string, length: number): boolean {
  if (line === 'CERT') return headType === HEAD.CERT && length === CERT_BYTES;
  if (!bound) return headType === HEAD.BIND && length === BIND_BYTES;
  if (headType === HEAD.LINK) return length === 0;
  const onWire = (bytes: number) => (seal === undefined ? bytes : sealedBytes(bytes));
  if (line === 'REP') return headType === HEAD.REPORT_ACK && length === onWire(REPORT_ACK_BYTES);
  return headType === HEAD.DELIVER && length >= onWire(DELIVER_BYTES) && length <= onWire(MAX_DELIVER_BYTES);
}
