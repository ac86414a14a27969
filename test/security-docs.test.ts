import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  BODY_LIMITS,
  CACHE_LIMITS,
  DOCUMENT_LIMITS,
  HTTP_LIMITS,
  SOCKET_LIMITS,
  VARIABLE_LIMITS,
} from '../src/http/limits.ts';

const groups = { DOCUMENT_LIMITS, VARIABLE_LIMITS, BODY_LIMITS, CACHE_LIMITS, HTTP_LIMITS, SOCKET_LIMITS };

describe('docs/security.md', () => {
  it('has a row with its value for each limit of the code, and for no other', () => {
    const page = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z]+_LIMITS\.\w+)` \| (\d+) \|/gm)].map(
      ([, name, value]) => `${name} ${value}`,
    );
    const limits = Object.entries(groups).flatMap(([group, values]) =>
      Object.entries(values).map(([name, value]) => `${group}.${name} ${value}`),
    );
    expect(rows).toEqual(limits);
  });
});
