import { describe, expect, it } from 'vitest';
import { endOfNight, isNight, KAKAO_NIGHT, missingMarks, TEXT_NIGHT } from '../../src/korean/advertising.ts';

const kst = (time: string): number => Date.parse(`2026-11-21T${time}+09:00`);

describe('an advertising text', () => {
  it.each([
    '(광고)관문 할인 안내\n무료수신거부 080-123-4567',
    '(광고) 관문\n내용\n무료거부 0801234567',
    '(광고)관문 내용 무료 수신거부: 080-1234-5678\n',
  ])('has its marks: %j', (text) => {
    expect(missingMarks(text)).toEqual([]);
  });

  it.each([
    '(광 고)관문\n무료수신거부 080-123-4567',
    '[광고]관문\n무료수신거부 080-123-4567',
    ' (광고)관문\n무료수신거부 080-123-4567',
    '광고 관문\n무료수신거부 080-123-4567',
  ])('has no mark at its head: %j', (text) => {
    expect(missingMarks(text)).toEqual(['AD_HEAD']);
  });

  it.each([
    '(광고)관문 할인',
    '(광고)관문 수신거부 02-123-4567',
    '(광고)관문 080-123-4567',
    '(광고)무료수신거부 080-123-4567\n관문 할인',
  ])('has no free way out at its end: %j', (text) => {
    expect(missingMarks(text)).toEqual(['AD_OPT_OUT']);
  });
});

describe('the night', () => {
  it.each([
    ['07:59:59.999', true, true],
    ['08:00:00', false, false],
    ['12:00:00', false, false],
    ['19:59:59.999', false, false],
    ['20:00:00', false, true],
    ['20:59:59.999', false, true],
    ['21:00:00', true, true],
    ['23:59:59', true, true],
    ['00:00:00', true, true],
  ])('at %s is %s for texts and %s for Kakao', (time, forTexts, forKakao) => {
    expect([isNight(kst(time), TEXT_NIGHT), isNight(kst(time), KAKAO_NIGHT)]).toEqual([forTexts, forKakao]);
  });

  it('ends at eight in the morning, the next one where it has just begun', () => {
    expect(endOfNight(kst('03:30:00'), TEXT_NIGHT)).toBe(kst('08:00:00'));
    expect(endOfNight(kst('21:00:00'), TEXT_NIGHT)).toBe(kst('08:00:00') + 24 * 3_600_000);
    expect(endOfNight(kst('12:00:00'), TEXT_NIGHT)).toBe(kst('12:00:00'));
  });
});
