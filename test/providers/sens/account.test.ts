import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { createSensProvider } from '../../../src/providers/sens/provider.ts';
import { until } from '../../support/until.ts';
import { answer, outcomeOf, peer, provider, type Reply, SERVICE, TAKEN, TEXT } from './account.ts';

describe('an account', () => {
  it('has as many vacancies as it may still send at once', async () => {
    const held: http.ServerResponse[] = [];
    const { url } = await peer((response) => held.push(response));
    const { made, submit } = await provider(url, { maxInFlight: 3 });
    const seenVacancies: number[] = [];
    made.onChange(() => seenVacancies.push(made.vacancies()));
    expect(made.vacancies()).toBe(3);
    const results = [submit(), submit(), submit(), submit()];
    expect(made.vacancies()).toBe(0);
    await until(() => held.length === 4);
    for (const response of held) response.writeHead(202).end(JSON.stringify(TAKEN));
    await Promise.all(results);
    expect(made.vacancies()).toBe(3);
    expect(seenVacancies).toEqual([0, 1, 2, 3]);
  });

  it('takes 16 at once unless it is told otherwise', async () => {
    const { url } = await peer(() => {});
    expect((await provider(url)).made.vacancies()).toBe(16);
  });

  it('takes nothing before its start', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { made } = await provider(url);
    const idle = createSensProvider({
      account: 'idle',
      baseUrl: url,
      serviceId: SERVICE,
      accessKey: 'AK',
      secretKey: 'SK',
      simulated: false,
      clock: systemClock,
      log: silentLog,
    });
    expect(idle.vacancies()).toBe(0);
    expect(idle.health()).toMatchObject({ account: 'idle', healthy: false, simulated: false, configured: true });
    expect(await idle.submit(TEXT, { startedAt: 0 })).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true });
    await idle.stop();
    expect(made.submitTimeoutMs).toBeGreaterThanOrEqual(10_000);
    expect(seen).toEqual([]);
  });

  it.each<[string, Reply]>([
    ['a 429', answer(429, '')],
    ['a 429 that names the seconds', answer(429, '', { 'retry-after': '0' })],
  ])('holds off after %s, then takes again', async (_, tooMany) => {
    let isFirst = true;
    const { url } = await peer((...exchange) => {
      const reply = isFirst ? tooMany : answer(202, TAKEN);
      isFirst = false;
      return reply(...exchange);
    });
    const { made, submit } = await provider(url, { holdOffMs: 20 });
    const vacanciesAgain = new Promise<void>((resolve) => {
      made.onChange(() => made.vacancies() > 0 && resolve());
    });
    await submit();
    expect(made.vacancies()).toBe(0);
    expect(made.health()).toMatchObject({ healthy: true, detail: 'Held off: too many requests, or no connection.' });
    await vacanciesAgain;
    expect(made.vacancies()).toBe(16);
    expect(outcomeOf(await submit())).toBe('ACCEPTED');
  });

  it('waits as long as Retry-After says', async () => {
    const told = await provider((await peer(answer(429, '', { 'retry-after': '60' }))).url, { holdOffMs: 1 });
    const untold = await provider((await peer(answer(429, ''))).url, { holdOffMs: 1 });
    await told.submit();
    await untold.submit();
    await until(() => untold.made.vacancies() > 0);
    expect(told.made.vacancies()).toBe(0);
  });

  it('holds off once for a burst that was refused together: nothing of it cuts a later hold-off short', async () => {
    const held: http.ServerResponse[] = [];
    const refuseAll = (headers: http.OutgoingHttpHeaders) => {
      for (const response of held.splice(0)) response.writeHead(429, headers).end();
    };
    const burst = await provider((await peer((response) => held.push(response))).url, { holdOffMs: 10 });
    const single = await provider((await peer(answer(429, ''))).url, { holdOffMs: 500 });
    const refused = Array.from({ length: 14 }, () => burst.submit());
    await until(() => held.length === 14);
    refuseAll({});
    await Promise.all(refused);
    await until(() => burst.made.vacancies() > 0);
    const last = burst.submit();
    await until(() => held.length === 1);
    refuseAll({ 'retry-after': '60' });
    await last;
    await single.submit();
    await until(() => single.made.vacancies() > 0);
    expect(burst.made.vacancies()).toBe(0);
  });

  it('is unhealthy while the line or the account fails, and says why', async () => {
    const replies: Reply[] = [answer(403, ''), answer(202, TAKEN), answer(500, ''), answer(400, ''), answer(404, '')];
    const { url } = await peer((...exchange) => replies.shift()?.(...exchange));
    const events: string[] = [];
    const log = {
      ...silentLog,
      warn: (event: string) => void events.push(event),
      info: (event: string) => void events.push(event),
    };
    const { made, submit } = await provider(url, { log });
    expect(made.health()).toEqual({
      provider: 'SENS',
      account: 'default',
      configured: true,
      healthy: true,
      simulated: true,
    });
    const health: unknown[] = [];
    while (replies.length > 0) {
      await submit();
      health.push(made.health().healthy);
    }
    expect(health).toEqual([false, true, false, true, false]);
    expect(made.health()).toMatchObject({ detail: 'The last call failed: HTTP 404.', lastFault: { code: 'HTTP_404' } });
    expect(events).toEqual([
      'The provider does not serve the account.',
      'The provider serves the account again.',
      'The provider does not serve the account.',
      'The provider serves the account again.',
      'The provider does not serve the account.',
    ]);
  });

  it('is not unhealthy for a look-up of what is not listed yet', async () => {
    const { url } = await peer(answer(404, ''));
    const { made, lookUp } = await provider(url);
    await lookUp('req-1');
    expect(made.health().healthy).toBe(true);
  });

  it('lets what is in flight finish before it stops, and takes nothing new', async () => {
    const held: http.ServerResponse[] = [];
    const { url, seen } = await peer((response) => held.push(response));
    const { made, submit, lookUp } = await provider(url);
    const inFlight = submit();
    await until(() => held.length === 1);
    const stopped = made.stop();
    expect(made.vacancies()).toBe(0);
    expect(await submit()).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true, fault: { code: 'STOPPED' } });
    expect(await lookUp('req-1')).toEqual({ state: 'PENDING', taken: false });
    held[0]?.writeHead(202).end(JSON.stringify(TAKEN));
    expect(await inFlight).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
    await stopped;
    expect(seen).toHaveLength(1);
  });

  it('stops also where the peer never answers', async () => {
    const { url, seen } = await peer(() => {});
    const { made, submit } = await provider(url, { http: { totalTimeoutMs: 100 } });
    const inFlight = submit();
    await until(() => seen.length === 1);
    await made.stop();
    expect((await inFlight).outcome).toBe('UNKNOWN');
  });

  it('logs neither text nor number nor key', async () => {
    const lines: string[] = [];
    const record = (event: string, fields?: object) => void lines.push(`${event} ${JSON.stringify(fields)}`);
    const log = { info: record, warn: record, error: record };
    const { url } = await peer(answer(500, { message: `${TEXT.text} ${TEXT.to}` }));
    const { submit, lookUp } = await provider(url, { log, secretKey: 'CANARY' });
    await submit();
    await lookUp('req-1');
    expect(lines).not.toEqual([]);
    expect(lines.join()).not.toMatch(/CANARY|01022345678|안녕하세요/);
  });
});
