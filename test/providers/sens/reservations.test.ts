import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import type { CancelResult, MessageProvider, Submission } from '../../../src/core/provider.ts';
import { answer, cut, peer, provider, type Reply, ROOT, routes, TAKEN, TEXT } from './account.ts';

const MINUTE_MS = 60_000;
const noon = Date.parse('2026-03-02T12:00:00+09:00');
const clockAt = (now: number): Clock => ({ ...systemClock, now: () => now });
const reserveAt = noon + 3 * 60 * MINUTE_MS;
const reserved: Submission = { ...TEXT, reserveAt };

function reservationsOf(made: MessageProvider) {
  if (made.reservations === undefined) throw new Error('SENS holds messages.');
  return made.reservations;
}

const status = (reserveStatus: string): Reply =>
  answer(200, { reserveId: 'req-1', reserveTimeZone: 'Asia/Seoul', reserveTime: '2026-03-02 15:00', reserveStatus });

describe('a reservation', () => {
  it.each<[string, number, boolean]>([
    ['an hour ahead', noon + 60 * MINUTE_MS, true],
    ['16 minutes ahead', noon + 16 * MINUTE_MS, true],
    ['15 minutes ahead', noon + 15 * MINUTE_MS, false],
    ['now', noon, false],
    ['in the past', noon - MINUTE_MS, false],
    ['a second past the minute', noon + 60 * MINUTE_MS + 1_000, false],
    ['a millisecond past the minute', noon + 60 * MINUTE_MS + 1, false],
    ['5 days ahead', noon + 5 * 24 * 60 * MINUTE_MS, true],
    ['more than 5 days ahead, when an image would be gone', noon + (5 * 24 * 60 + 1) * MINUTE_MS, false],
  ])('%s is accepted: %#', async (_, at, expected) => {
    const { made } = await provider('http://127.0.0.1:9', { clock: clockAt(noon) });
    expect(reservationsOf(made).accepts(at)).toBe(expected);
  });

  it('goes out with its time in Korea', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url, { clock: clockAt(noon) });
    expect(await submit({ ...reserved, reserveAt: Date.parse('2026-03-02T23:59:00Z') }, noon)).toMatchObject({
      outcome: 'ACCEPTED',
    });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      reserveTime: '2026-03-03 08:59',
      reserveTimeZone: 'Asia/Seoul',
    });
  });

  it('that was due before its attempt goes out at once', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url, { clock: clockAt(reserveAt) });
    await submit(reserved, reserveAt);
    expect(JSON.parse(seen[0]?.body ?? '')).not.toHaveProperty('reserveTime');
  });
});

describe('the cancel of a reservation', () => {
  const refused = (code: number) => answer(code, { error: { errorCode: String(code), message: 'no' } });
  const fault = (code: string) => ({ fault: expect.objectContaining({ provider: 'SENS', code }) });

  it.each<[string, Reply, Reply, unknown]>([
    ['204', answer(204, ''), cut, { state: 'CANCELLED' }],
    ['400', refused(400), cut, { state: 'TOO_LATE', ...fault('400') }],
    ['404', refused(404), refused(404), { state: 'TOO_LATE', ...fault('404') }],
    ['400, and it is DONE', refused(400), status('DONE'), { state: 'TOO_LATE', ...fault('400') }],
    ['400, and it is PROCESSING', refused(400), status('PROCESSING'), { state: 'TOO_LATE', ...fault('400') }],
    ['400 since it was cancelled before', refused(400), status('CANCELED'), { state: 'CANCELLED' }],
    ['404 since it was cancelled before', refused(404), status('CANCELED'), { state: 'CANCELLED' }],
    ['a cut, and it is CANCELED', cut, status('CANCELED'), { state: 'CANCELLED' }],
    ['a cut, and it is DONE', cut, status('DONE'), { state: 'TOO_LATE', ...fault('UND_ERR_SOCKET') }],
    ['a cut, and it is READY', cut, status('READY'), { state: 'UNKNOWN', ...fault('UND_ERR_SOCKET') }],
    ['a cut, and a cut again', cut, cut, { state: 'UNKNOWN', ...fault('UND_ERR_SOCKET') }],
    ['a cut, and a word of its own', cut, status('SOON'), { state: 'UNKNOWN', ...fault('UND_ERR_SOCKET') }],
    ['a cut, and HTML', cut, answer(200, '<html></html>'), { state: 'UNKNOWN', ...fault('UND_ERR_SOCKET') }],
    [
      'a cut, and another reservation',
      cut,
      answer(200, { reserveId: 'req-2', reserveStatus: 'CANCELED' }),
      { state: 'UNKNOWN', ...fault('UND_ERR_SOCKET') },
    ],
    ['500, and it is CANCELED', refused(500), status('CANCELED'), { state: 'CANCELLED' }],
    ['500, and it is READY', refused(500), status('READY'), { state: 'UNKNOWN', ...fault('500') }],
    ['200', answer(200, ''), status('READY'), { state: 'UNKNOWN', ...fault('HTTP_200') }],
    ['401', refused(401), refused(401), { state: 'UNKNOWN', ...fault('401') }],
    ['403', refused(403), status('READY'), { state: 'UNKNOWN', ...fault('403') }],
    ['429', refused(429), refused(429), { state: 'UNKNOWN', ...fault('429') }],
  ])('answered with %s', async (_, deleted, shown, expected) => {
    const { url, seen } = await peer(
      routes({ 'DELETE /reservations/req-1': deleted, 'GET /reservations/req-1/reserve-status': shown }),
    );
    const { made } = await provider(url);
    expect(await reservationsOf(made).cancel('req-1')).toEqual(expected);
    expect(seen[0]).toMatchObject({ method: 'DELETE', target: `${ROOT}/reservations/req-1`, body: '' });
    expect(seen.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  it('is asked for once more where the clock was all that was wrong', async () => {
    const { url, seen } = await peer((response, request, body) => {
      const skewMs = Math.abs(Number(request.headers['x-ncp-apigw-timestamp']) - Date.now());
      return answer(skewMs > 300_000 ? 401 : 204, '')(response, request, body);
    });
    const { made } = await provider(url, { clock: { ...systemClock, now: () => Date.now() + 600_000 } });
    expect(await reservationsOf(made).cancel('req-1')).toEqual({ state: 'CANCELLED' });
    expect(seen).toHaveLength(2);
  });

  it('is unknown where there is no connection', async () => {
    const { url, stop } = await peer(() => {});
    await stop();
    const { made } = await provider(url);
    expect(await reservationsOf(made).cancel('req-1')).toMatchObject({
      state: 'UNKNOWN',
      fault: { code: 'ECONNREFUSED' },
    });
  });

  it('asks nothing of an account that is stopped', async () => {
    const { url, seen } = await peer(answer(204, ''));
    const { made } = await provider(url);
    await made.stop();
    const result: CancelResult = await reservationsOf(made).cancel('req-1');
    expect(result).toMatchObject({ state: 'UNKNOWN', fault: { code: 'STOPPED' } });
    expect(seen).toEqual([]);
  });
});

describe('the look-up of a reserved message', () => {
  const row = { requestId: 'req-1', messageId: 'msg-1', to: TEXT.to, status: 'COMPLETED', statusCode: '0' };
  const list = (...messages: unknown[]) => answer(200, { messages });
  const never = (code: string) => ({
    state: 'FAILED',
    fault: { provider: 'SENS', code, text: `The reservation is ${code}.`, at: expect.any(Number) },
  });
  const pending = (taken: boolean) => ({ state: 'PENDING', taken });

  async function lookUp(now: number, table: Readonly<Record<string, Reply>>) {
    const { url, seen } = await peer(routes(table));
    const { made } = await provider(url, { clock: clockAt(now) });
    const result = await made.lookUp?.(reserved, { startedAt: noon, reference: 'req-1' });
    return { result, asked: seen.map(({ target }) => target.slice(ROOT.length)) };
  }

  it.each<[string, Reply, unknown]>([
    ['READY', status('READY'), pending(true)],
    ['PROCESSING', status('PROCESSING'), pending(true)],
    ['DONE', status('DONE'), pending(true)],
    ['a word of its own', status('SOON'), pending(true)],
    ['CANCELED', status('CANCELED'), never('CANCELED')],
    ['FAIL', status('FAIL'), never('FAIL')],
    ['STALE', status('STALE'), never('STALE')],
    ['SKIP', status('SKIP'), never('SKIP')],
    ['404', answer(404, ''), pending(false)],
    ['429', answer(429, ''), pending(false)],
    ['HTML', answer(200, '<html></html>'), pending(false)],
    ['a cut', cut, pending(false)],
  ])('before its time asks for the reservation alone: %s', async (_, shown, expected) => {
    const { result, asked } = await lookUp(reserveAt - 1, { 'GET /reservations/req-1/reserve-status': shown });
    expect(result).toEqual(expected);
    expect(asked).toEqual(['/reservations/req-1/reserve-status']);
  });

  it('after its time asks for its message, as for any other', async () => {
    const { result, asked } = await lookUp(reserveAt, {
      'GET /messages?': list(row),
      'GET /messages/': list(row),
    });
    expect(result).toEqual({ state: 'DELIVERED' });
    expect(asked).toEqual(['/messages?requestId=req-1', '/messages/msg-1']);
  });

  it.each<[string, Reply, Reply, unknown]>([
    ['no message, and it is STALE', answer(404, ''), status('STALE'), never('STALE')],
    [
      'a message that waits, and it is CANCELED',
      list({ ...row, status: 'READY' }),
      status('CANCELED'),
      never('CANCELED'),
    ],
    [
      'a message that waits, and it is PROCESSING',
      list({ ...row, status: 'READY' }),
      status('PROCESSING'),
      pending(true),
    ],
    ['a message that waits, and 404', list({ ...row, status: 'READY' }), answer(404, ''), pending(true)],
    ['no message, and it is DONE', list(), status('DONE'), pending(true)],
    ['no message, and 404', list(), answer(404, ''), pending(false)],
  ])('after its time, with %s', async (_, listed, shown, expected) => {
    const { result } = await lookUp(reserveAt, {
      'GET /messages?': listed,
      'GET /reservations/req-1/reserve-status': shown,
    });
    expect(result).toEqual(expected);
  });

  it('that went out at once has no reservation to ask for', async () => {
    const { url, seen } = await peer(routes({ 'GET /messages?': list({ ...row, status: 'READY' }) }));
    const { made } = await provider(url, { clock: clockAt(reserveAt + 1_000) });
    expect(await made.lookUp?.(reserved, { startedAt: reserveAt, reference: 'req-1' })).toEqual(pending(true));
    expect(seen).toHaveLength(1);
  });
});
