import { describe, expect, it } from 'vitest';
import type { LogFields } from '../src/core/log.ts';
import { createLogger, maskPhone } from '../src/log.ts';

function recorded(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  it('writes the event, its level, the time and the fields that it knows', () => {
    const [line] = recorded((log) =>
      log.warn('The provider is away.', { provider: 'SENS', attempt: 2, simulated: false }),
    );
    expect(line).toEqual({
      level: 40,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      event: 'The provider is away.',
      provider: 'SENS',
      attempt: 2,
      simulated: false,
    });
  });

  it('drops every field that is not on the list, and whatever is no plain value', () => {
    const fields = {
      text: 'CANARY',
      apiKey: 'CANARY',
      toJSON: () => 'CANARY',
      __proto__: { password: 'CANARY' },
      code: { nested: 'CANARY' },
      tenant: ['CANARY'],
      count: 3,
    } as unknown as LogFields;
    const [line] = recorded((log) => log.info('x', fields));
    expect(JSON.stringify(line)).not.toContain('CANARY');
    expect(line).toMatchObject({ event: 'x', count: 3 });
  });

  it('writes a phone number masked', () => {
    expect(recorded((log) => log.info('x', { phone: '01022345678' }))[0]).toMatchObject({ phone: '010-****-5678' });
  });

  it('writes a URL without credentials, query and fragment', () => {
    const lines = recorded((log) => {
      log.info('x', { url: 'redis://user:CANARY@localhost:6379/2?password=CANARY#CANARY' });
      log.info('x', { url: 'CANARY' });
    });
    expect(lines[0]).toMatchObject({ url: 'redis://localhost:6379/2' });
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('writes name, code, frames and causes of an error, never its message', () => {
    const cause = Object.assign(new Error('password CANARY\n    at CANARY (file.ts:1:1)'), { code: 'ECONNREFUSED' });
    const error = new TypeError('body {"text":"CANARY"}', { cause });
    const [line] = recorded((log) => log.error('x', { error }));
    expect(line?.['error']).toMatchObject({ name: 'TypeError', cause: { name: 'Error', code: 'ECONNREFUSED' } });
    expect(JSON.stringify(line)).toContain('log.test.ts');
    expect(JSON.stringify(line)).not.toContain('CANARY');
  });

  it('survives what is thrown without being an error, and an endless chain of causes', () => {
    const endless = new Error('x');
    endless.cause = endless;
    const lines = recorded((log) => {
      log.error('x', { error: 'CANARY' });
      log.error('x', { error: endless });
    });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ error: { name: 'string' } });
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });

  it('cuts long values', () => {
    const [line] = recorded((log) => log.info('x', { code: 'c'.repeat(10_000) }));
    expect(line?.['code']).toHaveLength(256);
  });

  it('is silent where it was asked to be', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'silent', destination: { write: (line) => void lines.push(line) } });
    log.error('x');
    expect(lines).toEqual([]);
  });
});

describe('maskPhone', () => {
  it.each([
    ['01012345678', '010-****-5678'],
    ['+821012345678', '010-****-5678'],
    ['0111234567', '011-****-4567'],
    ['021234567', '02-****-4567'],
    ['0212345678', '02-****-5678'],
    ['050512345678', '0505-****-5678'],
    ['15880000', '****'],
    ['not a number', '****'],
    ['', '****'],
  ])('writes %j as %j', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});
