import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BreakingChangeType,
  buildSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isInputObjectType,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { schema } from '../src/graphql/schema.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const printed = read('schema/schema.graphql');
const contract = buildSchema(read('test/contract/schema.graphql'));

/**
 * What the contract names on types that are built already, and no issue has asked for yet. A row goes when it is built,
 * so that nothing which was built once can vanish.
 */
const notBuiltYet: readonly string[] = [];

/** Additions are free. A type may be missing whole: were it in use, a built field of it would be missing too. */
function breaksWithContract(sdl: string): string[] {
  const ours = buildSchema(sdl);
  const breaking = findBreakingChanges(contract, ours).filter(({ type, description }) => {
    switch (type) {
      case BreakingChangeType.TYPE_REMOVED:
        return false;
      case BreakingChangeType.FIELD_REMOVED:
      case BreakingChangeType.ARG_REMOVED:
        return !notBuiltYet.includes(placeIn(description));
      default:
        return true;
    }
  });
  const dangerous = findDangerousChanges(contract, ours).filter(
    ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
  );
  return [...[...breaking, ...dangerous].map(({ description }) => description), ...changedInputDefaults(ours)];
}

/** graphql-js compares the defaults of arguments, and not those of input fields. */
function changedInputDefaults(ours: GraphQLSchema): string[] {
  const defaultsOf = (of: GraphQLSchema): Map<string, string> =>
    new Map(
      Object.values(of.getTypeMap())
        .filter(isInputObjectType)
        .flatMap((type) =>
          Object.values(type.getFields()).map((field) => [`${type}.${field.name}`, JSON.stringify(field.defaultValue)]),
        ),
    );
  const now = defaultsOf(ours);
  return [...defaultsOf(contract)]
    .filter(([place, value]) => now.has(place) && now.get(place) !== value)
    .map(([place, value]) => `${place} has changed default value from ${value} to ${now.get(place)}.`);
}

/** `Query.a was removed.` is Query.a, `Query.a arg b was removed.` is Query.a(b). */
const placeIn = (description: string): string =>
  description.replace(/(?: arg (\w+))? was removed\.$/, (_all, argument) =>
    argument === undefined ? '' : `(${argument})`,
  );

describe('the printed schema', () => {
  it('is what the code says', () => {
    expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(printed);
  });

  it('holds the contract', () => {
    expect(breaksWithContract(printed)).toEqual([]);
  });

  it('lacks all that is listed as not built yet, and nothing else', () => {
    const missing = findBreakingChanges(contract, buildSchema(printed))
      .filter(({ type }) => type === BreakingChangeType.FIELD_REMOVED || type === BreakingChangeType.ARG_REMOVED)
      .map(({ description }) => placeIn(description));
    expect(missing.sort()).toEqual(notBuiltYet);
  });

  it.each([
    ['a field that lost its non-null', 'node: Message!', 'node: Message', /^MessageEdge\.node changed type/],
    ['a field that went', '  spamFiltered: Boolean!\n', '', /^NgsReport\.spamFiltered was removed/],
    [
      'an argument that went',
      '(after: String, filter: NgsReportFilter, orphans',
      '(after: String, orphans',
      /^Subscription\.ngsReport arg filter/,
    ],
    [
      'an argument that became required',
      'messageChanged(after: String,',
      'messageChanged(after: String!,',
      /^Subscription\.messageChanged arg after/,
    ],
    [
      'a new argument that is required',
      'sendSms(input',
      'sendSms(dryRun: Boolean!, input',
      /dryRun on Mutation\.sendSms was added/,
    ],
    ['another default', 'wait: SendWait = SUBMITTED', 'wait: SendWait = QUEUED', /^Send(Sms|Kakao)Input\.wait/],
    ['an enum value that went', '  UNCONFIRMED\n', '', /^UNCONFIRMED was removed/],
    [
      'a union member that went',
      'union NgsReportEvent = NgsReport | StreamCaughtUp',
      'union NgsReportEvent = NgsReport',
      /^StreamCaughtUp was removed/,
    ],
    [
      'an interface that went',
      'type Message implements Node',
      'type Message',
      /^Message no longer implements interface Node/,
    ],
  ])('breaks the contract by %s', (_what, from, to, told) => {
    const broken = printed.replace(from, to);
    expect(broken).not.toBe(printed);
    expect(breaksWithContract(broken)).toEqual([expect.stringMatching(told)]);
  });

  it('may add to the contract', () => {
    const more = printed
      .replace('sendSms(input', 'sendSms(dryRun: Boolean, input')
      .concat('\nenum Mood {\n  GOOD\n}\n');
    expect(breaksWithContract(more)).toEqual([]);
  });
});

describe('the example operations', () => {
  const files = readdirSync(join(root, 'schema/operations'));

  it('are there', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('%s is valid by itself', (file) => {
    expect(validate(buildSchema(printed), parse(read(`schema/operations/${file}`)))).toEqual([]);
  });

  it('have the types and documents that codegen makes of them', async () => {
    expect(await codegenCheck(root)).toEqual({ code: 0, told: expect.any(String) });
  });

  it('are found stale by codegen where a document changed', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'gwanmun-codegen-'));
    onTestFinished(() => rmSync(copy, { recursive: true }));
    for (const part of ['codegen.yml', 'package.json', 'schema', 'test/generated']) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    expect(await codegenCheck(copy)).toMatchObject({ code: 0 });

    writeFileSync(join(copy, 'schema/operations/9-new.graphql'), 'query New {\n  providers {\n    account\n  }\n}\n');
    expect(await codegenCheck(copy)).toEqual({
      code: 1,
      told: expect.stringContaining('test/generated/operations.ts'),
    });
  });
});

function codegenCheck(folder: string): Promise<{ code: number; told: string }> {
  const cli = join(root, 'node_modules/.bin/graphql-codegen');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [cli, '--config', 'codegen.yml', '--check'],
      { cwd: folder },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, told: out + err }),
    );
  });
}
