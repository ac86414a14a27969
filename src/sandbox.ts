/**
 * The ready-made secrets of the sandbox: an API key and a data key, made once in the data folder and the same ever after
 * (a browser remembers the key, and without the data key the stored records are lost). Never used in production.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export interface SandboxSecrets {
  readonly apiKey: string;
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
}

/** The file cannot be made, read or understood. Its content is not in the message. */
export class SandboxSecretsUnusable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SandboxSecretsUnusable';
  }
}

const FILE_NAME = 'sandbox-secrets.json';

const content = z.strictObject({
  apiKey: z.string().regex(/^[\x21-\x7e]{16,512}$/),
  dataKey: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
});

export function sandboxSecrets(dataDir: string): SandboxSecrets {
  const path = join(dataDir, FILE_NAME);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const existing = read(path);
    if (existing !== undefined) return existing;
    create(dataDir, path);
  } catch (error) {
    if (error instanceof SandboxSecretsUnusable) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SandboxSecretsUnusable(`${path} cannot be made or read (${code})`, error);
  }
  const made = read(path);
  if (made === undefined) throw new SandboxSecretsUnusable(`${path} vanished while it was made`);
  return made;
}

function read(path: string): SandboxSecrets | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = content.safeParse(parseJson(text));
  if (!parsed.success) {
    // Making new ones would make what is stored unreadable for ever.
    throw new SandboxSecretsUnusable(`${path} is damaged: restore it, or remove the whole data folder`);
  }
  chmodSync(path, 0o600);
  return { apiKey: parsed.data.apiKey, dataKey: Uint8Array.from(Buffer.from(parsed.data.dataKey, 'base64')) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function create(dataDir: string, path: string): void {
  const secrets: z.infer<typeof content> = {
    apiKey: `gwanmun_sandbox_${randomBytes(24).toString('base64url')}`,
    dataKey: randomBytes(32).toString('base64'),
  };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(secrets, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    // A link never replaces: of two processes that start together, both then read the first one's.
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = openSync(dataDir, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
