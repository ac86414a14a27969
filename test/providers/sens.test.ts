import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { LookUpResult, Submission, SubmitResult } from '../../src/core/provider.ts';
import { createSensProvider, type SensProviderOptions, signSens } from '../../src/providers/sens.ts';
import { createSensSimulator } from '../../src/simulators/sens/simulator.ts';
import vectors from '../contract/vectors.json' with { type: 'json' };
import { until } from '../support/until.ts';

const SERVICE = 'ncp:sms:kr:1:svc';
const MESSAGES = `/sms/v2/services/${SERVICE}/messages`;
const TEXT: Submission = {
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01022345678',
  from: '15880000',
  text: '안녕하세요\n값 ￦100',
};
const TAKEN = { requestId: 'req-1', requestTime: '2026-03-02T12:04:05.678', statusCode: '202', statusName: 'success' };

type HttpLimits = NonNullable<SensProviderOptions['http']>;

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

type Reply = (response: http.ServerResponse, request: http.IncomingMessage, body: string) => unknown;
interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A peer that answers as it is told and keeps what it got. */
async function peer(reply: Reply): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ method: String(request.method), target: String(request.url), headers: request.headers, body });
    await reply(response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const answer =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

async function provider(baseUrl: string, options: Partial<SensProviderOptions> = {}) {
  const made = createSensProvider({
    account: 'default',
    baseUrl,
    serviceId: SERVICE,
    accessKey: 'AK',
    secretKey: 'SK',
    simulated: true,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  await made.start({ receive: async () => {} });
  releases.push(() => made.stop());
  const submit = (submission = TEXT): Promise<SubmitResult> => made.submit(submission, { startedAt: 0 });
  const lookUp = async (reference?: string): Promise<LookUpResult | undefined> =>
    made.lookUp?.(TEXT, { startedAt: 0, ...(reference === undefined ? {} : { reference }) });
  return { made, submit, lookUp };
}

function outcomeOf(result: SubmitResult): string {
  if (result.outcome === 'NOT_ACCEPTED') return result.retriable ? 'NOT_ACCEPTED, again' : 'NOT_ACCEPTED';
  return result.outcome;
}

describe('the signature', () => {
  it.each(vectors.sens)(
    'of $method $url is the golden one',
    ({ method, url, timestamp, accessKey, secretKey, signature }) => {
      expect(signSens({ method, target: url, timestamp }, { accessKey, secretKey })).toBe(signature);
    },
  );

  it('goes over the wire in the documented headers, with colons raw in the target', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const clock: Clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
    const { submit } = await provider(url, { clock });
    await submit();
    expect(seen).toMatchObject([
      {
        method: 'POST',
        target: vectors.sens[0]?.url,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-ncp-apigw-timestamp': '1700000000000',
          'x-ncp-iam-access-key': 'AK',
          'x-ncp-apigw-signature-v2': vectors.sens[0]?.signature,
        },
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain('"SK"');
  });

  it('of a look-up covers the query as it is sent', async () => {
    const { url, seen } = await peer(answer(404, ''));
    const clock: Clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
    const { lookUp } = await provider(url, { clock });
    await lookUp('abc');
    expect(seen[0]?.target).toBe(vectors.sens[1]?.url);
    expect(seen[0]?.headers['x-ncp-apigw-signature-v2']).toBe(vectors.sens[1]?.signature);
    await lookUp('a b/c&d=엄');
    const target = `${MESSAGES}?requestId=a%20b%2Fc%26d%3D%EC%97%84`;
    expect(seen[1]).toMatchObject({
      target,
      headers: {
        'x-ncp-apigw-signature-v2': createHmac('sha256', 'SK')
          .update(`GET ${target}\n1700000000000\nAK`)
          .digest('base64'),
      },
    });
  });
});

describe('a submission', () => {
  it('is one SMS to one recipient, and its reference is the requestId', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { made, submit } = await provider(url);
    expect(made.newReference()).toBeUndefined();
    expect(await submit()).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'SMS',
        contentType: 'COMM',
        countryCode: '82',
        from: '15880000',
        content: '안녕하세요\n값 ￦100',
        messages: [{ to: '01022345678' }],
      },
    ]);
  });

  it('of another kind never leaves', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url);
    expect(await submit({ ...TEXT, kind: 'MMS' })).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: false,
      fault: { code: 'KIND_NOT_CARRIED' },
    });
    expect(seen).toEqual([]);
  });

  const gateway = (errorCode: string) => ({ error: { errorCode, message: 'Says', details: 'why' } });
  const html = '<html><body><h1>Error</h1></body></html>';
  it.each<[number, unknown, string, string?]>([
    // Taken.
    [202, TAKEN, 'ACCEPTED'],
    [200, TAKEN, 'ACCEPTED'],
    [202, { ...TAKEN, statusCode: '200' }, 'ACCEPTED'],
    [202, { ...TAKEN, statusCode: 202 }, 'ACCEPTED'],
    [202, { ...TAKEN, more: { nested: [1] } }, 'ACCEPTED'],
    [202, `\uFEFF${JSON.stringify(TAKEN)}`, 'ACCEPTED'],
    // The status says yes, the body does not bear it out.
    [202, '', 'UNKNOWN', 'HTTP_202'],
    [202, html, 'UNKNOWN', 'HTTP_202'],
    [202, '{"requestId":"req-1","statusCo', 'UNKNOWN', 'HTTP_202'],
    [202, 'null', 'UNKNOWN', 'HTTP_202'],
    [202, '[]', 'UNKNOWN', 'HTTP_202'],
    [202, '"ok"', 'UNKNOWN', 'HTTP_202'],
    [202, {}, 'UNKNOWN', 'HTTP_202'],
    [202, { ...TAKEN, requestId: undefined }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: '' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: 7 }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: 'x'.repeat(257) }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: '\ud800' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusName: 'fail' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusName: undefined }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusCode: '500' }, 'UNKNOWN', '500'],
    [200, { statusCode: '200', statusName: 'success' }, 'UNKNOWN', '200'],
    [200, html, 'UNKNOWN', 'HTTP_200'],
    [200, gateway('200'), 'UNKNOWN', '200'],
    [201, TAKEN, 'UNKNOWN', '202'],
    [204, '', 'UNKNOWN', 'HTTP_204'],
    // Documented refusals, in every shape.
    [400, gateway('100'), 'NOT_ACCEPTED', '100'],
    [400, { status: '400', errorMessage: 'Says why' }, 'NOT_ACCEPTED', '400'],
    [400, { errors: [{ status: 400, message: 'Says why' }] }, 'NOT_ACCEPTED', '400'],
    [400, { message: 'Says why' }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: 'Says why' }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, 'Says why', 'NOT_ACCEPTED', 'HTTP_400'],
    [400, html, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, '', 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: { errorCode: {}, message: [] }, errors: 'none', message: 5 }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: null, errors: [], code: 'E1' }, 'NOT_ACCEPTED', 'E1'],
    [401, gateway('200'), 'NOT_ACCEPTED', '200'],
    [401, gateway('210'), 'NOT_ACCEPTED', '210'],
    [403, { status: '403', errorMessage: 'Says why' }, 'NOT_ACCEPTED', '403'],
    [404, gateway('300'), 'NOT_ACCEPTED', '300'],
    [413, gateway('430'), 'NOT_ACCEPTED', '430'],
    [429, gateway('400'), 'NOT_ACCEPTED, again', '400'],
    [429, gateway('410'), 'NOT_ACCEPTED, again', '410'],
    [429, gateway('420'), 'NOT_ACCEPTED, again', '420'],
    [429, html, 'NOT_ACCEPTED, again', 'HTTP_429'],
    // A refusal around the body of a yes contradicts itself.
    [400, TAKEN, 'UNKNOWN', '202'],
    [429, TAKEN, 'UNKNOWN', '202'],
    // Nothing says that it was not taken.
    [500, gateway('900'), 'UNKNOWN', '900'],
    [500, { status: '500', errorMessage: 'Says why' }, 'UNKNOWN', '500'],
    [500, '', 'UNKNOWN', 'HTTP_500'],
    [500, TAKEN, 'UNKNOWN', '202'],
    [502, html, 'UNKNOWN', 'HTTP_502'],
    [503, gateway('500'), 'UNKNOWN', '500'],
    [504, gateway('510'), 'UNKNOWN', '510'],
    [301, '', 'UNKNOWN', 'HTTP_301'],
    [307, '', 'UNKNOWN', 'HTTP_307'],
    [408, '', 'UNKNOWN', 'HTTP_408'],
    [409, { message: 'Says why' }, 'UNKNOWN', 'HTTP_409'],
    [422, '', 'UNKNOWN', 'HTTP_422'],
    [599, '', 'UNKNOWN', 'HTTP_599'],
  ])('answered with %i %j is %s', async (status, body, outcome, code) => {
    const { url, seen } = await peer(answer(status, body, { location: '/elsewhere' }));
    const { submit } = await provider(url);
    const result = await submit();
    expect(outcomeOf(result)).toBe(outcome);
    if (result.outcome === 'ACCEPTED') expect(result.reference).toBe('req-1');
    else expect(result.fault).toMatchObject({ provider: 'SENS', code, httpStatus: status, at: expect.any(Number) });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      { error: { errorCode: '200', message: 'Authentication Failed', details: 'Invalid key' } },
      'Authentication Failed Invalid key',
    ],
    [{ error: { errorCode: '200', message: 'Same', details: 'Same' } }, 'Same'],
    [{ error: { details: 'Only details' } }, 'Only details'],
    [{ status: '403', errorMessage: 'No channel' }, 'No channel'],
    [{ errors: [{ message: 'First' }, { message: 'Second' }] }, 'First'],
    ['  Plain words\n', 'Plain words'],
    [html, html],
    ['x'.repeat(10_000), 'x'.repeat(500)],
    ['', undefined],
  ])('keeps the provider’s own words of %j, bounded', async (body, text) => {
    const { url } = await peer(answer(403, body));
    const { submit } = await provider(url);
    const result = await submit();
    expect('fault' in result && result.fault.text).toBe(text);
  });

  it('bounds the code as well', async () => {
    const { url } = await peer(answer(403, { code: 'c'.repeat(1_000) }));
    const { submit } = await provider(url);
    expect(await submit()).toMatchObject({ fault: { code: 'c'.repeat(64) } });
  });
});

describe('a submission without a whole answer', () => {
  it('was refused the connection: not taken, and may be tried again', async () => {
    const { url } = await peer(() => {});
    await releases.pop()?.();
    const { submit } = await provider(url);
    expect(await submit()).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: true,
      fault: { provider: 'SENS', code: 'ECONNREFUSED' },
    });
  });

  const cases: [string, HttpLimits, Reply, unknown][] = [
    [
      'executed, then cut',
      {},
      (response) => response.destroy(),
      expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/),
    ],
    ['no headers in time', { headersTimeoutMs: 50 }, () => {}, 'UND_ERR_HEADERS_TIMEOUT'],
    [
      'half a body, then cut',
      {},
      (response) => {
        response.writeHead(202, { 'content-length': '200' }).write('{"requestId":"req-1"');
        setImmediate(() => response.destroy());
      },
      expect.any(String),
    ],
    [
      'a body that drips',
      { totalTimeoutMs: 200 },
      async (response) => {
        while (!response.destroyed) {
          response.write(' ');
          await delay(20);
        }
      },
      'TOTAL_TIMEOUT',
    ],
    [
      'a huge body',
      { maxResponseBytes: 65_536 },
      (response) => response.writeHead(202).end(JSON.stringify({ ...TAKEN, padding: 'x'.repeat(1_000_000) })),
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    ],
    ...(
      [
        ['gzip', zlib.gzipSync],
        ['br', zlib.brotliCompressSync],
        ['deflate', zlib.deflateSync],
      ] as const
    ).map(([encoding, compress]): [string, HttpLimits, Reply, unknown] => [
      `a body in ${encoding}`,
      {},
      (response) => response.writeHead(202, { 'content-encoding': encoding }).end(compress(JSON.stringify(TAKEN))),
      'CONTENT_ENCODING',
    ]),
  ];
  it.each(cases)('(%s) is UNKNOWN, and was sent once', async (_, limits, reply, code) => {
    const { url, seen } = await peer(reply);
    const { submit, made } = await provider(url, { http: limits });
    expect(await submit()).toMatchObject({ outcome: 'UNKNOWN', fault: { provider: 'SENS', code } });
    expect(seen).toHaveLength(1);
    expect(made.health()).toMatchObject({ healthy: false, lastFault: { code } });
  });

  it('reads the same huge body where the limit allows it: the control', async () => {
    const { url } = await peer(answer(202, { ...TAKEN, padding: 'x'.repeat(1_000_000) }));
    const { submit } = await provider(url);
    expect(await submit()).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
  });

  it('is taken for ACCEPTED in 500 runs of execute-then-cut only where the peer answered, and never sent again', async () => {
    const times = new Map<string, number>();
    const { url } = await peer((response, _, body) => {
      const { content } = JSON.parse(body);
      times.set(content, (times.get(content) ?? 0) + 1);
      if (times.size % 2 === 0) response.writeHead(202).end(JSON.stringify({ ...TAKEN, requestId: content }));
      else response.destroy();
    });
    const { submit } = await provider(url);
    for (let run = 0; run < 500; run += 1) {
      const result = await submit({ ...TEXT, text: `run-${run}` });
      const expected = run % 2 === 1 ? { outcome: 'ACCEPTED', reference: `run-${run}` } : { outcome: 'UNKNOWN' };
      expect(result).toMatchObject(expected);
    }
    expect(times.size).toBe(500);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
  });
});

describe('a look-up', () => {
  const row = { requestId: 'req-1', messageId: 'msg-1', to: TEXT.to, from: TEXT.from, status: 'COMPLETED' };
  const done = {
    ...row,
    statusCode: '0',
    statusName: 'success',
    completeTime: '2026-03-02T12:04:06.000',
    telcoCode: 'SKT',
  };
  const list = (...messages: unknown[]) => ({ requestId: 'req-1', statusCode: '202', statusName: 'success', messages });
  const get = (message: unknown) => ({ statusCode: '200', statusName: 'success', messages: [message] });
  const pending = (taken: boolean) => ({ state: 'PENDING', taken });

  /** Answers a list with the first body and a get with the second. */
  const lookingUp =
    (listed: Reply, got: Reply): Reply =>
    (response, request, body) =>
      (request.url?.includes('?') ? listed : got)(response, request, body);

  it('asks for the list of the requestId, then for the message', async () => {
    const { url, seen } = await peer(lookingUp(answer(200, list(done)), answer(200, get(done))));
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual({ state: 'DELIVERED' });
    expect(seen.map(({ method, target }) => `${method} ${target}`)).toEqual([
      `GET ${MESSAGES}?requestId=req-1`,
      `GET ${MESSAGES}/msg-1`,
    ]);
  });

  it('does not ask for the message while the list shows it under way', async () => {
    const { url, seen } = await peer(answer(200, list({ ...row, status: 'PROCESSING' })));
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual(pending(true));
    expect(seen).toHaveLength(1);
  });

  it('without a requestId asks nothing: another message to the same handset could answer', async () => {
    const { url, seen } = await peer(answer(200, list(done)));
    const { lookUp } = await provider(url);
    expect(await lookUp()).toEqual(pending(false));
    expect(seen).toEqual([]);
  });

  it.each<[string, Reply, unknown]>([
    ['READY', answer(200, list({ ...row, status: 'READY' })), pending(true)],
    ['PROCESSING', answer(200, list({ ...row, status: 'PROCESSING' })), pending(true)],
    ['a status of its own', answer(200, list({ ...row, status: 'RESERVED' })), pending(true)],
    ['no status', answer(200, list({ ...row, status: undefined })), pending(true)],
    ['an empty list', answer(200, list()), pending(false)],
    ['another request’s row', answer(200, list({ ...done, requestId: 'req-2' })), pending(false)],
    ['another recipient’s row', answer(200, list({ ...done, to: '01099998888' })), pending(false)],
    ['a row without id', answer(200, list({ ...done, messageId: undefined })), pending(false)],
    ['no list', answer(200, { statusCode: '202' }), pending(false)],
    ['HTML', answer(200, html()), pending(false)],
    ['nothing', answer(200, ''), pending(false)],
    ['404', answer(404, { status: '404', errorMessage: 'not found' }), pending(false)],
    ['401', answer(401, ''), pending(false)],
    ['429', answer(429, ''), pending(false)],
    ['500', answer(500, ''), pending(false)],
    ['a cut', (response) => response.destroy(), pending(false)],
  ])('whose list answers %s is pending', async (_, listed, expected) => {
    const { url } = await peer(lookingUp(listed, answer(200, get(done))));
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual(expected);
  });

  const failed = (code: string, text?: string) => ({
    state: 'FAILED',
    fault: { provider: 'SENS', code, at: expect.any(Number), ...(text === undefined ? {} : { text }) },
  });
  it.each<[string, Reply, unknown]>([
    ['code "0"', answer(200, get(done)), { state: 'DELIVERED' }],
    ['code 0 as a number', answer(200, get({ ...done, statusCode: 0 })), { state: 'DELIVERED' }],
    ['code "0" without a name', answer(200, get({ ...done, statusName: undefined })), { state: 'DELIVERED' }],
    ['success without a code', answer(200, get({ ...done, statusCode: null })), { state: 'DELIVERED' }],
    [
      'a carrier’s code',
      answer(200, get({ ...done, statusCode: '3001', statusName: 'fail', statusMessage: 'no subscriber' })),
      failed('3001', 'no subscriber'),
    ],
    ['a code as a number', answer(200, get({ ...done, statusCode: 3012, statusName: 'fail' })), failed('3012')],
    ['a code without a name', answer(200, get({ ...done, statusCode: '2000', statusName: undefined })), failed('2000')],
    ['fail without a code', answer(200, get({ ...done, statusCode: undefined, statusName: 'fail' })), failed('fail')],
    ['code "0" and fail', answer(200, get({ ...done, statusName: 'fail' })), pending(true)],
    ['a code and success', answer(200, get({ ...done, statusCode: '3001' })), pending(true)],
    ['neither code nor name', answer(200, get(row)), pending(true)],
    ['PROCESSING again', answer(200, get({ ...row, status: 'PROCESSING' })), pending(true)],
    ['another message', answer(200, get({ ...done, messageId: 'msg-2' })), pending(true)],
    ['HTML', answer(200, html()), pending(true)],
    ['404', answer(404, ''), pending(true)],
    ['a cut', (response) => response.destroy(), pending(true)],
  ])('whose message answers %s', async (_, got, expected) => {
    const { url } = await peer(lookingUp(answer(200, list(done)), got));
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual(expected);
  });
});

function html(): string {
  return '<html></html>';
}

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

describe('SENS and its simulator', () => {
  it.each([
    ['01022345678', { state: 'DELIVERED' }],
    ['01099990001', { state: 'FAILED', fault: { provider: 'SENS', code: '3001' } }],
  ])('agree on a text to %s from its signature to its result', async (to, expected) => {
    const simulator = createSensSimulator({
      serviceId: SERVICE,
      accessKey: 'AK',
      secretKey: 'SK',
      registeredNumbers: ['15880000'],
      deliverAfterMs: 0,
    });
    releases.push(() => simulator.stop());
    const { url } = await simulator.start();
    const { made, submit } = await provider(url);
    const submission = { ...TEXT, to };
    const result = await submit(submission);
    if (result.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(result));
    const attempt = { startedAt: 0, reference: result.reference };
    let standing: LookUpResult | undefined;
    await until(async () => {
      standing = await made.lookUp?.(submission, attempt);
      return standing?.state !== 'PENDING';
    });
    expect(standing).toMatchObject(expected);
    expect(simulator.ledger.entries()[0]?.fields).toMatchObject({ to, from: '15880000', content: TEXT.text });
  });
});
