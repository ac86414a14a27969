import { describe, expect, it, onTestFinished } from 'vitest';
import type { Attempt, IsKnownReference, LookUpResult, Submission, SubmitResult } from '../../../src/core/provider.ts';
import { createSensSimulator } from '../../../src/simulators/sens/simulator.ts';
import { jpeg } from '../../support/images.ts';
import { startSensSimulator } from '../../support/sens-simulator.ts';
import { until } from '../../support/until.ts';
import { provider, SERVICE, TEXT } from './account.ts';

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
    onTestFinished(() => simulator.stop());
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

  const MINUTE_MS = 60_000;
  const image = (bytes: number, width = 176) => ({
    fileName: 'a.jpg',
    type: 'JPG' as const,
    bytes: jpeg(bytes, width),
  });

  /** Both by one clock that only the test moves. */
  async function setUp(settings: Parameters<typeof startSensSimulator>[0] = {}) {
    const { simulator, clock, taken, url } = await startSensSimulator({ deliverAfterMs: 1_000, ...settings });
    const { made } = await provider(url, { clock });
    const attempt = (reference?: string): Attempt => ({
      startedAt: clock.at,
      ...(reference !== undefined && { reference }),
    });
    async function submit(submission: Submission): Promise<{ attempt: Attempt; result: SubmitResult }> {
      const begun = attempt();
      const result = await made.submit(submission, begun);
      return { attempt: result.outcome === 'ACCEPTED' ? { ...begun, reference: result.reference } : begun, result };
    }
    const lookUp = (submission: Submission, about: Attempt, isKnown?: IsKnownReference) =>
      made.lookUp?.(submission, about, isKnown);
    return { made, simulator, clock, taken, submit, lookUp };
  }

  it.each<[string, Partial<Submission>, object]>([
    ['SMS', {}, { type: 'SMS', contentType: 'COMM' }],
    [
      'SMS for advertising',
      { purpose: 'AD', text: '(광고)관문 무료거부 0801234567' },
      { type: 'SMS', contentType: 'AD', content: '(광고)관문 무료거부 0801234567' },
    ],
    ['SMS abroad', { to: '+12133734253' }, { countryCode: '1', to: '2133734253' }],
    ['LMS', { kind: 'LMS', subject: '제목', text: '가'.repeat(1_000) }, { type: 'LMS', subject: '제목' }],
    ['LMS without a subject', { kind: 'LMS' }, { type: 'LMS' }],
    ['MMS', { kind: 'MMS', subject: '제목', images: [image(300 * 1024), image(500)] }, { type: 'MMS' }],
  ])('agree on a %s', async (_, part, fields) => {
    const { clock, taken, submit, lookUp } = await setUp();
    const submission: Submission = { ...TEXT, ...part };
    const { attempt, result } = await submit(submission);
    expect(result.outcome).toBe('ACCEPTED');
    expect(taken()).toMatchObject([{ fields: { to: TEXT.to, content: submission.text, ...fields } }]);
    expect(await lookUp(submission, attempt)).toEqual({ state: 'PENDING', taken: true });
    clock.at += 1_000;
    expect(await lookUp(submission, attempt)).toEqual({ state: 'DELIVERED' });
  });

  it('agree on two images of one size: each message shows its own', async () => {
    const { simulator, taken, submit } = await setUp({ reuseFiles: true });
    for (const width of [100, 200]) await submit({ ...TEXT, kind: 'MMS', images: [image(5_000, width)] });
    const uploads = simulator.ledger.entries({ event: 'POST files' });
    expect(uploads).toMatchObject([{ fields: { reused: false } }, { fields: { reused: false } }]);
    const files = taken().map(({ fields }) => fields?.['files']);
    expect(files).toEqual(uploads.map(({ reference }) => [reference]));
  });

  it('agree on 100 recipients in one call, each with its own result', async () => {
    const { made, clock, simulator, lookUp } = await setUp();
    const submissions = Array.from({ length: 100 }, (_, index): Submission => {
      const to = index === 77 ? '01099990001' : `0102000${String(1_000 + index)}`;
      return { ...TEXT, to };
    });
    const results = await made.groups?.submit(
      submissions,
      submissions.map(() => ({ startedAt: clock.at })),
    );
    const [first] = results ?? [];
    if (first?.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(first));
    expect(results).toEqual(submissions.map(() => first));
    clock.at += 1_000;
    const attempt = { startedAt: clock.at, reference: first.reference };
    const standings = await Promise.all(submissions.map((submission) => lookUp(submission, attempt)));
    const states = standings.map((standing) => standing?.state);
    expect(states.indexOf('FAILED')).toBe(77);
    expect(states.filter((state) => state === 'DELIVERED')).toHaveLength(99);
    // 5 pages of 20 once, not once for each.
    const lists = simulator.ledger.entries({ event: 'GET messages' });
    expect(lists).toHaveLength(5);
  });

  it('agree on a send that was taken and whose answer was lost: found, and never sent again', async () => {
    const { simulator, clock, taken, submit, lookUp } = await setUp();
    await submit({ ...TEXT, text: '다른 글' });
    simulator.arm({ provider: 'SENS', on: 'ack', kind: 'drop' });
    const { attempt, result } = await submit(TEXT);
    expect(result.outcome).toBe('UNKNOWN');
    clock.at += 30_000;
    const reference = taken()[1]?.reference;
    expect(await lookUp(TEXT, attempt, async () => false)).toEqual({ state: 'DELIVERED', reference });
    expect(taken()).toHaveLength(2);
  });

  it('agree on a send that was lost before it was taken: never found', async () => {
    const { simulator, clock, taken, submit, lookUp } = await setUp();
    simulator.arm({ provider: 'SENS', on: 'send', kind: 'drop' });
    const { attempt, result } = await submit(TEXT);
    expect(result.outcome).toBe('UNKNOWN');
    clock.at += 30_000;
    expect(await lookUp(TEXT, attempt, async () => false)).toEqual({ state: 'PENDING', taken: false });
    expect(taken()).toEqual([]);
  });

  it('agree on a group whose answer was lost: each recipient finds its own', async () => {
    const { made, simulator, clock, taken, lookUp } = await setUp();
    simulator.arm({ provider: 'SENS', on: 'ack', kind: 'drop' });
    const submissions = ['01020001111', '01020002222', '01020003333'].map((to): Submission => ({ ...TEXT, to }));
    const attempts = submissions.map((): Attempt => ({ startedAt: clock.at }));
    const results = await made.groups?.submit(submissions, attempts);
    expect(results?.map(({ outcome }) => outcome)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
    clock.at += 30_000;
    const reference = taken()[0]?.reference;
    for (const [index, submission] of submissions.entries()) {
      expect(await lookUp(submission, attempts[index] as Attempt, async () => false)).toEqual({
        state: 'DELIVERED',
        reference,
      });
    }
  });

  it('agree on a reservation until it is sent', async () => {
    const { made, clock, taken, submit, lookUp } = await setUp();
    const reserveAt = Math.ceil(clock.at / MINUTE_MS) * MINUTE_MS + 60 * MINUTE_MS;
    expect(made.reservations?.accepts(reserveAt)).toBe(true);
    const submission = { ...TEXT, reserveAt };
    const { attempt } = await submit(submission);
    expect(taken()).toMatchObject([{ fields: { reserveTime: '2026-03-02 13:05' } }]);
    expect(await lookUp(submission, attempt)).toEqual({ state: 'PENDING', taken: true });
    clock.at = reserveAt;
    expect(await lookUp(submission, attempt)).toEqual({ state: 'PENDING', taken: true });
    clock.at += 1_000;
    expect(await lookUp(submission, attempt)).toEqual({ state: 'DELIVERED' });
    expect(await made.reservations?.cancel(attempt.reference ?? '')).toMatchObject({ state: 'TOO_LATE' });
  });

  it.each([
    ['at once', undefined],
    ['though the answer is lost', 'cancelAck'],
  ] as const)('agree on the cancel of a reservation, %s', async (_, fault) => {
    const { made, simulator, clock, submit, lookUp } = await setUp();
    const submission = { ...TEXT, reserveAt: Math.ceil(clock.at / MINUTE_MS) * MINUTE_MS + 60 * MINUTE_MS };
    const { attempt } = await submit(submission);
    if (fault !== undefined) simulator.arm({ provider: 'SENS', on: fault, kind: 'drop' });
    expect(await made.reservations?.cancel(attempt.reference ?? '')).toEqual({ state: 'CANCELLED' });
    // A second one finds it so.
    expect(await made.reservations?.cancel(attempt.reference ?? '')).toEqual({ state: 'CANCELLED' });
    clock.at = submission.reserveAt + 1_000;
    expect(await lookUp(submission, attempt)).toMatchObject({ state: 'FAILED', fault: { code: 'CANCELED' } });
  });

  it('agree on a cancel that was lost before it was taken: nobody can say, and it stays reserved', async () => {
    const { made, simulator, clock, submit, lookUp } = await setUp();
    const submission = { ...TEXT, reserveAt: Math.ceil(clock.at / MINUTE_MS) * MINUTE_MS + 60 * MINUTE_MS };
    const { attempt } = await submit(submission);
    simulator.arm({ provider: 'SENS', on: 'cancel', kind: 'drop' });
    expect(await made.reservations?.cancel(attempt.reference ?? '')).toMatchObject({ state: 'UNKNOWN' });
    expect(await lookUp(submission, attempt)).toEqual({ state: 'PENDING', taken: true });
  });

  it('agree on a reservation that failed', async () => {
    const { simulator, clock, submit, lookUp } = await setUp();
    simulator.arm({ provider: 'SENS', on: 'reservation', kind: 'reject', code: 'STALE' });
    const submission = { ...TEXT, reserveAt: Math.ceil(clock.at / MINUTE_MS) * MINUTE_MS + 60 * MINUTE_MS };
    const { attempt } = await submit(submission);
    clock.at = submission.reserveAt;
    expect(await lookUp(submission, attempt)).toMatchObject({ state: 'FAILED', fault: { code: 'STALE' } });
  });

  it('agree on an image whose file has gone', async () => {
    const { clock, submit } = await setUp();
    const submission: Submission = { ...TEXT, kind: 'MMS', images: [image(500)] };
    expect((await submit(submission)).result.outcome).toBe('ACCEPTED');
    clock.at += 6 * 24 * 60 * MINUTE_MS;
    expect((await submit(submission)).result.outcome).toBe('ACCEPTED');
  });

  it('agree on an upload whose answer was lost: nothing was sent, and the next try is whole', async () => {
    const { simulator, taken, submit } = await setUp();
    simulator.arm({ provider: 'SENS', on: 'file', kind: 'drop' });
    const submission: Submission = { ...TEXT, kind: 'MMS', images: [image(500)] };
    expect((await submit(submission)).result).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true });
    expect((await submit(submission)).result.outcome).toBe('ACCEPTED');
    expect(taken()).toHaveLength(1);
  });
});
