import { createHash } from 'node:crypto';
import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Image, Submission } from '../../../src/core/provider.ts';
import { until } from '../../support/until.ts';
import { answer, cut, MESSAGES, outcomeOf, peer, provider, type Reply, ROOT, routes, TAKEN, TEXT } from './account.ts';

const DAY_MS = 86_400_000;
const image = (content: string, fileName = 'picture.jpg'): Image => ({
  fileName,
  type: 'JPG',
  bytes: new TextEncoder().encode(content),
});
const mms = (...images: Image[]): Submission => ({ ...TEXT, kind: 'MMS', images });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A peer that gives each upload an id of its own, and takes every message. */
async function fileServer(options: { file?: Reply; message?: Reply; expireTime?: string } = {}) {
  let uploads = 0;
  const upload: Reply = (response, request, body) => {
    uploads += 1;
    const file = { fileId: `file-${uploads}`, createTime: '2026-03-02T12:00:00.000', expireTime: options.expireTime };
    return (options.file ?? answer(200, file))(response, request, body);
  };
  const made = await peer(routes({ 'POST /files': upload, 'POST /messages': options.message ?? answer(202, TAKEN) }));
  const bodies = (target: string) =>
    made.seen.filter((each) => each.target === target).map(({ body }) => JSON.parse(body));
  return { ...made, files: () => bodies(`${ROOT}/files`), messages: () => bodies(MESSAGES) };
}

function handClock(at: number): Clock & { pass(ms: number): void } {
  let now = at;
  return {
    now: () => now,
    monotonicMs: () => now,
    pass(ms) {
      now += ms;
    },
  };
}

describe('the images of a MMS', () => {
  it('are uploaded, then named by the message in their order', async () => {
    const { url, seen, files, messages } = await fileServer();
    const { submit } = await provider(url);
    expect(await submit({ ...mms(image('one'), image('two')), subject: '사진' })).toEqual({
      outcome: 'ACCEPTED',
      reference: 'req-1',
    });
    expect(seen.at(-1)?.target).toBe(MESSAGES);
    expect(seen).toHaveLength(3);
    const ids = new Map(files().map(({ fileBody }, index) => [Buffer.from(fileBody, 'base64').toString(), index + 1]));
    expect([...ids.keys()].sort()).toEqual(['one', 'two']);
    expect(messages()).toEqual([
      {
        type: 'MMS',
        contentType: 'COMM',
        countryCode: '82',
        from: TEXT.from,
        subject: '사진',
        content: TEXT.text,
        messages: [{ to: TEXT.to }],
        files: [{ fileId: `file-${ids.get('one')}` }, { fileId: `file-${ids.get('two')}` }],
      },
    ]);
  });

  it('go as bare base64 of every byte, also out of the middle of a larger buffer', async () => {
    const { url, files } = await fileServer();
    const { submit } = await provider(url);
    const all = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
    await submit(mms({ fileName: 'a.jpg', type: 'JPG', bytes: all.subarray(100, 400) }));
    expect([...Buffer.from(files()[0].fileBody, 'base64')]).toEqual([...all.subarray(100, 400)]);
    expect(files()[0].fileBody).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
  });

  it('are named by their content, so that SENS cannot take one for another of the same name and size', async () => {
    const { url, files } = await fileServer();
    const { submit } = await provider(url);
    await submit(mms(image('cat', '고양이.JPEG'), image('dog', '고양이.JPEG')));
    const names = files().map(({ fileName }) => fileName);
    expect(names.sort()).toEqual(['cat', 'dog'].map((content) => `${sha256(content).slice(0, 32)}.jpg`).sort());
    expect(names.every((name) => name.length <= 40)).toBe(true);
  });

  it('are uploaded once for the same bytes, whatever they are called', async () => {
    const { url, files, messages } = await fileServer();
    const { submit } = await provider(url);
    await submit(mms(image('one')));
    await submit(mms(image('one', 'other.jpg'), image('two')));
    expect(files()).toHaveLength(2);
    expect(messages().map((each) => each.files)).toEqual([
      [{ fileId: 'file-1' }],
      [{ fileId: 'file-1' }, { fileId: 'file-2' }],
    ]);
  });

  it('are uploaded once for messages that come together', async () => {
    const held: http.ServerResponse[] = [];
    const { url, files, messages } = await fileServer({ file: (response) => held.push(response) });
    const { submit } = await provider(url);
    const results = [submit(mms(image('one'))), submit(mms(image('one')))];
    await until(() => held.length > 0);
    for (const response of held) response.end(JSON.stringify({ fileId: 'shared' }));
    expect((await Promise.all(results)).map(outcomeOf)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(files()).toHaveLength(1);
    expect(messages().map((each) => each.files)).toEqual([[{ fileId: 'shared' }], [{ fileId: 'shared' }]]);
  });

  const noon = Date.parse('2026-03-02T12:00:00+09:00');
  it.each<[string, string | undefined, number, number]>([
    ['for 5.5 days where no expireTime came', undefined, 5.5 * DAY_MS, 1],
    ['no longer than that', undefined, 5.5 * DAY_MS + 1, 2],
    ['until half a day before its expireTime', '2026-03-05T12:00:00.000', 2.5 * DAY_MS, 1],
    ['no nearer to it', '2026-03-05T12:00:00.000', 2.5 * DAY_MS + 1, 2],
    ['for 5.5 days where the expireTime is later', '2030-01-01T00:00:00.000', 5.5 * DAY_MS + 1, 2],
    ['for 5.5 days where the expireTime is no time', 'soon', 5.5 * DAY_MS, 1],
  ])('are used again %s', async (_, expireTime, passes, expected) => {
    const { url, files } = await fileServer({ ...(expireTime !== undefined && { expireTime }) });
    const clock = handClock(noon);
    const { submit } = await provider(url, { clock });
    await submit(mms(image('one')));
    clock.pass(passes);
    await submit(mms(image('one')));
    expect(files()).toHaveLength(expected);
  });

  it('are uploaded anew for a reservation that they would not live to see', async () => {
    const { url, files } = await fileServer();
    const clock = handClock(noon);
    const { submit } = await provider(url, { clock });
    await submit(mms(image('one')));
    clock.pass(2 * DAY_MS);
    await submit({ ...mms(image('one')), reserveAt: clock.now() + 3 * DAY_MS }, clock.now());
    expect(files()).toHaveLength(1);
    await submit({ ...mms(image('one')), reserveAt: clock.now() + 4 * DAY_MS }, clock.now());
    expect(files()).toHaveLength(2);
  });

  it.each<[string, Reply, string, string]>([
    ['400', answer(400, { error: { errorCode: '100', message: 'no' } }), 'NOT_ACCEPTED', '100'],
    ['401', answer(401, ''), 'NOT_ACCEPTED', 'HTTP_401'],
    ['403', answer(403, ''), 'NOT_ACCEPTED', 'HTTP_403'],
    ['404', answer(404, ''), 'NOT_ACCEPTED', 'HTTP_404'],
    ['409', answer(409, ''), 'NOT_ACCEPTED', 'HTTP_409'],
    ['413', answer(413, { error: { errorCode: '430' } }), 'NOT_ACCEPTED', '430'],
    ['302', answer(302, '', { location: '/' }), 'NOT_ACCEPTED', 'HTTP_302'],
    ['408', answer(408, ''), 'NOT_ACCEPTED, again', 'HTTP_408'],
    ['429', answer(429, ''), 'NOT_ACCEPTED, again', 'HTTP_429'],
    ['500', answer(500, ''), 'NOT_ACCEPTED, again', 'HTTP_500'],
    ['503', answer(503, { error: { errorCode: '500' } }), 'NOT_ACCEPTED, again', '500'],
    ['HTML', answer(200, '<html></html>'), 'NOT_ACCEPTED, again', 'HTTP_200'],
    ['no fileId', answer(200, {}), 'NOT_ACCEPTED, again', 'HTTP_200'],
    ['a fileId that is none', answer(200, { fileId: 'a b' }), 'NOT_ACCEPTED, again', 'HTTP_200'],
    ['a cut', cut, 'NOT_ACCEPTED, again', 'UND_ERR_SOCKET'],
  ])('that fail by %s mean that nothing was sent', async (_, file, outcome, code) => {
    const { url, messages } = await fileServer({ file });
    const { submit, made } = await provider(url);
    const result = await submit(mms(image('one')));
    expect(outcomeOf(result)).toBe(outcome);
    expect(result).toMatchObject({ fault: { provider: 'SENS', code } });
    expect(made.health().lastFault).toMatchObject({ code });
    expect(messages()).toEqual([]);
  });

  it('that failed are uploaded by the next try', async () => {
    const replies: Reply[] = [cut, answer(200, { fileId: 'file-1' })];
    const { url, messages } = await fileServer({ file: (...exchange) => replies.shift()?.(...exchange) });
    const { submit } = await provider(url);
    expect(outcomeOf(await submit(mms(image('one'))))).toBe('NOT_ACCEPTED, again');
    expect(outcomeOf(await submit(mms(image('one'))))).toBe('ACCEPTED');
    expect(messages()).toHaveLength(1);
  });

  it('hold the account off where they are too many', async () => {
    const { url } = await fileServer({ file: answer(429, '', { 'retry-after': '60' }) });
    const { submit, made } = await provider(url);
    await submit(mms(image('one')));
    expect(made.vacancies()).toBe(0);
  });

  it.each([400, 404])('that SENS let go of early cost one refusal (%i), and are uploaded again', async (status) => {
    const gone = answer(status, { status: String(status), errorMessage: 'fileId' });
    const replies: Reply[] = [answer(202, TAKEN), gone, answer(202, TAKEN)];
    const { url, messages } = await fileServer({ message: (...exchange) => replies.shift()?.(...exchange) });
    const { submit } = await provider(url);
    const outcomes: string[] = [];
    while (replies.length > 0) outcomes.push(outcomeOf(await submit(mms(image('one')))));
    expect(outcomes).toEqual(['ACCEPTED', 'NOT_ACCEPTED, again', 'ACCEPTED']);
    expect(messages().map((each) => each.files[0].fileId)).toEqual(['file-1', 'file-1', 'file-2']);
  });

  it('that are new are not to blame for a refusal: it is final', async () => {
    const { url } = await fileServer({ message: answer(400, '') });
    const { submit } = await provider(url);
    expect(outcomeOf(await submit(mms(image('one'))))).toBe('NOT_ACCEPTED');
  });

  it('are not followed by their message once the account was stopped', async () => {
    const held: http.ServerResponse[] = [];
    const { url, messages } = await fileServer({ file: (response) => held.push(response) });
    const { submit, made } = await provider(url);
    const result = submit(mms(image('one')));
    await until(() => held.length === 1);
    const stopped = made.stop();
    held[0]?.end(JSON.stringify({ fileId: 'file-1' }));
    expect(await result).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true, fault: { code: 'STOPPED' } });
    await stopped;
    expect(messages()).toEqual([]);
  });

  it('and their message have a time-out each, and a submission has the sum', async () => {
    const { made } = await provider('http://127.0.0.1:9', { http: { totalTimeoutMs: 4_000 } });
    expect(made.submitTimeoutMs).toBeGreaterThanOrEqual(8_000);
  });
});
