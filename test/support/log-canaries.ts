/** Looks through what a gateway logged for what must never stand there: keys, codes, and numbers that can be called. */

export interface Leak {
  readonly line: string;
  /** What stands there: a canary, or `a phone number`. */
  readonly what: string;
}

const phoneNumber = /(?<![0-9A-Za-z])(?:0|\+?82[- ]?)1[016789][- .]?\d{3,4}[- .]?\d{4}(?![0-9A-Za-z])/;

/** `canaries`: the secrets of the run. A whole word of the line is one; digits within a longer word are something else. */
export function leaksIn(lines: Iterable<string>, canaries: ReadonlySet<string>): readonly Leak[] {
  const leaks: Leak[] = [];
  for (const line of lines) {
    if (phoneNumber.test(line)) leaks.push({ line, what: 'a phone number' });
    for (const [word] of line.matchAll(/[0-9A-Za-z+/=_-]+/g)) if (canaries.has(word)) leaks.push({ line, what: word });
  }
  return leaks;
}
