import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];

describe('the README', () => {
  it('has a row for every variable of the configuration, and for no other', () => {
    const known = readdirSync(new URL('src/', root))
      .filter((name) => /^config\.ts$|-settings\.ts$/.test(name))
      .flatMap((name) => [...read(`src/${name}`).matchAll(/(?:[sS]etting)\(\s*'([A-Z][A-Z0-9_]*)'/g)])
      .map(([, name]) => name);
    const rows =
      read('README.md')
        .split('## Configuration')[1]
        ?.split('\n## ')[0]
        ?.matchAll(/^\| (`.*?) \|/gm) ?? [];
    const told = [...rows].flatMap(([, names = '']) => names.match(/[A-Z][A-Z0-9_]*/g) ?? []);
    expect(known.length).toBeGreaterThan(15);
    expect(told.sort()).toEqual(known.sort());
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names only files and folders that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path = '']) => path);
    const named = [...text.matchAll(/(?<![\w./-])((?:src|test|schema|docs|bench)\/[\w./-]*[\w/])/g)].map(
      ([, path = '']) => path,
    );
    const missing = [...links, ...named].filter((path) => !existsSync(fileURLToPath(new URL(path, root))));
    expect(missing).toEqual([]);
  });

  it('names only scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
