import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authenticatorDataOf, readAuthenticatorData } from '../../../src/core/verification/authenticator-data.ts';
import { skipItem } from '../../../src/core/verification/cbor.ts';
import { createRandom } from '../../support/random.ts';
import { type Cbor, createSoftwareAuthenticator, encodeCbor } from '../../support/software-authenticator.ts';

const options = { challenge: 'AAAA', rp: { id: 'localhost' }, user: { id: 'AA' }, pubKeyCredParams: [{ alg: -7 }] };
type Random = (below: number) => number;

function attestation(part: object = {}): Buffer {
  const ceremony = { origin: 'http://localhost', credentialId: Buffer.alloc(20, 9), ...part };
  const { response } = createSoftwareAuthenticator().create(options, ceremony);
  return Buffer.from(response.attestationObject, 'base64url');
}

function randomValue(random: Random, depth = 0): Cbor {
  const kind = random(depth > 4 ? 4 : 6);
  if (kind === 0) return random(2 ** 32) * (random(2) === 0 ? 1 : -1);
  if (kind === 1) return 'x'.repeat(random(300));
  if (kind === 2) return Buffer.alloc(random(300), random(256));
  if (kind === 3) return random(2) === 0;
  const parts = Array.from({ length: random(6) }, () => randomValue(random, depth + 1));
  return kind === 4 ? parts : new Map(parts.map((part, at) => [at, part]));
}

describe('an attestation object', () => {
  it('gives the credential, its algorithm and what the authenticator saw', () => {
    const data = authenticatorDataOf(attestation({ backupEligible: true, userVerified: false }));
    expect(data === undefined ? undefined : readAuthenticatorData(data)).toEqual({
      rpIdHash: createHash('sha256').update('localhost').digest(),
      userPresent: true,
      userVerified: false,
      backupEligible: true,
      backedUp: false,
      attested: { id: Buffer.alloc(20, 9), algorithm: -7 },
    });
  });

  it('gives them behind a statement of any depth, and with extensions', () => {
    const chain = new Map<string, Cbor>([['x5c', [[[[Buffer.alloc(2_000)]]], new Map([[-1, 'a']])]]]);
    expect(authenticatorDataOf(attestation({ format: 'packed', attestationStatement: chain }))).toHaveLength(152);
    const trailing = encodeCbor(new Map<string, Cbor>([['credProtect', 2]]));
    const data = authenticatorDataOf(attestation({ trailing, flags: 0xc5 })) ?? Buffer.alloc(0);
    expect(readAuthenticatorData(data)).toMatchObject({ attested: { algorithm: -7 } });
  });

  it('cut at any byte is none', () => {
    const whole = attestation();
    for (let length = 0; length < whole.length; length += 1) {
      expect(authenticatorDataOf(whole.subarray(0, length))).toBeUndefined();
    }
    const data = authenticatorDataOf(whole) ?? Buffer.alloc(0);
    for (let length = 0; length < data.length; length += 1) {
      expect(readAuthenticatorData(data.subarray(0, length))).toBeUndefined();
    }
  });

  it('of 20,000 mutated ones never throws, and 20,000 times random bytes neither', () => {
    const random = createRandom(1_959);
    const whole = attestation();
    let read = 0;
    for (let round = 0; round < 40_000; round += 1) {
      const bytes = round % 2 === 0 ? Buffer.from(whole) : Buffer.alloc(random(200));
      for (let change = round % 2 === 0 ? 1 + random(4) : bytes.length; change > 0; change -= 1) {
        bytes.writeUInt8(random(256), random(bytes.length));
      }
      const data = authenticatorDataOf(bytes);
      if (data !== undefined && readAuthenticatorData(data) !== undefined) read += 1;
      readAuthenticatorData(bytes);
    }
    // Most bytes of it are a key and hashes, which no reader judges.
    expect(read).toBeGreaterThan(1_000);
  });
});

describe('walking past CBOR', () => {
  it('ends where 5,000 random values end, whatever stands behind them', () => {
    const random = createRandom(8_949);
    for (let round = 0; round < 5_000; round += 1) {
      const encoded = encodeCbor(randomValue(random));
      const behind = Buffer.alloc(random(10), random(256));
      expect(skipItem(Buffer.concat([encoded, behind]), 0)).toBe(encoded.length);
      if (encoded.length > 0) expect(skipItem(encoded.subarray(0, -1), 0)).toBeUndefined();
    }
  });

  it.each([
    ['a list of 2^64 - 1 items', '9bffffffffffffffff00'],
    ['a map of 2^32 - 1 pairs', 'baffffffff0000'],
    ['a text of 2^64 - 1 bytes', '7bffffffffffffffff61'],
    ['an indefinite length', '9f00ff'],
    ['a reserved length', '1c'],
    ['a break alone', 'ff'],
    ['a tag of nothing', 'c0'],
  ])('refuses %s', (_what, hex) => {
    expect(skipItem(Buffer.from(hex, 'hex'), 0)).toBeUndefined();
  });

  it('goes as deep as the bytes do, without a stack', () => {
    const depth = 60_000;
    expect(skipItem(Buffer.concat([Buffer.alloc(depth, 0x81), Buffer.from([0])]), 0)).toBe(depth + 1);
    expect(skipItem(Buffer.alloc(depth, 0x81), 0)).toBeUndefined();
  });
});
