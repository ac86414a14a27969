import { describe, expect, it } from 'vitest';
import type { Image, MessageProvider, Submission, SubmitResult } from '../../../src/core/provider.ts';
import { answer, cut, MESSAGES, outcomeOf, peer, provider, type Reply, routes, TAKEN, TEXT } from './account.ts';

const recipient = (index: number) => `0102${String(index).padStart(7, '0')}`;
const texts = (count: number): Submission[] =>
  Array.from({ length: count }, (_, index) => ({ ...TEXT, to: recipient(index) }));
const image = (content: string, fileName = 'a.jpg'): Image => ({
  fileName,
  type: 'JPG',
  bytes: new TextEncoder().encode(content),
});

function groupsOf(made: MessageProvider) {
  if (made.groups === undefined) throw new Error('SENS takes groups.');
  return made.groups;
}

const submitAll = (made: MessageProvider, submissions: readonly Submission[]): Promise<readonly SubmitResult[]> =>
  groupsOf(made).submit(
    submissions,
    submissions.map(() => ({ startedAt: 0 })),
  );

/** Answers each send with a requestId of its own, and shows the recipients of each. */
async function counting(reply: (nth: number) => Reply = (nth) => answer(202, { ...TAKEN, requestId: `req-${nth}` })) {
  let calls = 0;
  const made = await peer(
    routes({
      'POST /files': answer(200, { fileId: 'file-1' }),
      'POST /messages': (...exchange) => {
        calls += 1;
        return reply(calls)(...exchange);
      },
    }),
  );
  const recipients = (): string[][] =>
    made.seen
      .filter(({ target }) => target === MESSAGES)
      .map(({ body }) => JSON.parse(body).messages.map(({ to }: { to: string }) => to));
  return { ...made, recipients };
}

describe('a group', () => {
  it('of 100 is one call, and each of them has its one answer', async () => {
    const { url, seen, recipients } = await counting();
    const { made } = await provider(url);
    expect(groupsOf(made).maxSize).toBe(100);
    const results = await submitAll(made, texts(100));
    expect(results).toEqual(Array.from({ length: 100 }, () => ({ outcome: 'ACCEPTED', reference: 'req-1' })));
    expect(recipients()).toEqual([texts(100).map(({ to }) => to)]);
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ type: 'SMS', content: TEXT.text, from: TEXT.from });
  });

  it('of 101 is two calls', async () => {
    const { url, recipients } = await counting();
    const { made } = await provider(url);
    const results = await submitAll(made, texts(101));
    expect(results.map(outcomeOf)).toEqual(Array.from({ length: 101 }, () => 'ACCEPTED'));
    expect(
      recipients()
        .map(({ length }) => length)
        .sort(),
    ).toEqual([1, 100]);
  });

  it('never holds one recipient twice in a call', async () => {
    const { url, recipients } = await counting();
    const { made } = await provider(url);
    const [one, two] = texts(2) as [Submission, Submission];
    const results = await submitAll(made, [one, two, one, { ...one, to: '+821020000000' }, two]);
    expect(results.map(outcomeOf)).toEqual(Array.from({ length: 5 }, () => 'ACCEPTED'));
    for (const call of recipients()) expect(new Set(call).size).toBe(call.length);
    expect(recipients().flat().sort()).toEqual([one.to, one.to, one.to, two.to, two.to]);
    // Those of one call, and only those, share its requestId.
    const references = results.map((result) => (result.outcome === 'ACCEPTED' ? result.reference : ''));
    expect(new Set([references[0], references[2], references[3]]).size).toBe(3);
  });

  it('that is of several contents after all is split by them', async () => {
    const { url, seen } = await counting();
    const { made } = await provider(url);
    const [one, two] = texts(2) as [Submission, Submission];
    await submitAll(made, [one, { ...two, text: '다른 글' }]);
    expect(seen.map(({ body }) => JSON.parse(body)).map(({ content, messages }) => [content, messages])).toEqual(
      expect.arrayContaining([
        [TEXT.text, [{ to: one.to }]],
        ['다른 글', [{ to: two.to }]],
      ]),
    );
  });

  it('keeps the place of one that cannot go', async () => {
    const { url, recipients } = await counting();
    const { made } = await provider(url);
    const [one, two, three] = texts(3) as [Submission, Submission, Submission];
    const results = await submitAll(made, [one, { ...two, to: 'nobody' }, three]);
    expect(results.map(outcomeOf)).toEqual(['ACCEPTED', 'NOT_ACCEPTED', 'ACCEPTED']);
    expect(recipients()).toEqual([[one.to, three.to]]);
  });

  it('uploads its images once', async () => {
    const { url, seen, recipients } = await counting();
    const { made } = await provider(url);
    const group = texts(3).map((each): Submission => ({ ...each, kind: 'MMS', images: [image('cat')] }));
    expect((await submitAll(made, group)).map(outcomeOf)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    expect(seen).toHaveLength(2);
    expect(recipients()).toEqual([group.map(({ to }) => to)]);
  });

  it.each<[string, Reply, string]>([
    ['a lost answer', cut, 'UNKNOWN'],
    ['500', answer(500, ''), 'UNKNOWN'],
    ['429', answer(429, ''), 'NOT_ACCEPTED, again'],
    ['400', answer(400, ''), 'NOT_ACCEPTED'],
  ])('answered by %s is so for every one of it, and was sent once', async (_, reply, outcome) => {
    const { url, recipients } = await counting(() => reply);
    const { made } = await provider(url);
    expect((await submitAll(made, texts(7))).map(outcomeOf)).toEqual(Array.from({ length: 7 }, () => outcome));
    expect(recipients()).toHaveLength(1);
  });

  it('takes the place of one call among those under way', async () => {
    const vacancies: number[] = [];
    const { url } = await counting();
    const { made } = await provider(url);
    const results = submitAll(made, texts(50));
    vacancies.push(made.vacancies());
    await results;
    vacancies.push(made.vacancies());
    expect(vacancies).toEqual([15, 16]);
  });

  it('of none is nothing', async () => {
    const { url, seen } = await counting();
    const { made } = await provider(url);
    expect(await submitAll(made, [])).toEqual([]);
    expect(seen).toEqual([]);
  });
});

describe('the key of a group', () => {
  const base: Submission = { ...TEXT, kind: 'MMS', subject: '제목', images: [image('cat'), image('dog')] };

  it.each<[string, Partial<Submission>]>([
    ['recipient', { to: recipient(1) }],
    ['form of the recipient', { to: '+821022345678' }],
    ['name of an image', { images: [image('cat', 'b.jpg'), image('dog', 'c.jpg')] }],
  ])('is the same for another %s', async (_, part) => {
    const { made } = await provider('http://127.0.0.1:9');
    expect(groupsOf(made).keyOf({ ...base, ...part })).toBe(groupsOf(made).keyOf(base));
  });

  it.each<[string, Partial<Submission>]>([
    ['kind', { kind: 'LMS' }],
    ['purpose', { purpose: 'AD' }],
    ['caller number', { from: '0212345678' }],
    ['text', { text: `${TEXT.text} ` }],
    ['subject', { subject: '제목2' }],
    ['image', { images: [image('cat'), image('cow')] }],
    ['order of the images', { images: [image('dog'), image('cat')] }],
    ['number of images', { images: [image('cat')] }],
    ['time', { reserveAt: 60_000 }],
    ['country', { to: '+12133734253' }],
  ])('differs by the %s', async (_, part) => {
    const { made } = await provider('http://127.0.0.1:9');
    expect(groupsOf(made).keyOf({ ...base, ...part })).not.toBe(groupsOf(made).keyOf(base));
  });

  it('leaves each reservation alone, since a cancel is for all of a request', async () => {
    const { made } = await provider('http://127.0.0.1:9');
    const reserved = texts(2).map((each) => groupsOf(made).keyOf({ ...each, reserveAt: 60_000 }));
    expect(new Set(reserved).size).toBe(2);
  });
});
