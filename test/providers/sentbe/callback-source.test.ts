import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentbeCallbackSource } from '../../../src/providers/sentbe/callback-source.ts';

const source = createSentbeCallbackSource({ account: 'second', accessId: 'partner_access_id' });
const bytes = (body: unknown) => new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
/** The sample of the document. */
const sample = { token: 'partner_access_id', external_id: '23', status: 'Waiting verification' };

describe('a callback', () => {
  it('is of its account', () => {
    expect(source).toMatchObject({ provider: 'SENTBE', account: 'second' });
  });

  it('is genuine with the access_id, and says which transfer is worth reading', () => {
    expect(source.isGenuine(bytes(sample), {})).toBe(true);
    expect(source.read(bytes(sample))).toEqual({
      event: 'transfer_status',
      subject: { type: 'TRANSFER_CHANGED', externalId: '23', status: 'Waiting verification' },
    });
  });

  it('names the same transfer by a number, digit for digit', () => {
    const body = bytes('{"token":"t","external_id":9007199254740993123,"status":"Complete"}');
    expect(source.read(body).subject).toMatchObject({ externalId: '9007199254740993123' });
  });

  it.each([
    'partner_access_i',
    'partner_access_id ',
    'PARTNER_ACCESS_ID',
    '',
    7,
    null,
    ['partner_access_id'],
    undefined,
  ])('is not genuine with the token %j', (token) => {
    expect(source.isGenuine(bytes({ ...sample, token }), {})).toBe(false);
  });

  it.each([
    '',
    'x',
    'null',
    '7',
    '[]',
    '{}',
    { ...sample, external_id: undefined },
    { ...sample, external_id: '' },
    { ...sample, external_id: {} },
    { ...sample, external_id: 'x'.repeat(257) },
    { ...sample, status: undefined },
    { ...sample, status: 'x'.repeat(65) },
    '['.repeat(60_000),
  ])('says nothing in %j', (body) => {
    expect(source.read(bytes(body))).toEqual({});
  });

  it('never throws, whatever the bytes are', () => {
    const json = fc.json({ maxDepth: 4 }).map(bytes);
    const nearly = fc.record({ token: fc.jsonValue(), external_id: fc.jsonValue(), status: fc.jsonValue() }).map(bytes);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json, nearly), (body) => {
        expect(source.isGenuine(body, {})).toBe(false);
        expect(Object.keys(source.read(body)).every((key) => key === 'event' || key === 'subject')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the body of a callback as it is shown', () => {
  const shown = (body: Uint8Array, accessId = 'partner_access_id'): Uint8Array =>
    createSentbeCallbackSource({ account: 'default', accessId }).redact?.(body) ?? expect.unreachable();

  it('has *** wherever the access_id stands, and is otherwise what it was', () => {
    const body = JSON.stringify({ ...sample, note: 'of partner_access_id, 송금' });
    expect(Buffer.from(shown(bytes(body))).toString()).toBe(
      '{"token":"***","external_id":"23","status":"Waiting verification","note":"of ***, 송금"}',
    );
  });

  it('is the same bytes where it does not stand there, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        expect(Uint8Array.from(shown(body))).toEqual(body);
      }),
    );
  });

  it('does not have it by another writing either', () => {
    const escapes = fc.infiniteStream(fc.constantFrom('AS_IT_IS', 'UPPER', 'LOWER', 'SHORT'));
    // As it is, by its number in hex, or with a backslash before it: what JSON allows (RFC 8259, section 7).
    const written = (text: string, how: Iterator<string>): string =>
      [...text]
        .map((character) => {
          const by = how.next().value;
          const json = JSON.stringify(character).slice(1, -1);
          const hex = character.charCodeAt(0).toString(16).padStart(4, '0');
          if (by === 'SHORT' && character === '/') return '\\/';
          if (character.length > 1 || by === 'AS_IT_IS' || by === 'SHORT') return json;
          return `\\u${by === 'UPPER' ? hex.toUpperCase() : hex}`;
        })
        .join('');
    const accessId = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.oneof(accessId, fc.constant('접근/+\\"[a]')), escapes, (id, how) => {
        const body = `{"token":"${written(id, how)}","external_id":"23","status":"Complete"}`;
        const source = createSentbeCallbackSource({ account: 'default', accessId: id });
        expect(source.isGenuine(bytes(body), {})).toBe(true);
        const kept = Buffer.from(shown(bytes(body), id)).toString();
        expect(JSON.parse(kept)).toEqual({ token: '***', external_id: '23', status: 'Complete' });
      }),
      { numRuns: 1_000 },
    );
  });
});
