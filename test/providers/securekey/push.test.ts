import { describe, expect, it } from 'vitest';
import type { PushAnswer } from '../../../src/core/verification/provider.ts';
import { answer, failureOf, peer, provider, refusal, success } from './account.ts';

const asked = { requestId: 'req_1', userId: 'user_123' };

describe('what became of a push', () => {
  it.each<[unknown, PushAnswer]>([
    [{ verified: true }, 'APPROVED'],
    [{ verified: true, status: 'approved' }, 'APPROVED'],
    [{ verified: true, status: 'completed' }, 'APPROVED'],
    [{ status: 'APPROVED' }, 'APPROVED'],
    [{ state: 'Approve' }, 'APPROVED'],
    [{ response: 'approve' }, 'APPROVED'],
    [{ action: 'approve' }, 'APPROVED'],
    [{ status: 'denied' }, 'DENIED'],
    [{ verified: false, status: 'DENIED' }, 'DENIED'],
    [{ verified: false, response: 'deny' }, 'DENIED'],
    [{ verified: false, state: 'rejected' }, 'DENIED'],
    [{ verified: false, status: 'expired' }, 'EXPIRED'],
    [{ verified: false, status: 'timeout' }, 'EXPIRED'],
    [{ verified: false, status: 'pending' }, 'PENDING'],
    [{ verified: false, status: 'waiting' }, 'PENDING'],
    [{ verified: false }, 'PENDING'],
    [{ verified: 'true' }, 'PENDING'],
    [{ verified: 1 }, 'PENDING'],
    [{ status: 7 }, 'PENDING'],
    [{ status: 'somehow' }, 'PENDING'],
    [{}, 'PENDING'],
    [null, 'PENDING'],
    // Where it contradicts itself, nobody is let in.
    [{ verified: true, status: 'denied' }, 'DENIED'],
    [{ verified: true, action: 'approve', response: 'reject' }, 'DENIED'],
    [{ verified: true, status: 'expired' }, 'EXPIRED'],
    [{ verified: true, status: 'pending' }, 'PENDING'],
    [{ verified: false, status: 'approved' }, 'PENDING'],
    [{ verified: true, approved: false }, 'PENDING'],
  ])('with %j is %s', async (data, expected) => {
    const { url } = await peer(success(data));
    expect(await provider(url).pushAnswer(asked)).toBe(expected);
  });

  it.each<[number, string, PushAnswer]>([
    [200, 'PUSH_DENIED', 'DENIED'],
    [400, 'REJECTED', 'DENIED'],
    [403, 'PUSH_DENIED', 'DENIED'],
    [403, 'USER_REJECTED', 'DENIED'],
    [410, 'PUSH_EXPIRED', 'EXPIRED'],
    [400, 'REQUEST_EXPIRED', 'EXPIRED'],
    [200, 'PUSH_PENDING', 'PENDING'],
    [404, 'PUSH_NOT_FOUND', 'PENDING'],
  ])('refused with %i %s is %s', async (status, code, expected) => {
    const { url } = await peer(answer(status, refusal(code)));
    expect(await provider(url).pushAnswer(asked)).toBe(expected);
  });

  it.each([
    [403, refusal('ACCESS_DENIED'), 'PROVIDER_REJECTED'],
    [401, refusal('TOKEN_EXPIRED'), 'PROVIDER_REJECTED'],
    [400, refusal('API_KEY_EXPIRED'), 'PROVIDER_REJECTED'],
    [404, 'Not Found', 'PROVIDER_REJECTED'],
    [429, refusal('PUSH_DENIED'), 'RATE_LIMITED'],
    [502, refusal('PUSH_DENIED'), 'PROVIDER_UNAVAILABLE'],
    [200, 'verified', 'PROVIDER_UNAVAILABLE'],
  ])('is not told by %i %j', async (status, body, code) => {
    const { url } = await peer(answer(status, body));
    expect(await failureOf(provider(url).pushAnswer(asked))).toMatchObject({ code });
  });
});
