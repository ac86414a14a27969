/**
 * A strict reader of Prometheus's text format 0.0.4, written from its document ("Exposition formats", text-based format) and not
 * from the library that writes it. Anything that the document does not allow is refused with its line.
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string | undefined;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';
  readonly samples: Sample[];
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const helpLine = new RegExp(`^# HELP (${metricName}) ((?:[^\\\\]|\\\\\\\\|\\\\n)*)$`);
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram|summary|untyped)$`);
const sampleLine = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)(?: (-?\\d+))?$`);
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(?:,|$)/;
/** As Go's ParseFloat, which is what the format names, takes it: in any case. */
const float = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?Inf|NaN)$/i;

export function readExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line must end with a line feed.');
  const families = new Map<string, { -readonly [Key in keyof Family]: Family[Key] }>();
  const seen = new Set<string>();
  let open: string | undefined;

  const familyOf = (name: string) => {
    const family = families.get(name) ?? { name, help: undefined, type: 'untyped' as const, samples: [] };
    families.set(name, family);
    return family;
  };

  text
    .slice(0, -1)
    .split('\n')
    .forEach((line, index) => {
      const refuse = (why: string): never => {
        throw new Error(`Line ${index + 1}: ${why}: ${line}`);
      };
      if (line === '') return;
      if (line.startsWith('# HELP ') || line.startsWith('# TYPE ')) {
        const [, name = refuse('no such comment'), rest = ''] =
          (line.startsWith('# HELP ') ? helpLine : typeLine).exec(line) ?? [];
        const family = familyOf(name);
        if (family.samples.length > 0) refuse('it comes behind its samples');
        if (open !== name && families.size > 1 && (family.help !== undefined || seen.has(`type ${name}`)))
          refuse('its group was closed');
        open = name;
        if (line.startsWith('# HELP ')) {
          if (family.help !== undefined) refuse('a second HELP');
          family.help = rest;
        } else {
          if (seen.has(`type ${name}`)) refuse('a second TYPE');
          seen.add(`type ${name}`);
          family.type = rest as Family['type'];
        }
        return;
      }
      if (line.startsWith('#')) return;
      const [, name = refuse('no sample'), labelText = '', number = ''] = sampleLine.exec(line) ?? [];
      if (!float.test(number)) refuse('no number');
      const labels: Record<string, string> = {};
      for (let rest = labelText; rest !== ''; ) {
        const [whole = refuse('no label'), key = '', value = ''] = label.exec(rest) ?? [];
        if (key in labels) refuse('a label twice');
        labels[key] = value.replace(/\\(.)/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped));
        rest = rest.slice(whole.length);
      }
      const of = open === undefined ? undefined : families.get(open);
      const suffixes =
        of?.type === 'histogram'
          ? ['_bucket', '_sum', '_count']
          : of?.type === 'summary'
            ? ['', '_sum', '_count']
            : [''];
      if (of === undefined || !suffixes.some((suffix) => name === `${of.name}${suffix}`))
        refuse('it stands in no group');
      const identity = `${name} ${JSON.stringify(Object.entries(labels).sort())}`;
      if (seen.has(identity)) refuse('the same series twice');
      seen.add(identity);
      of?.samples.push({ name, labels, value: Number(number.replace('Inf', 'Infinity')) });
    });
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}

/** Buckets rise, the last is +Inf, and it is the count (document: histograms and summaries). */
function checkHistogram({ name, samples }: Family): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const { le: _le, ...others } = sample.labels;
    const key = JSON.stringify(Object.entries(others).sort());
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const group of groups.values()) {
    const buckets = group.filter((each) => each.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('Inf', 'Infinity')));
    const count = group.find((each) => each.name === `${name}_count`)?.value;
    const isRising = bounds.every((bound, at) => at === 0 || bound > (bounds[at - 1] as number));
    const isCumulative = buckets.every(({ value }, at) => at === 0 || value >= (buckets[at - 1] as Sample).value);
    if (!isRising || !isCumulative || bounds.at(-1) !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count) {
      throw new Error(`${name} is no histogram: ${JSON.stringify(group)}`);
    }
  }
}

/** The sum of all samples of this name whose labels have these values. */
export function sumOf(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const samples = [...families.values()].flatMap((family) => family.samples).filter((each) => each.name === name);
  const matching = samples.filter((each) => Object.entries(labels).every(([key, value]) => each.labels[key] === value));
  return matching.reduce((sum, { value }) => sum + value, 0);
}
