import { describe, expect, it } from 'vitest';
import { answer, cut, MESSAGES, peer, provider, type Reply, TEXT } from './account.ts';

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

  it('finds its recipient on a later page', async () => {
    const others = Array.from({ length: 20 }, (_, index) => ({
      ...done,
      messageId: `m-${index}`,
      to: `0109999${1000 + index}`,
    }));
    const { url, seen } = await peer((response, request, body) => {
      const { searchParams, search } = new URL(request.url ?? '', 'http://sens');
      if (search === '') return answer(200, get(done))(response, request, body);
      const first = { ...list(...others), hasMore: true, nextToken: 'page/2' };
      const last = { ...list(done), hasMore: false };
      return answer(200, searchParams.get('nextToken') === 'page/2' ? last : first)(response, request, body);
    });
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual({ state: 'DELIVERED' });
    expect(seen.map(({ target }) => target)).toEqual([
      `${MESSAGES}?requestId=req-1`,
      `${MESSAGES}?requestId=req-1&nextToken=page%2F2`,
      `${MESSAGES}/msg-1`,
    ]);
  });

  it('of several recipients of one call at once asks for their list once', async () => {
    const members = ['01022345678', '01022345679', '01022345680'];
    const rows = members.map((to, index) => ({ ...done, messageId: `msg-${index}`, to, statusCode: String(index) }));
    const { url, seen } = await peer((response, request, body) => {
      const found = rows.find(({ messageId }) => request.url?.endsWith(messageId));
      return answer(200, found === undefined ? list(...rows) : get({ ...found, statusName: undefined }))(
        response,
        request,
        body,
      );
    });
    const { made } = await provider(url);
    const results = await Promise.all(
      members.map((to) => made.lookUp?.({ ...TEXT, to }, { startedAt: 0, reference: 'req-1' })),
    );
    expect(results).toEqual([{ state: 'DELIVERED' }, failed('1'), failed('2')]);
    expect(seen.filter(({ target }) => target.includes('?'))).toHaveLength(1);
  });

  it('takes a row without a recipient for its own only where it is the one row', async () => {
    const anonymous = { ...done, to: undefined };
    const alone = await provider(
      (await peer(lookingUp(answer(200, list(anonymous)), answer(200, get(anonymous))))).url,
    );
    expect(await alone.lookUp('req-1')).toEqual({ state: 'DELIVERED' });
    const other = { ...done, messageId: 'msg-2', to: '01099998888' };
    const beside = await provider((await peer(lookingUp(answer(200, list(anonymous, other)), cut))).url);
    expect(await beside.lookUp('req-1')).toEqual(pending(false));
  });

  it('sees its row beside one that cannot be read', async () => {
    const { url } = await peer(lookingUp(answer(200, list({ messageId: 7 }, done)), answer(200, get(done))));
    const { lookUp } = await provider(url);
    expect(await lookUp('req-1')).toEqual({ state: 'DELIVERED' });
  });
});

function html(): string {
  return '<html></html>';
}
