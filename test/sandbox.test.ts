import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SandboxSecretsUnusable, sandboxSecrets } from '../src/sandbox.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'gwanmun-sandbox-')), 'deep', 'data');
  path = join(folder, 'sandbox-secrets.json');
});
afterEach(() => rmSync(join(folder, '..', '..'), { recursive: true, force: true }));

describe('the secrets of the sandbox', () => {
  it('are made once and stay the same over restarts', () => {
    const first = sandboxSecrets(folder);
    expect(first.apiKey).toMatch(/^gwanmun_sandbox_[A-Za-z0-9_-]{32}$/);
    expect(first.dataKey).toHaveLength(32);
    expect(sandboxSecrets(folder)).toEqual(first);
    expect(readdirSync(folder)).toEqual(['sandbox-secrets.json']);
  });

  it('differ between two folders', () => {
    const other = sandboxSecrets(join(folder, 'other'));
    expect(other.apiKey).not.toBe(sandboxSecrets(folder).apiKey);
    expect(other.dataKey).not.toEqual(sandboxSecrets(folder).dataKey);
  });

  it('are readable by their owner alone, also where the file was opened up since', () => {
    sandboxSecrets(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    sandboxSecrets(folder);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', 'null', '{"apiKey":"short","dataKey":"x"}', '{"apiKey":"gwanmun_sandbox_CANARY"}'])(
    'are never made anew over a damaged file: %j',
    (content) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, content);
      expect(() => sandboxSecrets(folder)).toThrow(SandboxSecretsUnusable);
      expect(() => sandboxSecrets(folder)).not.toThrow(/CANARY/);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('cannot be kept where the folder is a file', () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, '');
    expect(() => sandboxSecrets(folder)).toThrow(SandboxSecretsUnusable);
  });

  it('are one and the same for processes that start together', async () => {
    const source = `import { sandboxSecrets } from ${JSON.stringify(join(import.meta.dirname, '../src/sandbox.ts'))};
      process.stdout.write(sandboxSecrets(${JSON.stringify(folder)}).apiKey);`;
    const run = () => promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
    const outputs = await Promise.all([run(), run(), run(), run()]);
    expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(new Set([sandboxSecrets(folder).apiKey]));
    expect(readdirSync(folder)).toEqual(['sandbox-secrets.json']);
  });
});
