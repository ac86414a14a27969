/**
 * What `npm run key` does: makes, lists and revokes the API keys of a tenants file. A secret is printed once and kept nowhere; the
 * file is checked before and after, and replaced whole. A running gateway takes it up on SIGHUP.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeApiKey } from './core/api-key.ts';
import { SCOPES } from './core/tenant.ts';
import { tenantsFile } from './tenants-file.ts';

const usage = `npm run key -- create --tenant <id> --scopes <scope,…> [--expires <time|90d>] [--note <text>] [--write]
npm run key -- rotate --tenant <id> --key <id> [--overlap 7d] [--expires <time|90d>] [--write]
npm run key -- revoke --tenant <id> --key <id> [--write]
npm run key -- list [--tenant <id>]

--file <path>  the tenants file; otherwise GWANMUN_TENANTS_FILE
--write        puts the change into the file; otherwise it is printed for you to put there
Scopes: ${SCOPES.join(', ')}
`;

interface WrittenKey {
  id: string;
  secretSha256: string;
  scopes: string[];
  expiresAt?: string;
  note?: string;
}
interface WrittenFile {
  tenants: { id: string; keys: WrittenKey[] }[];
}

/** What the operator has to mend; printed without a stack. */
export class KeyCommandRefused extends Error {}

export interface KeyCommandOutput {
  /** The key alone, or the list: so that a key can go into a secret store without being seen. */
  out(text: string): void;
  /** What is said to the operator. */
  err(text: string): void;
}

const units = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** `defaultPath`: of the tenants file, where no --file names one. @throws KeyCommandRefused */
export function runKeyCommand(args: string[], defaultPath: string | undefined, output: KeyCommandOutput): void {
  const { positionals, values } = parse(args);
  const [command] = positionals;
  if (command === undefined || positionals.length > 1) throw new KeyCommandRefused(usage);
  const path = values.file ?? defaultPath;
  if (path === undefined) throw new KeyCommandRefused('Name the tenants file: --file, or GWANMUN_TENANTS_FILE.');
  const file = read(path);

  switch (command) {
    case 'list':
      list(file, values.tenant, output);
      break;
    case 'create': {
      if (values.scopes === undefined)
        throw new KeyCommandRefused('Name its scopes: --scopes messages:send,messages:read');
      const scopes = values.scopes.split(',').map((scope) => scope.trim());
      const { text, ...made } = makeApiKey();
      const { expires, note } = values;
      const key = { ...made, scopes, ...(expires && { expiresAt: momentOf(expires) }), ...(note && { note }) };
      tenantOf(file, values.tenant).keys.push(key);
      keep(path, file, values.write, output, [key]);
      tell(text, output);
      break;
    }
    case 'rotate': {
      const tenant = tenantOf(file, values.tenant);
      const old = keyOf(tenant, values.key);
      const { text, ...made } = makeApiKey();
      const { expiresAt: _expiresAt, ...kept } = old;
      const key = { ...kept, ...made, ...(values.expires && { expiresAt: momentOf(values.expires) }) };
      const end = momentOf(values.overlap);
      // Never later than it would have been anyway.
      if (old.expiresAt === undefined || Date.parse(end) < Date.parse(old.expiresAt)) old.expiresAt = end;
      tenant.keys.push(key);
      keep(path, file, values.write, output, [old, key]);
      tell(text, output);
      break;
    }
    case 'revoke': {
      const key = keyOf(tenantOf(file, values.tenant), values.key);
      key.expiresAt = new Date().toISOString();
      keep(path, file, values.write, output, [key]);
      break;
    }
    default:
      throw new KeyCommandRefused(usage);
  }
}

function read(path: string): WrittenFile {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The parser's own words quote the file.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'not JSON';
    throw new KeyCommandRefused(`${path} cannot be read: ${code}.`);
  }
  check(path, file);
  return file as WrittenFile;
}

function check(path: string, file: unknown): void {
  const result = tenantsFile.safeParse(file);
  if (result.success) return;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new KeyCommandRefused(`${path} would not be taken:\n${faults.join('\n')}`);
}

/** Checked as it will be read; old or new after a crash, never half of it. */
function keep(
  path: string,
  file: WrittenFile,
  write: boolean,
  output: KeyCommandOutput,
  changed: readonly WrittenKey[],
): void {
  check(path, file);
  if (!write) {
    output.err(`Into the keys of the tenant, in place of those with the same id:\n`);
    for (const key of changed) output.err(`${JSON.stringify(key)}\n`);
    return;
  }
  const draft = `${path}.${process.pid}.draft`;
  try {
    const descriptor = openSync(draft, 'wx', statSync(path).mode & 0o777);
    try {
      writeSync(descriptor, `${JSON.stringify(file, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  output.err(`${path} is changed. A running gateway takes it up on SIGHUP: kill -HUP <its process>\n`);
}

function tell(text: string, output: KeyCommandOutput): void {
  output.err('The key, shown this once:\n');
  output.out(`${text}\n`);
}

function list({ tenants }: WrittenFile, only: string | undefined, output: KeyCommandOutput): void {
  for (const { id, keys } of tenants) {
    if (only !== undefined && id !== only) continue;
    for (const key of keys) {
      const ended = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= Date.now();
      const life = key.expiresAt === undefined ? 'no end' : `${ended ? 'ended' : 'until'} ${key.expiresAt}`;
      output.out(`${[id, key.id, life, key.scopes.join(','), key.note ?? ''].join('\t').trimEnd()}\n`);
    }
  }
}

function tenantOf({ tenants }: WrittenFile, id: string | undefined): WrittenFile['tenants'][number] {
  const tenant = tenants.find((each) => each.id === id);
  if (tenant === undefined)
    throw new KeyCommandRefused(id === undefined ? 'Name it: --tenant' : `There is no tenant ${id}.`);
  return tenant;
}

function keyOf({ keys }: WrittenFile['tenants'][number], id: string | undefined): WrittenKey {
  const key = keys.find((each) => each.id === id);
  if (key === undefined)
    throw new KeyCommandRefused(id === undefined ? 'Name it: --key' : `The tenant has no key ${id}.`);
  return key;
}

/** `90d`, `12h`, `30m` from now, or a time such as 2027-01-31T00:00:00+09:00. */
function momentOf(text: string): string {
  const [, count, unit] = /^(\d{1,5})([dhm])$/.exec(text) ?? [];
  const at = unit === undefined ? Date.parse(text) : Date.now() + Number(count) * units[unit as keyof typeof units];
  if (Number.isNaN(at))
    throw new KeyCommandRefused(`${text} is no time: give 90d, 12h, 30m or 2027-01-31T00:00:00+09:00.`);
  return new Date(at).toISOString();
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tenant: { type: 'string' },
        key: { type: 'string' },
        scopes: { type: 'string' },
        expires: { type: 'string' },
        overlap: { type: 'string', default: '7d' },
        note: { type: 'string' },
        file: { type: 'string' },
        write: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new KeyCommandRefused(`${error instanceof Error ? error.message : ''}\n${usage}`);
  }
}
