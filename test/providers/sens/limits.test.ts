import { describe, expect, it } from 'vitest';
import type { Image, Submission } from '../../../src/core/provider.ts';
import { answer, MESSAGES, outcomeOf, peer, provider, routes, TAKEN, TEXT } from './account.ts';

const jpg = (size: number): Image => ({ fileName: 'a.jpg', type: 'JPG', bytes: new Uint8Array(size).fill(7) });
const LMS: Submission = { ...TEXT, kind: 'LMS', subject: '제목' };
const MMS: Submission = { ...TEXT, kind: 'MMS', images: [jpg(1_000)] };
const KB = 1024;

describe('what SENS carries', () => {
  it.each<[string, Partial<Submission>, object]>([
    ['SMS', {}, { type: 'SMS', contentType: 'COMM' }],
    ['SMS for authentication', { purpose: 'AUTH' }, { type: 'SMS', contentType: 'COMM' }],
    ['SMS for advertising', { purpose: 'AD' }, { type: 'SMS', contentType: 'AD' }],
    ['LMS', { kind: 'LMS' }, { type: 'LMS', contentType: 'COMM' }],
    ['LMS with a subject', LMS, { type: 'LMS', contentType: 'COMM', subject: '제목' }],
    ['LMS with an empty subject', { ...LMS, subject: '' }, { type: 'LMS', contentType: 'COMM' }],
    ['LMS for advertising', { ...LMS, purpose: 'AD' }, { type: 'LMS', contentType: 'AD', subject: '제목' }],
    ['SMS to a Korean mobile in E.164', { to: '+821022345678' }, { type: 'SMS', contentType: 'COMM' }],
  ])('is a %s, with these members and no others', async (_, part, members) => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url);
    expect(await submit({ ...TEXT, ...part })).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { countryCode: '82', from: TEXT.from, content: TEXT.text, messages: [{ to: '01022345678' }], ...members },
    ]);
  });

  it.each<[string, string, string]>([
    ['+12133734253', '1', '2133734253'],
    ['+819012345678', '81', '9012345678'],
    ['+393401234567', '39', '3401234567'],
    ['+4917612345678', '49', '17612345678'],
  ])('is a SMS abroad to %s, country code and number apart', async (to, countryCode, national) => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url);
    await submit({ ...TEXT, to });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ countryCode, messages: [{ to: national }] });
  });

  const uploads = routes({
    'POST /files': answer(200, { fileId: 'file-1' }),
    'POST /messages': answer(202, TAKEN),
  });
  const wide = (bytes: number) => '가'.repeat(bytes / 2) + 'a'.repeat(bytes % 2);
  it.each<[string, Submission, string | undefined]>([
    ['SMS of 90 bytes', { ...TEXT, text: wide(90) }, undefined],
    ['SMS of 91 bytes', { ...TEXT, text: wide(91) }, 'TOO_LONG'],
    ['LMS of 2000 bytes', { ...LMS, text: wide(2_000) }, undefined],
    ['LMS of 2001 bytes', { ...LMS, text: wide(2_001) }, 'TOO_LONG'],
    ['MMS of 2001 bytes', { ...MMS, text: wide(2_001) }, 'TOO_LONG'],
    ['subject of 40 bytes', { ...LMS, subject: wide(40) }, undefined],
    ['subject of 41 bytes', { ...LMS, subject: wide(41) }, 'TOO_LONG'],
    ['MMS subject of 41 bytes', { ...MMS, subject: wide(41) }, 'TOO_LONG'],
    ['SMS with a subject', { ...TEXT, subject: '제목' }, 'SUBJECT_NOT_CARRIED'],
    ['empty text', { ...TEXT, text: '' }, 'EMPTY'],
    ['text outside MS949', { ...TEXT, text: '안녕 😀' }, 'UNENCODABLE'],
    ['subject outside MS949', { ...LMS, subject: '₩' }, 'UNENCODABLE'],
    ['image of 300 KB', { ...MMS, images: [jpg(300 * KB)] }, undefined],
    ['image of 300 KB and a byte', { ...MMS, images: [jpg(300 * KB + 1)] }, 'IMAGE_TOO_LARGE'],
    ['image of 301 KB', { ...MMS, images: [jpg(301 * KB)] }, 'IMAGE_TOO_LARGE'],
    ['301 KB behind a good one', { ...MMS, images: [jpg(1), jpg(301 * KB)] }, 'IMAGE_TOO_LARGE'],
    ['MMS with 3 images', { ...MMS, images: [jpg(1), jpg(2), jpg(3)] }, undefined],
    ['MMS with 4 images', { ...MMS, images: [jpg(1), jpg(2), jpg(3), jpg(4)] }, 'TOO_MANY_IMAGES'],
    ['MMS without an image', { ...MMS, images: [] }, 'NO_IMAGE'],
    ['PNG', { ...MMS, images: [{ ...jpg(1), type: 'PNG' }] }, 'IMAGE_TYPE'],
    ['LMS with an image', { ...LMS, images: [jpg(1)] }, 'IMAGES_NOT_CARRIED'],
    ['LMS abroad', { ...LMS, to: '+12133734253' }, 'DOMESTIC_ONLY'],
    ['MMS abroad', { ...MMS, to: '+12133734253' }, 'DOMESTIC_ONLY'],
    ['number that no plan knows', { ...TEXT, to: '+12130000000' }, 'NOT_A_NUMBER'],
    ['number with an extension', { ...TEXT, to: '+12133734253;ext=1' }, 'NOT_A_NUMBER'],
    ['number of Korea that is none', { ...TEXT, to: '+82' }, 'NOT_A_NUMBER'],
    ['number with hyphens', { ...TEXT, to: '010-2234-5678' }, 'NOT_A_NUMBER'],
    ['AlimTalk', { ...TEXT, kind: 'ALIMTALK' }, 'KIND_NOT_CARRIED'],
  ])('ends exactly at the border: %s', async (_, submission, code) => {
    const { url, seen } = await peer(uploads);
    const { submit } = await provider(url);
    const result = await submit(submission);
    if (code === undefined) {
      expect(result.outcome).toBe('ACCEPTED');
      expect(seen.filter(({ target }) => target === MESSAGES)).toHaveLength(1);
    } else {
      expect(outcomeOf(result)).toBe('NOT_ACCEPTED');
      expect(result).toMatchObject({ fault: { provider: 'SENS', code } });
      // Not even an image has left.
      expect(seen).toEqual([]);
    }
  });
});
