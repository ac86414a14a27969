/**
 * How packets leave on one NGS connection: in order and each in one write, or as an armed fault bends them. It knows
 * no packet but by its header.
 */
import type { ArmedFault } from '../faults.ts';
import type { Timers } from '../timers.ts';
import { writeLength } from './wire.ts';

/** How long a packet that waits for the next one waits at most, where the fault does not say. */
const HOLD_MS = 1000;
/** Between the bytes of a packet that is sent one by one, so that each leaves in a segment of its own. */
const BYTE_GAP_MS = 1;
const GARBAGE_BYTES = 64;

export interface Transmission {
  send(packet: Buffer, fault?: ArmedFault): void;
  /** Writes at once all that still waits. */
  flush(): void;
}

export function createTransmission(options: {
  readonly write: (bytes: Buffer) => void;
  readonly timers: Timers;
}): Transmission {
  const { write, timers } = options;
  /** Packets that wait for the next one: to go in front of it in the same write, or behind it. */
  let held: { readonly packet: Buffer; readonly behind: boolean }[] = [];
  let stopHolding: (() => void) | undefined;
  /** Once one packet goes byte by byte, what follows has to queue behind it. */
  let queue: Buffer[] = [];

  function put(bytes: Buffer): void {
    if (queue.length > 0) queue.push(bytes);
    else if (bytes.length > 0) write(bytes);
  }

  function drip(): void {
    const next = queue.shift();
    if (next === undefined) return;
    write(next);
    // The one after stays in the queue until its turn, so that `put` sees it.
    if (queue.length > 0) timers.after(BYTE_GAP_MS, drip);
  }

  function release(next: Buffer): void {
    stopHolding?.();
    const before = held.filter(({ behind }) => !behind).map(({ packet }) => packet);
    const after = held.filter(({ behind }) => behind).map(({ packet }) => packet);
    held = [];
    put(Buffer.concat([...before, next, ...after.reverse()]));
  }

  function hold(packet: Buffer, behind: boolean, ms = HOLD_MS): void {
    if (held.length === 0) stopHolding = timers.after(ms, () => release(Buffer.alloc(0)));
    held.push({ packet, behind });
  }

  return {
    send(packet, fault) {
      switch (fault?.kind) {
        case 'duplicate':
          release(packet);
          put(packet);
          break;
        case 'reorder':
          hold(packet, true, fault.ms);
          break;
        case 'glue':
          hold(packet, false, fault.ms);
          break;
        case 'split': {
          release(Buffer.alloc(0));
          const wasIdle = queue.length === 0;
          queue.push(...Array.from(packet, (byte) => Buffer.of(byte)));
          if (wasIdle) drip();
          break;
        }
        case 'lie':
          release(lying(packet, fault.length));
          break;
        case 'garbage':
          release(garbage(fault.id));
          break;
        default:
          release(packet);
      }
    },
    flush() {
      const waiting = queue;
      queue = [];
      for (const bytes of waiting) write(bytes);
      release(Buffer.alloc(0));
    },
  };
}

function lying(packet: Buffer, length: string | undefined): Buffer {
  const lie = Buffer.from(packet);
  const truth = Number.parseInt(packet.toString('latin1', 4, 14), 10);
  writeLength(lie, length ?? String(truth + 1));
  return lie;
}

/** The same for the same fault, and never the beginning of a header. */
const garbage = (seed: number): Buffer =>
  Buffer.from(Array.from({ length: GARBAGE_BYTES }, (_, i) => 0x80 | ((seed * 31 + i * 197) % 128)));
