import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecureKeyWebhookSource } from '../../../src/providers/securekey/webhook-source.ts';

const account = createSecureKeyWebhookSource({ account: 'second', webhookSecrets: [] });
const read = (body: unknown) =>
  account.read(new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)));
const push = (data: unknown) => read({ event: 'push.responded', channel: 'push', data });

describe('what a webhook says', () => {
  it('is of its account', () => {
    expect(account).toMatchObject({ provider: 'SECUREKEY', account: 'second' });
  });

  it('is its event alone, where core can do nothing about it', () => {
    const data = { requestId: 'cm1', externalUserId: 'u', phone: '01012345678', purpose: 'login' };
    const body = { event: 'verification.completed', channel: 'sms', data, timestamp: '2026-03-02T12:04:05+09:00' };
    expect(read(body)).toEqual({ event: 'verification.completed' });
  });

  it('is of a push the request, the person and the decision', () => {
    expect(push({ requestId: 'cm1', externalUserId: 'user_123', status: 'approved' })).toEqual({
      event: 'push.responded',
      subject: { type: 'PUSH_RESPONDED', requestId: 'cm1', userId: 'user_123', decision: 'APPROVED' },
    });
  });

  it.each<[object, string | undefined]>([
    [{ status: 'approved' }, 'APPROVED'],
    [{ status: 'APPROVED', verified: true }, 'APPROVED'],
    [{ response: 'approve' }, 'APPROVED'],
    [{ action: 'Approve', status: 'completed' }, 'APPROVED'],
    [{ decision: 'approved' }, 'APPROVED'],
    [{ approved: true }, 'APPROVED'],
    [{ verified: true }, 'APPROVED'],
    [{ status: 'denied' }, 'DENIED'],
    [{ status: 'denied', verified: false }, 'DENIED'],
    [{ response: 'deny' }, 'DENIED'],
    [{ action: 'reject' }, 'DENIED'],
    [{ approved: false }, 'DENIED'],
    [{ approved: false, verified: false, status: 'rejected' }, 'DENIED'],
    // Then it is asked.
    [{}, undefined],
    [{ verified: false }, undefined],
    [{ status: 'responded' }, undefined],
    [{ status: 'pending' }, undefined],
    [{ status: 'expired' }, undefined],
    [{ status: 7, verified: 'true', approved: 1 }, undefined],
    [{ status: 'approved', response: 'deny' }, undefined],
    [{ status: 'denied', verified: true }, undefined],
    [{ status: 'approved', verified: false }, undefined],
    [{ status: 'approved', approved: false }, undefined],
    [{ status: 'denied', approved: true }, undefined],
    [{ status: 'approved', state: 'pending' }, undefined],
    [{ status: 'denied', state: 'expired' }, undefined],
  ])('with %j is the decision %s', (data, decision) => {
    const { subject } = push({ requestId: 'cm1', ...data });
    expect(subject).toEqual({ type: 'PUSH_RESPONDED', requestId: 'cm1', ...(decision && { decision }) });
  });

  it.each([
    [undefined],
    [null],
    [[]],
    ['cm1'],
    [{}],
    [{ requestId: 7 }],
    [{ requestId: '' }],
    [{ requestId: 'a b' }],
    [{ requestId: 'x'.repeat(257) }],
  ])('is no answer to a push with the data %j', (data) => {
    expect(push(data)).toEqual({ event: 'push.responded' });
  });

  it.each([7, '', '\ud800', 'x'.repeat(257), null, {}])(
    'leaves out the person that is named by %j',
    (externalUserId) => {
      expect(push({ requestId: 'cm1', externalUserId }).subject).not.toHaveProperty('userId');
    },
  );

  it.each([
    '',
    'x',
    '{',
    'null',
    '7',
    '"push.responded"',
    '[{"event":"push.responded"}]',
    '{}',
    '{"event":7}',
    '{"event":""}',
    '{"event":"a b"}',
    `{"event":"${'x'.repeat(101)}"}`,
    '{"event":"푸시"}',
    '['.repeat(60_000),
  ])('cannot be read in %j', (body) => {
    expect(read(body)).toEqual({});
  });

  it('is as safe to read whatever the members are called', () => {
    const body =
      '{"__proto__":{"event":"push.responded"},"constructor":1,"event":"push.responded","data":{"__proto__":1}}';
    expect(read(body)).toEqual({ event: 'push.responded' });
    expect(read('{"__proto__":{"event":"push.responded"}}')).toEqual({});
  });

  it('never throws, whatever the bytes are', () => {
    const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(text));
    const nearly = fc
      .record({ event: fc.constant('push.responded'), data: fc.jsonValue() })
      .map((value) => new TextEncoder().encode(JSON.stringify(value)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json, nearly), (body) => {
        const content = account.read(body);
        expect(Object.keys(content).every((key) => key === 'event' || key === 'subject')).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
