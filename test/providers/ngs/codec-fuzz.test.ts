import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameDecoder, WireError, type WireFault } from '../../../src/providers/ngs/frame-decoder.ts';
import { PACKETS, type PacketName } from '../../../src/providers/ngs/packets.ts';
import { dumbPacket } from '../../support/ngs-bytes.ts';
import { createRandom } from '../../support/random.ts';
import { ROWS } from './packet-rows.ts';

const FAULTS: readonly WireFault[] = [
  'UNKNOWN_TYPE',
  'UNEXPECTED_TYPE',
  'MALFORMED_LENGTH',
  'WRONG_LENGTH',
  'MALFORMED_TAIL',
];
const CLIENT: PacketName[] = ['CERT_ACK', 'BIND_ACK', 'DELIVER_ACK', 'REPORT', 'LINK_ACK', 'EVENT'];
const SERVER: PacketName[] = ['CERT', 'BIND', 'DELIVER', 'REPORT_ACK', 'LINK'];
const HEAD_TYPES = Object.values(PACKETS).map(({ headType }) => headType);

describe('bytes that nobody promised', () => {
  it('100,000 random and mutated buffers give only typed errors and bounded memory', () => {
    const random = createRandom(20_230_110);
    const rows = ROWS.map(({ name, fields }) => dumbPacket(name, fields));
    const counts = new Map<string, number>();
    let mostHeldBytes = 0;
    const before = process.memoryUsage();
    for (let i = 0; i < 100_000; i++) {
      const bytes = i % 2 === 0 ? randomBytes(random) : mutate(rows[random(rows.length)] ?? Buffer.alloc(0), random);
      const decoder = createFrameDecoder({ accepts: i % 3 === 0 ? SERVER : CLIENT, maxDeliverBytes: 4_096 });
      const cut = random(bytes.length + 1);
      for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
        const { packets, fault } = decoder.push(chunk);
        if (fault !== undefined) {
          expect(fault).toBeInstanceOf(WireError);
          expect(FAULTS).toContain(fault.fault);
          counts.set(fault.fault, (counts.get(fault.fault) ?? 0) + 1);
        }
        for (const packet of packets) mostHeldBytes = Math.max(mostHeldBytes, packet.bytes.length);
        counts.set('PACKET', (counts.get('PACKET') ?? 0) + packets.length);
      }
    }
    const after = process.memoryUsage();
    expect(mostHeldBytes).toBeLessThanOrEqual(14 + 4_096);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024);
    // The buffers must have reached every branch, or the test says nothing.
    expect([...counts.keys()].sort()).toEqual([...FAULTS, 'PACKET'].sort());
  });

  it('a header that lies about its length sets nothing aside', () => {
    const before = process.memoryUsage().arrayBuffers;
    const kept = Array.from({ length: 10_000 }, () => {
      const decoder = createFrameDecoder({ accepts: CLIENT });
      decoder.push(Buffer.from('22\0\x00999999999\0'));
      return decoder;
    });
    expect(kept.every((decoder) => decoder.push(Buffer.from('x')).fault?.fault === 'WRONG_LENGTH')).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('any stream of whole packets decodes alike however it is cut', () => {
    const rows = ROWS.filter(({ name }) => CLIENT.includes(name));
    const indexes = fc.array(fc.nat(rows.length - 1), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(indexes, fc.array(fc.integer({ min: 1, max: 60 })), (picked, steps) => {
        const chosen = picked.map((index) => rows[index]).filter((row) => row !== undefined);
        const stream = Buffer.concat(chosen.map(({ name, fields }) => dumbPacket(name, fields)));
        const decoder = createFrameDecoder({ accepts: CLIENT });
        const decoded: { name: string; fields: object }[] = [];
        let offset = 0;
        for (const step of [...steps, stream.length]) {
          for (const { name, fields } of decoder.push(stream.subarray(offset, offset + step)).packets) {
            decoded.push({ name, fields: { ...fields } });
          }
          offset += step;
        }
        expect(decoded).toEqual(chosen.map(({ name, fields }) => ({ name, fields })));
      }),
      { numRuns: 5_000 },
    );
  });
});

/** Half of them begin with a HeadType that exists, so that lengths and bodies are reached too. */
function randomBytes(random: (below: number) => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: random(120) }, () => random(256)));
  if (random(2) === 0 || bytes.length < 14) return bytes;
  bytes.fill(0, 0, 14);
  bytes.write(HEAD_TYPES[random(HEAD_TYPES.length)] ?? '', 0, 'latin1');
  bytes.write(String(random(400)), 4, 'latin1');
  return bytes;
}

function mutate(row: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.concat([row, row]);
  for (let i = random(3); i >= 0; i--) {
    const at = random(4) === 0 ? random(14) : random(bytes.length);
    bytes[at] = random(2) === 0 ? 0x30 + random(10) : random(256);
  }
  return random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
}
