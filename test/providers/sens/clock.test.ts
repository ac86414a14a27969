import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { answer, outcomeOf, peer, provider, type Reply, TAKEN } from './account.ts';

describe('a wrong clock', () => {
  /** Refuses, as the document says, a timestamp that is more than five minutes off. */
  const strict: Reply = (response, request) => {
    const skewMs = Math.abs(Number(request.headers['x-ncp-apigw-timestamp']) - Date.now());
    if (skewMs > 300_000) answer(401, { error: { errorCode: '200', message: 'expired' } })(response, request, '');
    else answer(202, TAKEN)(response, request, '');
  };

  it.each([-600_000, 600_000])('of %i ms costs one refused call, which may be tried again', async (skewMs) => {
    const { url } = await peer(strict);
    const { submit, made } = await provider(url, { clock: { ...systemClock, now: () => Date.now() + skewMs } });
    expect(outcomeOf(await submit())).toBe('NOT_ACCEPTED, again');
    expect(outcomeOf(await submit())).toBe('ACCEPTED');
    expect(made.health()).toMatchObject({
      healthy: true,
      detail: expect.stringMatching(/^The clocks differ by -?\d+ s\.$/),
    });
  });

  it('refuses everything that was in flight with it for another try, not only the first', async () => {
    const { url } = await peer(strict);
    const { submit } = await provider(url, { clock: { ...systemClock, now: () => Date.now() + 600_000 } });
    const results = await Promise.all(Array.from({ length: 8 }, () => submit()));
    expect(results.map(outcomeOf)).toEqual(Array.from({ length: 8 }, () => 'NOT_ACCEPTED, again'));
    expect(outcomeOf(await submit())).toBe('ACCEPTED');
  });

  it('is followed back when it is set right', async () => {
    let skewMs = 600_000;
    const { url } = await peer(strict);
    const { submit } = await provider(url, { clock: { ...systemClock, now: () => Date.now() + skewMs } });
    await submit();
    expect(outcomeOf(await submit())).toBe('ACCEPTED');
    skewMs = 0;
    expect(outcomeOf(await submit())).toBe('NOT_ACCEPTED, again');
    expect(outcomeOf(await submit())).toBe('ACCEPTED');
  });

  it('is not blamed for a 401 while it is right', async () => {
    const { url, seen } = await peer(answer(401, { error: { errorCode: '200', message: 'Authentication Failed' } }));
    const { submit } = await provider(url);
    expect(outcomeOf(await submit())).toBe('NOT_ACCEPTED');
    expect(outcomeOf(await submit())).toBe('NOT_ACCEPTED');
    expect(seen).toHaveLength(2);
  });

  it('is told to the operator once', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
    const { url } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url, { log, clock: { ...systemClock, now: () => Date.now() + 90_000 } });
    await submit();
    await submit();
    expect(warnings).toEqual(['The clock differs from the provider by more than a minute.']);
  });

  it('cannot be learnt from a Date that is none', async () => {
    const { url } = await peer(answer(401, '', { date: 'yesterday' }));
    const { submit } = await provider(url);
    expect(outcomeOf(await submit())).toBe('NOT_ACCEPTED');
  });
});
