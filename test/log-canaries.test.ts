import { describe, expect, it } from 'vitest';
import { createLogger } from '../src/log.ts';
import { leaksIn } from './support/log-canaries.ts';

describe('the search for what must not be logged', () => {
  const canaries = new Set(['482913', 'key-0123456789abcdef']);

  it('finds a key, a code and a number, wherever they stand in a line', () => {
    const lines = [
      '{"event":"otp.sent","code":"482913"}',
      '{"event":"http.refused","authorization":"Bearer key-0123456789abcdef"}',
      '{"event":"sent to 010-1234-5678"}',
      '{"event":"x","reference":"+821012345678"}',
      '{"event":"x","reference":"010 1234 5678"}',
      'a trace of another library: [482913]',
    ];
    expect(leaksIn(lines, canaries).map(({ what }) => what)).toEqual([
      '482913',
      'key-0123456789abcdef',
      'a phone number',
      'a phone number',
      'a phone number',
      '482913',
    ]);
  });

  it('takes no id, time or masked number for one of them', () => {
    const lines = [
      '{"time":"2026-01-02T03:04:05.678Z","messageId":"482913aa-0000-4000-8000-482913482913","durationMs":1482913}',
      '{"phone":"010-****-5678","reference":"202112310012345"}',
    ];
    expect(leaksIn(lines, canaries)).toEqual([]);
  });

  it('finds nothing in what the real log makes of a phone number', () => {
    const lines: string[] = [];
    createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }).info('sent', {
      phone: '01012345678',
    });
    expect(lines).toHaveLength(1);
    expect(leaksIn(lines, canaries)).toEqual([]);
  });
});
