/**
 * Whether the time of a refusal tells an unknown key id from a known one with a wrong secret: Welch's t over 2 x 20,000 calls in
 * turns. Run on a quiet machine: `npx tsx bench/key-timing.ts`; |t| below 4.5 tells nothing.
 */
import { makeApiKey } from '../src/core/api-key.ts';
import { createTenantDirectory } from '../src/core/tenant-directory.ts';

const rounds = 20_000;
const warmUp = 5_000;
const keys = Array.from({ length: 200 }, makeApiKey);
const directory = createTenantDirectory([
  { id: 'shop', callerNumbers: [], keys: keys.map((key) => ({ ...key, scopes: ['otp'] as const })) },
]);

/** Never the same text twice: neither a cache nor a branch may learn it. */
const wrongSecret = (at: number): string => flat(`gw_${keys[at % keys.length]?.id}_${makeApiKey().text.slice(16)}`);
const unknownId = (): string => flat(makeApiKey().text);
/** As it comes from a header: not pieces that the first reader has to put together. */
const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

function time(key: string): number {
  const from = process.hrtime.bigint();
  directory.authenticate(key);
  return Number(process.hrtime.bigint() - from);
}

const samples: [number[], number[]] = [[], []];
for (let at = -warmUp; at < rounds; at += 1) {
  const pair = [wrongSecret(at + warmUp), unknownId()] as const;
  // Which of them goes first must not matter either.
  const order = at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
  for (const which of order) {
    const took = time(pair[which]);
    if (at >= 0) samples[which].push(took);
  }
}

/** Without the slowest hundredth, which is the machine's. */
function summary(values: readonly number[]): { mean: number; variance: number; count: number } {
  const kept = [...values].sort((a, b) => a - b).slice(0, Math.floor(values.length * 0.99));
  const mean = kept.reduce((sum, each) => sum + each, 0) / kept.length;
  const variance = kept.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (kept.length - 1);
  return { mean, variance, count: kept.length };
}

const [wrong, unknown] = samples.map(summary) as [ReturnType<typeof summary>, ReturnType<typeof summary>];
const t = (wrong.mean - unknown.mean) / Math.sqrt(wrong.variance / wrong.count + unknown.variance / unknown.count);
process.stdout.write(
  `wrong secret ${wrong.mean.toFixed(0)} ns, unknown id ${unknown.mean.toFixed(0)} ns, Welch t ${t.toFixed(2)}\n`,
);
