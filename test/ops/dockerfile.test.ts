import { readFileSync } from 'node:fs';
import { type Dockerfile, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { describe, expect, it } from 'vitest';

/** The rules of hadolint that matter here, with its numbers; each is broken on purpose below. */
const rules: Readonly<Record<string, (file: Dockerfile) => boolean>> = {
  'DL3006, DL3007: every base image has a version of its own': (file) =>
    stages(file).every(([from]) => /^[\w./-]+:(?!latest)[\w.-]+/.test(argumentsOf(from)[0] ?? '')),
  'DL3002: the last user is not root': (file) => {
    const users = (stages(file).at(-1) ?? [])
      .filter((each) => keyword(each) === 'USER')
      .map((each) => argumentsOf(each)[0]);
    return users.length > 0 && !['root', '0'].includes(users.at(-1) ?? 'root');
  },
  'DL3020: files come by COPY': (file) => all(file).every((each) => keyword(each) !== 'ADD'),
  'DL3025: CMD, ENTRYPOINT and HEALTHCHECK are in exec form': (file) =>
    all(file)
      .filter((each) => ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(keyword(each)))
      .every((each) => /\[\s*"/.test(each.getArgumentsContent() ?? '')),
  'DL3000: WORKDIR is absolute': (file) =>
    all(file)
      .filter((each) => keyword(each) === 'WORKDIR')
      .every((each) => argumentsOf(each)[0]?.startsWith('/') === true),
  'DL3016, DL3042: packages come from the lock file, and leave no cache in the image': (file) =>
    runs(file).every((text) => !/npm (i|install)\b/.test(text)) &&
    runs(file)
      .filter((text) => text.includes('--omit=dev'))
      .every((text) => text.includes('npm cache clean')),
  'DL3004, DL3008: nothing is installed from a distribution, and nobody becomes root': (file) =>
    runs(file).every((text) => !/\b(sudo|apt|apt-get|apk)\b/.test(text)),
  'packages are installed before the source is copied, so that a change of it installs none anew': (file) =>
    stages(file).every((stage) => {
      const install = stage.findIndex(
        (each) => keyword(each) === 'RUN' && /npm ci/.test(each.getArgumentsContent() ?? ''),
      );
      const before = stage.slice(0, Math.max(0, install)).filter((each) => keyword(each) === 'COPY');
      return (
        install === -1 ||
        before.every((each) => /^package\.json package-lock\.json \.\/$/.test(each.getArgumentsContent() ?? ''))
      );
    }),
  'the last stage has a HEALTHCHECK, one CMD and a STOPSIGNAL': (file) => {
    const last = (stages(file).at(-1) ?? []).map(keyword);
    return ['HEALTHCHECK', 'CMD', 'STOPSIGNAL'].every((word) => last.filter((each) => each === word).length === 1);
  },
  'no secret is in an ENV or ARG': (file) =>
    all(file)
      .filter((each) => ['ENV', 'ARG'].includes(keyword(each)))
      .every((each) => !/KEY|SECRET|PASSWORD|TOKEN/.test(each.getArgumentsContent() ?? '')),
};

const keyword = (instruction: Instruction): string => instruction.getKeyword();
const all = (file: Dockerfile): Instruction[] => file.getInstructions();
const argumentsOf = (instruction: Instruction | undefined): string[] =>
  instruction?.getArguments().map((each) => each.getValue()) ?? [];
const runs = (file: Dockerfile): string[] =>
  all(file)
    .filter((each) => keyword(each) === 'RUN')
    .map((each) => each.getArgumentsContent() ?? '');

function stages(file: Dockerfile): Instruction[][] {
  const found: Instruction[][] = [];
  for (const each of all(file)) {
    if (keyword(each) === 'FROM') found.push([]);
    found.at(-1)?.push(each);
  }
  return found;
}

const text = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
const brokenBy: Readonly<Record<string, (whole: string) => string>> = {
  'DL3006, DL3007: every base image has a version of its own': (whole) => whole.replace('node:24-slim', 'node'),
  'DL3002: the last user is not root': (whole) => whole.replace('USER node', 'USER root'),
  'DL3020: files come by COPY': (whole) => whole.replace('COPY src', 'ADD src'),
  'DL3025: CMD, ENTRYPOINT and HEALTHCHECK are in exec form': (whole) =>
    whole.replace(/^CMD .*$/m, 'CMD node dist/main.js'),
  'DL3000: WORKDIR is absolute': (whole) => whole.replace('WORKDIR /app', 'WORKDIR app'),
  'DL3016, DL3042: packages come from the lock file, and leave no cache in the image': (whole) =>
    whole.replace('npm ci --omit=dev', 'npm install --omit=dev'),
  'DL3004, DL3008: nothing is installed from a distribution, and nobody becomes root': (whole) =>
    whole.replace('RUN npm run build', 'RUN apt-get install -y curl'),
  'packages are installed before the source is copied, so that a change of it installs none anew': (whole) =>
    whole.replace('COPY package.json package-lock.json ./', 'COPY . .'),
  'the last stage has a HEALTHCHECK, one CMD and a STOPSIGNAL': (whole) => whole.replace('STOPSIGNAL SIGTERM\n', ''),
  'no secret is in an ENV or ARG': (whole) => whole.replace('PORT=4000', 'GWANMUN_API_KEY=1'),
};

describe('the Dockerfile', () => {
  it.each(Object.entries(rules))('%s', (name, holds) => {
    expect(holds(DockerfileParser.parse(text))).toBe(true);
    const broken = brokenBy[name]?.(text) ?? text;
    expect(broken).not.toBe(text);
    expect(holds(DockerfileParser.parse(broken))).toBe(false);
  });
});
