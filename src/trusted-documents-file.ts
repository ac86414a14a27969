/**
 * The form of GWANMUN_TRUSTED_DOCUMENTS: a folder of .graphql files, each one document, or a manifest in JSON, as a map from
 * SHA-256 to text or as Apollo writes it. Whether a document is valid is asked where the schema is known.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

interface TrustedDocumentFile {
  readonly name: string;
  readonly id: string;
  readonly text: string;
}

const maxBytes = 8 * 1_048_576;
const maxDocuments = 10_000;
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const map = z.record(hash, z.string());
const apollo = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: hash, body: z.string() })),
});

export const trustedDocuments = z.string().transform((path, context): readonly TrustedDocumentFile[] => {
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  try {
    const documents = statSync(path).isDirectory() ? readFolder(path) : readManifest(readText(path));
    if (documents === undefined)
      return refuse(`${path} is neither a map from SHA-256 to document nor a manifest of Apollo's`);
    if (documents.length === 0) return refuse(`${path} holds no document`);
    if (documents.length > maxDocuments) return refuse(`${path} holds more than ${maxDocuments} documents`);
    const strange = documents.find(({ id, text }) => hashOf(text) !== id);
    if (strange !== undefined) return refuse(`${path}: ${strange.name} is not the SHA-256 of its document`);
    return documents;
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`${path} is not JSON`);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return refuse(`names ${path}, which cannot be read (${code})`);
  }
});

function readFolder(folder: string): readonly TrustedDocumentFile[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files.sort().map((name) => {
    const text = readText(join(folder, name));
    return { name, id: hashOf(text), text };
  });
}

function readManifest(content: string): readonly TrustedDocumentFile[] | undefined {
  const json: unknown = JSON.parse(content);
  const manifest = apollo.safeParse(json);
  if (manifest.success) return manifest.data.operations.map(({ id, body }) => ({ name: id, id, text: body }));
  const texts = map.safeParse(json);
  return texts.success ? Object.entries(texts.data).map(([id, text]) => ({ name: id, id, text })) : undefined;
}

function readText(path: string): string {
  if (statSync(path).size > maxBytes) throw Object.assign(new Error('Too large.'), { code: 'EFBIG' });
  return readFileSync(path, 'utf8');
}

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
