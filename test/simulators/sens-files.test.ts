import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readImageHeader } from '../../src/simulators/image-header.ts';
import { jpeg, png } from '../support/images.ts';
import { MESSAGES, SERVICE, START, startSensSimulator } from '../support/sens-simulator.ts';

const FILES = `${SERVICE}/files`;
const DAY_MS = 86_400_000;
const file = (bytes: Buffer, fileName = 'a.jpg') => ({ fileName, fileBody: bytes.toString('base64') });

async function startWithFile(bytes = jpeg(1000)) {
  const started = await startSensSimulator({ deliverAfterMs: 0 });
  const { json } = await started.call('POST', FILES, file(bytes));
  return { ...started, fileId: json.fileId as string };
}

describe('file upload at the SENS simulator', () => {
  it('answers the fileId and its six days, and shows the file by size and hash', async () => {
    const { call, simulator } = await startSensSimulator();
    const bytes = jpeg(307_200, 1500, 1440);
    const answer = await call('POST', FILES, file(bytes, `${'x'.repeat(35)}.jpeg`));
    expect(answer).toMatchObject({
      status: 200,
      json: {
        fileId: expect.stringMatching(/./),
        createTime: '2026-03-02T12:04:05.678',
        expireTime: '2026-03-08T12:04:05.678',
      },
    });
    expect(simulator.ledger.entries({ event: 'POST files' })).toMatchObject([
      {
        outcome: 'TAKEN',
        reference: answer.json.fileId,
        fields: { bytes: 307_200, sha256: createHash('sha256').update(bytes).digest('hex') },
      },
    ]);
  });

  it.each<[string, object | string, string]>([
    ['a name of 41 characters', file(jpeg(100), `${'x'.repeat(37)}.jpg`), 'fileName'],
    ['a name without .jpg', file(jpeg(100), 'a.png'), 'fileName'],
    ['a name that is nothing but .jpg', file(jpeg(100), '.jpg'), 'fileName'],
    ['no name', { fileBody: jpeg(100).toString('base64') }, 'fileName'],
    ['no body', { fileName: 'a.jpg' }, 'fileBody'],
    ['an empty body', { fileName: 'a.jpg', fileBody: '' }, 'fileBody'],
    ['a data: URL', { fileName: 'a.jpg', fileBody: `data:image/jpeg;base64,${file(jpeg(100)).fileBody}` }, 'fileBody'],
    ['base64 for URLs', { fileName: 'a.jpg', fileBody: '_9j_' }, 'fileBody'],
    [
      'base64 without its padding',
      { fileName: 'a.jpg', fileBody: jpeg(100).toString('base64').slice(0, -2) },
      'fileBody',
    ],
    ['a PNG', file(png(100)), 'fileBody'],
    ['a JPEG without a size', file(Buffer.from('ffd8ffe0', 'hex')), 'fileBody'],
    ['307,201 bytes', file(jpeg(307_201)), 'fileBody'],
    ['1,501 pixels', file(jpeg(100, 1501, 10)), 'fileBody'],
    ['1,441 pixels high', file(jpeg(100, 10, 1441)), 'fileBody'],
    ['no JSON', '{', 'The body'],
    ['a list', [file(jpeg(100))], 'body'],
  ])('answers 400 for %s', async (_, body, field) => {
    const { call } = await startSensSimulator();
    const answer = await call('POST', FILES, body);
    expect([answer.status, answer.json.errorMessage]).toEqual([400, expect.stringMatching(new RegExp(`^${field}`))]);
  });

  it('gives the same id to the same name and size, another picture or not, as long as it is kept', async () => {
    const { call, clock, simulator } = await startSensSimulator();
    const upload = async (bytes: Buffer, name?: string) => (await call('POST', FILES, file(bytes, name))).json.fileId;
    const first = await upload(jpeg(1000, 100, 100));
    expect(await upload(jpeg(1000, 200, 200))).toBe(first);
    expect(await upload(jpeg(1000, 200, 200), 'b.jpg')).not.toBe(first);
    expect(await upload(jpeg(1001, 100, 100))).not.toBe(first);
    clock.at = START + 6 * DAY_MS;
    expect(await upload(jpeg(1000, 100, 100))).not.toBe(first);
    simulator.configure({ reuseFiles: false });
    expect(await upload(jpeg(1000, 100, 100))).not.toBe(await upload(jpeg(1000, 100, 100)));
  });
});

describe('MMS at the SENS simulator', () => {
  it('takes a file that was uploaded, for as long as it is kept, and shows it with the message', async () => {
    const { post, call, clock, taken, fileId } = await startWithFile();
    clock.at = START + 6 * DAY_MS - 1;
    const { json } = await post({ type: 'MMS', subject: '제목', files: [{ fileId }] });
    expect(taken()[0]?.fields).toMatchObject({ type: 'MMS', subject: '제목', files: [fileId] });
    const list = await call('GET', `${MESSAGES}?requestId=${json.requestId}`);
    expect(list.json.messages).toMatchObject([{ type: 'MMS' }]);
    const one = await call('GET', `${MESSAGES}/${list.json.messages[0].messageId}`);
    expect(one.json.messages).toMatchObject([{ subject: '제목', files: [{ fileId, name: 'a.jpg' }] }]);
    clock.at += 1;
    expect((await post({ type: 'MMS', files: [{ fileId }] })).json.errorMessage).toBe('files: no such fileId.');
  });

  it('refuses a file for LMS, one stranger among several, and the inline form of old', async () => {
    const { post, fileId } = await startWithFile();
    expect((await post({ type: 'LMS', files: [{ fileId }] })).status).toBe(400);
    expect((await post({ type: 'MMS', files: [{ fileId }, { fileId: 'x' }] })).status).toBe(400);
    expect((await post({ type: 'MMS', files: [{ name: 'a.jpg', body: 'AAAA' }] })).status).toBe(400);
  });

  it('cuts a subject at 40 bytes and a body at 2,000, for each message on its own, or refuses with strictLength', async () => {
    const { post, taken, simulator } = await startWithFile();
    const messages = [
      { to: '01020001234' },
      { to: '01020001235', subject: `x${'나'.repeat(20)}`, content: `${'나'.repeat(1000)}x` },
    ];
    const body = { type: 'LMS', subject: `${'가'.repeat(20)}x`, content: 'y'.repeat(2001), messages };
    expect((await post(body)).status).toBe(202);
    expect(taken().map(({ fields }) => fields)).toMatchObject([
      { subject: '가'.repeat(20), content: 'y'.repeat(2000) },
      { subject: `x${'나'.repeat(19)}`, content: '나'.repeat(1000) },
    ]);
    simulator.configure({ strictLength: true });
    const border = { type: 'LMS', subject: '가'.repeat(20), content: '가'.repeat(1000) };
    expect((await post(border)).status).toBe(202);
    expect((await post({ ...border, messages })).json.errorMessage).toMatch(/^content/);
    expect((await post({ ...border, messages: [{ to: '01020001235', subject: 'x'.repeat(41) }] })).status).toBe(400);
  });
});

describe('an image header', () => {
  it('tells the size behind fill bytes, tables and extensions, as real files have them', () => {
    const tables = Buffer.from('ffd8ffe000041122ffffdb00041122ffc400041122ffc8000411', 'hex');
    const frame = Buffer.from('22ffc2001108012c019003012200021101031101', 'hex');
    expect(readImageHeader(Buffer.concat([tables, frame]))).toEqual({
      format: 'JPEG',
      size: { width: 400, height: 300 },
    });
    expect(readImageHeader(png(100, 70_000, 2))).toEqual({ format: 'PNG', size: { width: 70_000, height: 2 } });
  });

  it('says nothing of a size where the header breaks off, and nothing at all of other bytes', () => {
    const whole = jpeg(100);
    for (let length = 3; length < 30; length += 1) {
      expect(readImageHeader(whole.subarray(0, length))?.format).toBe('JPEG');
    }
    expect(readImageHeader(whole.subarray(0, 24))).toEqual({ format: 'JPEG' });
    expect(readImageHeader(png(100).subarray(0, 20))).toEqual({ format: 'PNG' });
    expect(readImageHeader(Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(100)]))).toEqual({
      format: 'JPEG',
    });
    for (const bytes of [Buffer.alloc(0), Buffer.from('ffd8', 'hex'), Buffer.from('BM'), Buffer.from('GIF89a')]) {
      expect(readImageHeader(bytes)).toBeUndefined();
    }
  });
});
