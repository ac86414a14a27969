/** An attempt whose answer was lost, looked for by time, numbers and content. */
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import type { IsKnownReference, LookUpResult, Submission } from '../../../src/core/provider.ts';
import { answer, cut, MESSAGES, peer, provider, type Reply, ROOT, routes, TEXT } from './account.ts';

const startedAt = Date.parse('2026-03-02T12:04:05.500+09:00');
const clockAt = (now: number): Clock => ({ ...systemClock, now: () => now });
/** Long after it began. */
const later = clockAt(startedAt + 90_000);
const nobody: IsKnownReference = async () => false;
const PENDING: LookUpResult = { state: 'PENDING', taken: false };

interface Row extends Record<string, unknown> {
  readonly messageId: string;
}
const row = (part: Record<string, unknown> = {}): Row => ({
  requestId: 'req-1',
  messageId: 'msg-1',
  requestTime: '2026-03-02T12:04:06.123',
  type: 'SMS',
  contentType: 'COMM',
  countryCode: '82',
  from: TEXT.from,
  to: TEXT.to,
  content: TEXT.text,
  subject: '',
  status: 'COMPLETED',
  statusCode: '0',
  statusName: 'success',
  ...part,
});
const twin = (part: Record<string, unknown> = {}) => row({ requestId: 'req-2', messageId: 'msg-2', ...part });

/** Answers as SENS shows these messages: the texts only in a get. */
const showing = (...rows: Row[]): Reply =>
  routes({
    'GET /messages?': answer(200, {
      statusCode: '202',
      statusName: 'success',
      messages: rows.map(({ content: _c, subject: _s, ...listed }) => listed),
      hasMore: false,
    }),
    'GET /messages/': (response, request, body) => {
      const found = rows.find(({ messageId }) => request.url === `${MESSAGES}/${messageId}`);
      answer(found ? 200 : 404, { statusCode: '200', messages: [found] })(response, request, body);
    },
  });

async function reconcile(
  reply: Reply,
  options: { submission?: Submission; isKnown?: IsKnownReference; clock?: Clock } = {},
) {
  const { url, seen } = await peer((response, request, body) => {
    // Its clock is the one of the case, and not this machine's.
    response.setHeader('date', new Date((options.clock ?? later).now()).toUTCString());
    return reply(response, request, body);
  });
  const { made } = await provider(url, { clock: options.clock ?? later });
  const ask = () => made.lookUp?.(options.submission ?? TEXT, { startedAt }, options.isKnown ?? nobody);
  return { result: await ask(), ask, targets: () => seen.map(({ method, target }) => `${method} ${target}`) };
}

describe('an attempt whose answer was lost', () => {
  it('is found by its time, numbers and content', async () => {
    const { result, targets } = await reconcile(showing(row()));
    expect(result).toEqual({ state: 'DELIVERED', reference: 'req-1' });
    expect(targets()).toEqual([
      `GET ${MESSAGES}?requestStartTime=2026-03-02%2012%3A04%3A00&requestEndTime=2026-03-02%2012%3A05%3A05` +
        `&from=${TEXT.from}&to=${TEXT.to}&pageSize=100`,
      `GET ${MESSAGES}/msg-1`,
    ]);
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['under way', { status: 'PROCESSING' }, { state: 'PENDING', taken: true, reference: 'req-1' }],
    ['reserved', { status: 'READY' }, { state: 'PENDING', taken: true, reference: 'req-1' }],
    [
      'failed',
      { statusCode: '3001', statusName: 'fail' },
      { state: 'FAILED', fault: expect.objectContaining({ code: '3001' }), reference: 'req-1' },
    ],
  ])('is found %s', async (_, part, expected) => {
    expect((await reconcile(showing(row(part)))).result).toEqual(expected);
  });

  it.each<[string, Row[]]>([
    ['nothing is listed', []],
    ['the content is another', [row({ content: '다른 글' })]],
    ['the content is not shown', [row({ content: undefined })]],
    ['the type is another', [row({ type: 'LMS' })]],
    ['the contentType is another', [row({ contentType: 'AD' })]],
    ['there is a subject', [row({ subject: '제목' })]],
    ['the recipient is another', [row({ to: '01099998888' })]],
    ['the caller number is another', [row({ from: '0212345678' })]],
    ['the country is another', [row({ countryCode: '81' })]],
    ['it was taken before', [row({ requestTime: '2026-03-02T12:03:58.000' })]],
    ['it was taken long after', [row({ requestTime: '2026-03-02T12:05:08.000' })]],
    ['the row has no requestId', [row({ requestId: undefined })]],
  ])('is pending where %s', async (_, rows) => {
    expect((await reconcile(showing(...rows))).result).toEqual(PENDING);
  });

  it('is told from other texts to the same handset', async () => {
    const rows = [twin({ content: '다른 글' }), row(), twin({ requestId: 'req-3', messageId: 'msg-3', type: 'LMS' })];
    expect((await reconcile(showing(...rows))).result).toEqual({ state: 'DELIVERED', reference: 'req-1' });
  });

  it('cannot be told from a twin: neither is taken for it', async () => {
    expect((await reconcile(showing(row(), twin()))).result).toEqual(PENDING);
  });

  it('is what remains where the twin is known', async () => {
    const asked: string[] = [];
    const isKnown: IsKnownReference = async (reference) => {
      asked.push(reference);
      return reference === 'req-2';
    };
    const { result, targets } = await reconcile(showing(twin(), row()), { isKnown });
    expect(result).toEqual({ state: 'DELIVERED', reference: 'req-1' });
    expect(asked).toEqual(['req-2', 'req-1']);
    expect(targets()).not.toContain(`GET ${MESSAGES}/msg-2`);
  });

  it('is pending where everything that shows is known', async () => {
    const { result, targets } = await reconcile(showing(row()), { isKnown: async () => true });
    expect(result).toEqual(PENDING);
    expect(targets()).toHaveLength(1);
  });

  it('is pending while a twin that was sent at the same time could still wait for its own answer', async () => {
    let now = startedAt + 2_000;
    const clock: Clock = { ...systemClock, now: () => now };
    const { result, ask } = await reconcile(showing(row()), { clock });
    expect(result).toEqual(PENDING);
    now = startedAt + 20_000;
    expect(await ask()).toEqual({ state: 'DELIVERED', reference: 'req-1' });
  });

  it('waits for the whole window where the provider does not say when it took it', async () => {
    let now = startedAt + 60_000;
    const clock: Clock = { ...systemClock, now: () => now };
    const { result, ask } = await reconcile(showing(row({ requestTime: undefined })), { clock });
    expect(result).toEqual(PENDING);
    now = startedAt + 80_000;
    expect(await ask()).toEqual({ state: 'DELIVERED', reference: 'req-1' });
  });

  it.each<[string, Record<string, Reply>]>([
    ['404', { 'GET /messages?': answer(404, '') }],
    ['429', { 'GET /messages?': answer(429, '') }],
    ['500', { 'GET /messages?': answer(500, '') }],
    ['HTML', { 'GET /messages?': answer(200, '<html></html>') }],
    ['a cut', { 'GET /messages?': cut }],
    ['a row that cannot be read', { 'GET /messages?': answer(200, { messages: [{ ...row(), messageId: 7 }, row()] }) }],
    ['more, and no way there', { 'GET /messages?': answer(200, { messages: [row()], hasMore: true }) }],
  ])('is pending where the list answers %s', async (_, table) => {
    const { result } = await reconcile(routes({ ...table, 'GET /messages/': answer(200, { messages: [row()] }) }));
    expect(result).toEqual(PENDING);
  });

  it.each<[string, Reply]>([
    ['404', answer(404, '')],
    ['429', answer(429, '')],
    ['a cut', cut],
    ['another message', answer(200, { messages: [twin()] })],
  ])('is pending where one of the candidates answers %s: that could be the second match', async (_, reply) => {
    const { result } = await reconcile((response, request, body) =>
      (request.url?.endsWith('/msg-2') ? reply : showing(row(), twin()))(response, request, body),
    );
    expect(result).toEqual(PENDING);
  });

  it('is looked for on every page', async () => {
    const pages: Record<string, unknown> = {
      '': { messages: [twin({ content: '다른 글' })], hasMore: true, nextToken: 'p 2' },
      'p 2': { messages: [row()], hasMore: false, nextToken: null },
    };
    const { result, targets } = await reconcile((response, request, body) => {
      const url = new URL(request.url ?? '', 'http://sens');
      if (url.search === '') return showing(row(), twin({ content: '다른 글' }))(response, request, body);
      return answer(200, pages[url.searchParams.get('nextToken') ?? ''])(response, request, body);
    });
    expect(result).toEqual({ state: 'DELIVERED', reference: 'req-1' });
    expect(targets()[1]).toBe(`${targets()[0]}&nextToken=p%202`);
  });

  it('is pending where a later page is lost', async () => {
    const { result } = await reconcile((response, request, body) => {
      if (request.url?.includes('nextToken')) return cut(response, request, body);
      if (!request.url?.includes('?')) return showing(row())(response, request, body);
      return answer(200, { messages: [row()], hasMore: true, nextToken: 'p2' })(response, request, body);
    });
    expect(result).toEqual(PENDING);
  });

  it('is pending, and not asked for forever, where the pages go in circles', async () => {
    const circle = answer(200, { messages: [row()], hasMore: true, nextToken: 'again' });
    const { result, targets } = await reconcile(circle);
    expect(result).toEqual(PENDING);
    expect(targets()).toHaveLength(2);
  });

  it('is pending where so many could be it that they are not worth a call each', async () => {
    const many = Array.from({ length: 21 }, (_, index) =>
      row({ messageId: `msg-${index}`, requestId: `req-${index}` }),
    );
    const { result, targets } = await reconcile(showing(...many));
    expect(result).toEqual(PENDING);
    expect(targets()).toHaveLength(1);
  });

  it('is matched by the subject too where it has one', async () => {
    const submission: Submission = { ...TEXT, kind: 'LMS', subject: '제목' };
    const rows = [row({ type: 'LMS', subject: '다른 제목' }), twin({ type: 'LMS', subject: '제목' })];
    const { result } = await reconcile(showing(...rows), { submission });
    expect(result).toEqual({ state: 'DELIVERED', reference: 'req-2' });
  });

  it('is found whatever line ends and composition the provider shows', async () => {
    const shown = TEXT.text.replaceAll('\n', '\r\n').normalize('NFD');
    expect(shown).not.toBe(TEXT.text);
    expect((await reconcile(showing(row({ content: shown })))).result).toMatchObject({ reference: 'req-1' });
  });

  it.each(['2133734253', '12133734253'])('is found abroad where the list shows %s', async (to) => {
    const submission: Submission = { ...TEXT, to: '+12133734253' };
    const { result, targets } = await reconcile(showing(row({ to, countryCode: '1' })), { submission });
    expect(result).toMatchObject({ state: 'DELIVERED' });
    expect(targets()[0]).toContain('&to=2133734253&');
  });

  it.each([
    [180_000, '12:07:06'],
    [-180_000, '12:01:06'],
  ])('is looked for by the provider’s clock, %i ms off, once that is known', async (skewMs, time) => {
    const shown = row({ requestTime: `2026-03-02T${time}.123` });
    const { url } = await peer((response, request, body) => {
      response.setHeader('date', new Date(later.now() + skewMs).toUTCString());
      const { searchParams } = new URL(request.url ?? '', 'http://sens');
      const [start = '', end = ''] = ['requestStartTime', 'requestEndTime'].map((name) => searchParams.get(name) ?? '');
      const isInWindow = start <= `2026-03-02 ${time}` && `2026-03-02 ${time}` <= end;
      return showing(...(isInWindow || searchParams.size === 0 ? [shown] : []))(response, request, body);
    });
    const { made } = await provider(url, { clock: later });
    const ask = () => made.lookUp?.(TEXT, { startedAt }, nobody);
    expect(await ask()).toEqual(PENDING);
    expect(await ask()).toEqual({ state: 'DELIVERED', reference: 'req-1' });
  });

  it('is never sent again by any of this', async () => {
    const { targets } = await reconcile(showing(row(), twin()));
    expect(targets().every((target) => target.startsWith(`GET ${ROOT}`))).toBe(true);
  });
});
