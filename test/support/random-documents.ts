/** Bodies and documents at random, from noise to documents that are nearly good, thrown at a gateway by HTTP. */
import { readdirSync, readFileSync } from 'node:fs';
import { apiKey } from './gateway.ts';
import { createRandom } from './random.ts';

const folder = new URL('../../schema/operations/', import.meta.url);
const words = [
  ...'{ } ( ) [ ] : ! $ @ ... = | & "" """ # , \u0000 \ufeff \ud800 -1 1e999 1.5 null true on query mutation'.split(
    ' ',
  ),
  ...'subscription fragment __typename __schema __type __proto__ constructor toString node id first input'.split(' '),
  ...'messages edges cursor sendSms verifyOtp providers skip include if a b c Message Query'.split(' '),
];
const atOnce = 16;

export interface Thrown {
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What was answered by a 5xx, or by nothing: the number of the throw, and what happened. */
  readonly serverFaults: readonly string[];
}

export async function throwAtRandom(url: string, { seed, count }: { seed: number; count: number }): Promise<Thrown> {
  const random = createRandom(seed);
  const good = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const statuses: Record<string, number> = {};
  const serverFaults: string[] = [];
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;

  const makers: readonly (() => string)[] = [
    () => noise(random),
    () => JSON.stringify({ query: salad(random, pick) }),
    () => JSON.stringify({ query: mangled(pick(good), random, pick) }),
    () =>
      JSON.stringify({ query: pick(good), variables: value(random, pick, 0), operationName: pick([null, 'a', 1, '']) }),
    () =>
      JSON.stringify({ query: pick(good), variables: { input: value(random, pick, 0), id: value(random, pick, 0) } }),
    () => JSON.stringify(value(random, pick, 0)),
    () => mangled(JSON.stringify({ query: pick(good), variables: {} }), random, pick),
    () =>
      JSON.stringify({
        query: '{ __typename }',
        extensions: value(random, pick, 0),
        [pick(words)]: value(random, pick, 0),
      }),
  ];

  let thrown = 0;
  async function throwOn(): Promise<void> {
    while (thrown < count) {
      const at = thrown;
      thrown += 1;
      const body = Buffer.from(pick(makers)(), at % 2 === 0 ? 'utf8' : 'latin1');
      const accept = pick(['application/json', 'application/graphql-response+json', 'text/event-stream', '*/*']);
      const headers = { 'content-type': 'application/json', 'x-api-key': apiKey, accept };
      try {
        const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
        // A stream that was really opened has no end.
        if (response.headers.get('content-type')?.startsWith('text/event-stream')) await response.body?.cancel();
        else await response.text();
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        if (response.status >= 500) serverFaults.push(`${at}: ${response.status}`);
      } catch (error) {
        serverFaults.push(`${at}: ${String(error)}`);
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, throwOn));
  return { statuses, serverFaults };
}

type Random = (below: number) => number;
type Pick = <Item>(items: readonly Item[]) => Item;

const noise = (random: Random): string =>
  String.fromCharCode(...Array.from({ length: random(200) }, () => random(0x1_0000)));

const salad = (random: Random, pick: Pick): string => Array.from({ length: random(80) }, () => pick(words)).join(' ');

/** A few places of it are cut out, doubled or replaced. */
function mangled(text: string, random: Random, pick: Pick): string {
  let result = text;
  for (let cuts = 1 + random(4); cuts > 0; cuts -= 1) {
    const from = random(result.length);
    const to = from + random(20);
    result = result.slice(0, from) + pick(['', pick(words), result.slice(from, to).repeat(2)]) + result.slice(to);
  }
  return result;
}

function value(random: Random, pick: Pick, depth: number): unknown {
  switch (random(depth > 6 ? 5 : 8)) {
    case 0:
      return null;
    case 1:
      return random(2) === 0;
    case 2:
      return pick([0, -1, 1.5, 2 ** 53, 1e308, random(1_000)]);
    case 3:
      return noise(random);
    case 4:
      return pick(words);
    case 5:
      return Array.from({ length: random(5) }, () => value(random, pick, depth + 1));
    case 6:
      return JSON.parse(`{${JSON.stringify(pick(words))}:${JSON.stringify(value(random, pick, depth + 1))}}`);
    default:
      return Object.fromEntries(Array.from({ length: random(4) }, () => [pick(words), value(random, pick, depth + 1)]));
  }
}
