import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import {
  answer,
  badRequest,
  DATA_CALLS,
  failureOf,
  gatewayError,
  peer,
  provider,
  type Reply,
  TOKEN,
} from './account.ts';

const MINUTE_MS = 60_000;
const clockOff = (skewMs: () => number) => ({ ...systemClock, now: () => Date.now() + skewMs() });
const timestampOf = (body: string): number => Number(new URLSearchParams(body).get('timestamp'));

describe('a wrong clock', () => {
  const refusals: Record<string, ReturnType<typeof answer>> = {
    '400 client_secret_sign': answer(400, badRequest('client_secret_sign')),
    '400 timestamp': answer(400, badRequest('timestamp')),
    '401 in words': answer(401, { code: 'UNAUTHORIZED', message: 'The timestamp has expired.' }),
    '403 in words': answer(403, { code: 'FORBIDDEN', message: 'Invalid client_secret_sign' }),
  };
  /** Refuses, as the document says, a timestamp that is more than five minutes off. */
  const strict =
    (refusal: Reply): Reply =>
    (response, request, body) => {
      const isOff = Math.abs(timestampOf(body) - Date.now()) > 5 * MINUTE_MS;
      return (isOff ? refusal : answer(200, TOKEN))(response, request, body);
    };

  const cases = Object.entries(refusals).flatMap(([name, refusal]) =>
    [-10 * MINUTE_MS, 10 * MINUTE_MS].map((skewMs) => [name, skewMs, refusal] as const),
  );
  it.each(cases)('(%s, by %i ms) mends itself by one refusal, in the same call', async (_, skewMs, refusal) => {
    const { url, seen } = await peer(strict(refusal));
    const made = provider(url, { clock: clockOff(() => skewMs) });
    const before = Date.now() + skewMs;
    const { expiresAt } = await made.issueToken({ type: 'SELF' });
    expect(seen).toHaveLength(2);
    // By the clock of this machine, which is what core compares it with.
    expect(expiresAt).toBeGreaterThanOrEqual(before + TOKEN.expires_in * 1_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + skewMs + TOKEN.expires_in * 1_000);
    await made.issueToken({ type: 'SELF' });
    expect(seen).toHaveLength(3);
    expect(made.health()).toMatchObject({
      healthy: true,
      detail: expect.stringMatching(/^The clocks differ by -?\d+ s\.$/),
    });
  });

  it('that was seen in an answer before costs no refusal', async () => {
    const { url, seen } = await peer((response, request, body) =>
      (request.url?.endsWith('/token')
        ? strict(answer(400, badRequest('timestamp')))
        : answer(401, gatewayError('GW.AUTHN')))(response, request, body),
    );
    const made = provider(url, { clock: clockOff(() => 10 * MINUTE_MS) });
    await DATA_CALLS['seller']?.(made);
    await made.issueToken({ type: 'SELF' });
    expect(seen).toHaveLength(2);
  });

  it('is followed back when it is set right', async () => {
    let skewMs = 10 * MINUTE_MS;
    const { url, seen } = await peer(strict(answer(400, badRequest('client_secret_sign'))));
    const made = provider(url, { clock: clockOff(() => skewMs) });
    await made.issueToken({ type: 'SELF' });
    skewMs = 0;
    await made.issueToken({ type: 'SELF' });
    expect(seen).toHaveLength(4);
    expect(Math.abs(timestampOf(seen[3]?.body ?? '') - Date.now())).toBeLessThan(MINUTE_MS);
    expect(made.health().detail).toBeUndefined();
  });

  it('is asked about once more only, whatever the second answer is', async () => {
    let serverSkewMs = 0;
    const { url, seen } = await peer((response, request, body) => {
      serverSkewMs += 10 * MINUTE_MS;
      const date = new Date(Date.now() + serverSkewMs).toUTCString();
      answer(400, badRequest('timestamp'), { date })(response, request, body);
    });
    expect(await failureOf(provider(url).issueToken({ type: 'SELF' }))).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['the clock is right', undefined, badRequest('client_secret_sign')],
    ['it differs by less than a minute', new Date(Date.now() + 40_000).toUTCString(), badRequest('client_secret_sign')],
    ['another field was wrong', new Date(Date.now() + 10 * MINUTE_MS).toUTCString(), badRequest('type')],
    ['the Date is none', 'yesterday', badRequest('timestamp')],
  ])('is not blamed where %s', async (_, date, body) => {
    const { url, seen } = await peer(answer(400, body, date === undefined ? {} : { date }));
    expect(await failureOf(provider(url).issueToken({ type: 'SELF' }))).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(seen).toHaveLength(1);
  });

  it('is told to the operator once', async () => {
    const warnings: [string, number | undefined][] = [];
    const log = { ...silentLog, warn: (event: string, fields = {}) => void warnings.push([event, skewOf(fields)]) };
    const skewOf = (fields: { skewMs?: number | undefined }): number | undefined => fields.skewMs;
    const { url } = await peer(answer(200, TOKEN));
    const made = provider(url, { log, clock: clockOff(() => 2 * MINUTE_MS) });
    await made.issueToken({ type: 'SELF' });
    await made.issueToken({ type: 'SELF' });
    expect(warnings).toEqual([['The clock differs from the provider by more than a minute.', expect.any(Number)]]);
    expect(warnings[0]?.[1]).toBeLessThan(-MINUTE_MS);
  });
});
