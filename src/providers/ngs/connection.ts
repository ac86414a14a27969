/**
 * One TCP connection to NGS: dials, says its first packet in the turn that it connects, keeps alive with LINK, and
 * tells of whole packets and of its end, once. It does not know what the packets mean, and it never reconnects.
 */
import { connect } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { BodyCipher } from './cipher.ts';
import { encodePacket, encryptFrame } from './codec.ts';
import { createDeadline } from './deadline.ts';
import { createFrameDecoder, type Packet, type WireError } from './frame-decoder.ts';
import type { PacketName } from './packets.ts';
import type { NgsTimings } from './timings.ts';

export type ConnectionEnd =
  | 'CONNECT_FAILED'
  | 'PEER_CLOSED'
  | 'WIRE_FAULT'
  | 'STALLED_FRAME'
  | 'ACK_TIMEOUT'
  /** It sends, but reads nothing of ours. */
  | 'PEER_NOT_READING'
  /** Connected when this process might no longer log in. */
  | 'NOT_OWNER';

export interface Connection {
  /** All of them in one socket write, encrypted where there is a cipher; nothing once the connection has ended. */
  write(packets: readonly Uint8Array[]): void;
  /** Written, and still in this process. */
  unsentBytes(): number;
  /** From now on LINK goes out when nothing was received for a while. */
  keepAlive(): void;
  /** Stops and restarts reading, so that the peer feels our back-pressure. */
  pause(): void;
  resume(): void;
  /**
   * Lets written bytes leave, bounded, and calls nobody any more; with `atOnce` none leave. Resolves when the socket is
   * gone.
   */
  close(atOnce?: boolean): Promise<void>;
}

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  /** CERT or BIND, built beforehand: it must leave within a second of connecting (NGS 2.0.1, section 2.1). */
  readonly hello: Uint8Array;
  readonly helloAck: PacketName;
  readonly accepts: readonly PacketName[];
  /** Whether the first packet may still leave, asked when it could. */
  mayGreet(): boolean;
  /** Of this session alone, where its TYPE is P. */
  readonly cipher?: BodyCipher | undefined;
  readonly timings: NgsTimings;
  readonly clock: Clock;
  /** Never LINK_ACK. */
  onPacket(packet: Packet): void;
  /** What was unsent has left. */
  onDrain?(): void;
  onEnd(end: ConnectionEnd, fault?: WireError): void;
}

const LINK = encodePacket('LINK', {});
/** What may wait here when more comes: ACKs for a peer that reads none of them. A large DELIVER goes out first. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const CLOSE_TIMEOUT_MS = 1_000;

export function openConnection(options: ConnectionOptions): Connection {
  const { cipher, timings, clock, onPacket, onEnd } = options;
  const decoder = createFrameDecoder({ accepts: options.accepts, cipher });
  let hasConnected = false;
  let hasEnded = false;
  let isPaused = false;
  let awaitedAck: PacketName | undefined;
  let lastPacketAtMs = clock.monotonicMs();

  const connectDeadline = createDeadline(() => end('CONNECT_FAILED'));
  const ackDeadline = createDeadline(() => {
    // What we do not read cannot have answered.
    if (isPaused) ackDeadline.set(timings.ackTimeoutMs);
    else end('ACK_TIMEOUT');
  });
  let isFrameTimed = false;
  const frameDeadline = createDeadline(() => {
    if (isPaused) frameDeadline.set(timings.ackTimeoutMs);
    else end('STALLED_FRAME');
  });
  const idleDeadline = createDeadline(sendLinkWhenIdle);

  const socket = connect({ host: options.host, port: options.port, noDelay: true });
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  connectDeadline.set(timings.connectTimeoutMs);
  socket.on('connect', () => {
    if (hasEnded) return;
    hasConnected = true;
    if (!options.mayGreet()) {
      end('NOT_OWNER');
      return;
    }
    connectDeadline.clear();
    lastPacketAtMs = clock.monotonicMs();
    awaitAck(options.helloAck);
    // CERT, BIND and LINK are never encrypted (section 5.3).
    socket.write(options.hello);
  });
  socket.on('data', receive);
  socket.on('drain', () => {
    if (!hasEnded) options.onDrain?.();
  });
  socket.on('error', () => end(hasConnected ? 'PEER_CLOSED' : 'CONNECT_FAILED'));
  socket.on('end', () => end('PEER_CLOSED'));
  socket.on('close', () => end('PEER_CLOSED'));

  function receive(chunk: Buffer): void {
    if (hasEnded) return;
    const { packets, fault } = decoder.push(chunk);
    if (packets.length > 0) lastPacketAtMs = clock.monotonicMs();
    for (const packet of packets) {
      if (packet.name === awaitedAck) {
        awaitedAck = undefined;
        ackDeadline.clear();
      }
      if (packet.name !== 'LINK_ACK') onPacket(packet);
      if (hasEnded) return;
    }
    if (fault !== undefined) end('WIRE_FAULT', fault);
    else timeFrame(packets.length > 0);
  }

  /** From a frame's first bytes to its last: a peer that drips a byte at a time stalls as well. */
  function timeFrame(isNewFrame: boolean): void {
    if (!decoder.isMidFrame()) {
      isFrameTimed = false;
      frameDeadline.clear();
    } else if (isNewFrame || !isFrameTimed) {
      isFrameTimed = true;
      frameDeadline.set(timings.ackTimeoutMs);
    }
  }

  function awaitAck(name: PacketName): void {
    awaitedAck = name;
    ackDeadline.set(timings.ackTimeoutMs);
  }

  function sendLinkWhenIdle(): void {
    const idleMs = clock.monotonicMs() - lastPacketAtMs;
    const isIdle = idleMs >= timings.linkIdleMs;
    if (isIdle && awaitedAck === undefined) {
      awaitAck('LINK_ACK');
      socket.write(LINK);
    }
    if (!hasEnded) idleDeadline.set(isIdle ? timings.linkIdleMs : timings.linkIdleMs - idleMs);
  }

  function write(packets: readonly Uint8Array[]): void {
    if (hasEnded) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) {
      end('PEER_NOT_READING');
      return;
    }
    const frames = cipher === undefined ? packets : packets.map((packet) => encryptFrame(packet, cipher));
    const [first] = frames;
    socket.write(frames.length === 1 && first !== undefined ? first : Buffer.concat(frames));
  }

  function release(): void {
    hasEnded = true;
    for (const deadline of [connectDeadline, ackDeadline, frameDeadline, idleDeadline]) deadline.clear();
  }

  function end(cause: ConnectionEnd, fault?: WireError): void {
    if (hasEnded) return;
    release();
    socket.destroy();
    onEnd(cause, fault);
  }

  return {
    write,
    unsentBytes: () => socket.writableLength,
    keepAlive() {
      if (!hasEnded) idleDeadline.set(timings.linkIdleMs);
    },
    pause() {
      isPaused = true;
      socket.pause();
    },
    resume() {
      isPaused = false;
      if (hasEnded) return;
      if (awaitedAck !== undefined) ackDeadline.set(timings.ackTimeoutMs);
      if (isFrameTimed) frameDeadline.set(timings.ackTimeoutMs);
      socket.resume();
    },
    close(atOnce = false) {
      release();
      if (hasConnected && !atOnce) socket.destroySoon();
      else socket.destroy();
      const impatience = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
      return gone.finally(() => clearTimeout(impatience));
    },
  };
}
