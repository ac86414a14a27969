import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics, processMetrics } from '../../src/ops/metrics.ts';
import { labelsOf, seriesOf } from '../support/promql.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
}
interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const rules = (parse(read('ops/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('ops/grafana/gwanmun.json')) as { panels: Panel[] };
const targets = panels.flatMap(({ targets: own = [] }) => own);

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** Each figure of ours as it is declared; prom-client keeps its labels to itself. */
const ours = createMetrics().registry.getMetricsAsArray() as unknown as Described[];
const ofProcess = processMetrics().getMetricsAsArray() as unknown as Described[];
const partsOf = ({ name, type }: Described): string[] =>
  type === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => `${name}${part}`) : [name];
/** Prometheus's own, of every target. */
const series = new Map<string, readonly string[]>([['up', []]]);
for (const each of [...ours, ...ofProcess]) {
  for (const part of partsOf(each)) series.set(part, [...each.labelNames, ...(part.endsWith('_bucket') ? ['le'] : [])]);
}
/** What Prometheus adds to each series of a target. */
const ofTarget = ['instance', 'job'];

describe.each([
  ['alerts.yml', rules.map(({ alert, expr }) => ({ name: alert, expr }))],
  ['the dashboard', targets.map(({ expr }) => ({ name: expr, expr }))],
])('the queries of %s', (_file, queries) => {
  it('are PromQL, and name series and labels that there are', () => {
    expect(queries.length).toBeGreaterThan(15);
    for (const { name, expr } of queries) {
      const named = seriesOf(expr);
      expect(named.length, name).toBeGreaterThan(0);
      const known = named.map((each) => series.get(each));
      expect(known, `${name}: ${named}`).not.toContain(undefined);
      const labels = new Set([...known.flatMap((each) => each ?? []), ...ofTarget]);
      expect(
        labelsOf(expr).filter((label) => !labels.has(label)),
        name,
      ).toEqual([]);
    }
  });
});

describe('the check of the queries', () => {
  it('refuses what is no PromQL, and sees a series and a label that nobody has', () => {
    expect(() => seriesOf('sum(rate(gwanmun_sends_total[5m])')).toThrow('No PromQL');
    expect(seriesOf('sum by (colour) (gwanmun_colours)')).toEqual(['gwanmun_colours']);
    expect(series.has('gwanmun_colours')).toBe(false);
    expect(labelsOf('sum by (colour) (gwanmun_sends_total{taste="sweet"})')).toEqual(['colour', 'taste']);
  });
});

describe('the dashboard', () => {
  it('shows every figure of the gateway', () => {
    const shown = new Set(targets.flatMap(({ expr }) => seriesOf(expr)));
    const missing = ours.filter((each) => !partsOf(each).some((part) => shown.has(part))).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it('names in its legends only labels that its queries leave', () => {
    for (const { expr, legendFormat } of targets) {
      const labels = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string);
      const left = [...labelsOf(expr), ...ofTarget];
      expect(
        labels.filter((label) => !left.includes(label)),
        expr,
      ).toEqual([]);
    }
  });
});

describe('docs/operations.md', () => {
  const page = read('docs/operations.md');

  it('has a row for every figure of /metrics, word for word as the gateway says it', () => {
    const rows = ours.map(({ name, type, labelNames, help }) => {
      const labels = labelNames.length === 0 ? '' : labelNames.map((label) => `\`${label}\``).join(', ');
      return `| \`${name}\` | ${type} | ${labels} | ${help} |`;
    });
    const written = page.split('\n').filter((line) => line.startsWith('| `gwanmun_'));
    expect(written).toEqual(rows);
  });

  it('says of every alert what to do, and of no other', () => {
    const written = [...page.matchAll(/^\| `(Gwanmun\w+)` \|/gm)].map(([, name]) => name);
    expect(written).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('the compose file', () => {
  const compose = parse(read('ops/compose.yaml')) as {
    services: Record<string, { image?: string; command?: string[]; volumes?: string[]; read_only?: boolean }>;
  };

  it('runs a Redis that the gateway would not refuse', () => {
    const command = compose.services['redis']?.command?.join(' ') ?? '';
    for (const setting of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction']) {
      expect(command).toContain(setting);
    }
  });

  it('pins every image, mounts only files that there are, and keeps the root of the gateway read-only', () => {
    for (const { image, volumes = [] } of Object.values(compose.services)) {
      if (image !== undefined) expect(image).toMatch(/:v?\d+\.\d+/);
      const files = volumes.flatMap((volume) => /^\.\/([^:]+):/.exec(volume)?.[1] ?? []);
      for (const file of files) expect(read(`ops/${file}`)).not.toBe('');
    }
    expect(compose.services['gwanmun']?.read_only).toBe(true);
  });
});
