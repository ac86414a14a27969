import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationPage } from './support/configuration-page.ts';

describe('docs/configuration.md', () => {
  it('is what the settings of the source say', async () => {
    const page = configurationPage(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
    const rows = [...page.matchAll(/^\| `[A-Z]/gm)];
    expect(rows.length).toBeGreaterThan(35);
    await expect(page).toMatchFileSnapshot('../docs/configuration.md');
  });

  it('tells what each setting is for', () => {
    const page = configurationPage(readFileSync(new URL('../README.md', import.meta.url), 'utf8'));
    const untold = page.split('\n').filter((line) => /^\| `[A-Z]/.test(line) && line.endsWith('|  |'));
    expect(untold).toEqual([]);
  });
});
