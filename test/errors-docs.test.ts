import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \| (.*) \|$/gm)].map(([, code = '', rest = '']) => ({
  code,
  cells: rest.split(' | '),
}));
const advice = ['SAFE_NOW', 'SAFE_AFTER', 'AFTER_FIX', 'ONLY_WITH_SAME_KEY', 'NEVER'];
const documented = rows.map(({ code }) => code).filter((code) => !advice.includes(code));

/** Every code that a caller may see, as the source writes them. */
function codesOfSource(): Set<string> {
  const http = readdirSync(new URL('src/http/', root)).filter((name) => name.endsWith('.ts'));
  const texts = [...http.map((name) => read(`src/http/${name}`)), read('src/core/errors.ts')];
  const forms = [
    /failure\(\s*'([A-Z_]+)'/g,
    /refuse\(\d+, '([A-Z_]+)'/g,
    /\bcode: '([A-Z_]+)'/g,
    /super\(\s*'([A-Z_]+)'/g,
    /^ {2}\| '([A-Z_]+)'/gm,
    /return (?:.*\? )?'(GRAPHQL_\w+|BAD_\w+)'/g,
  ];
  return new Set(
    texts.flatMap((text) => forms.flatMap((form) => [...text.matchAll(form)].map(([, code = '']) => code))),
  );
}

describe('docs/errors.md', () => {
  it('has every code that a caller may see, once', () => {
    const codes = codesOfSource();
    expect(codes.size).toBeGreaterThan(25);
    expect([...codes].filter((code) => !documented.includes(code))).toEqual([]);
    expect(documented).toHaveLength(new Set(documented).size);
  });

  it('has no code that nobody says', () => {
    // Yoga's own, where a document asks for what is not there.
    const codes = codesOfSource().add('GRAPHQL_VALIDATION_FAILED');
    expect(documented.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('says each in Korean, and gives a typed failure its advice', () => {
    for (const { code, cells } of rows.filter(({ code: each }) => !advice.includes(each))) {
      expect(cells, code).toHaveLength(3);
      expect(cells[2], code).toMatch(/[가-힣]/);
    }
    const typed = read('docs/errors.md').split('## Of the request')[0] ?? '';
    for (const [line] of typed.matchAll(/^\| `(?!SAFE|AFTER|ONLY|NEVER)[A-Z_]+` .*$/gm)) {
      expect(
        advice.some((each) => line.includes(`\`${each}\``)),
        line,
      ).toBe(true);
    }
  });
});
