import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { apiKey, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { transports } from '../support/transports.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const named = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const listed = 'query Accounts { providers { account } }';
const stranger = 'query Strange { providers { provider } }';

async function setUp(content: unknown, env: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, JSON.stringify(content));
  return startGateway({ GWANMUN_DATA_DIR: join(folder, 'data'), GWANMUN_TRUSTED_DOCUMENTS: manifest, ...env });
}

const only = { GWANMUN_TRUSTED_DOCUMENTS_ONLY: 'true' };
const map = { [hashOf(listed)]: listed };
const apolloManifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [{ id: hashOf(listed), name: 'Accounts', type: 'query', body: listed }],
};

describe.each(transports)('a trusted document, over %s', (_name, ask) => {
  it.each([
    ['a map', map],
    ["Apollo's manifest", apolloManifest],
  ])('of %s is run by its hash alone, in either form', async (_form, content) => {
    const gateway = await setUp(content, only);
    for (const operation of [
      named(hashOf(listed)),
      { documentId: hashOf(listed) },
      { documentId: `sha256:${hashOf(listed)}` },
      { query: listed, ...named(hashOf(listed)) },
      { query: listed },
    ]) {
      expect(await ask(gateway, apiKey, operation)).toMatchObject({ ran: true, codes: [] });
    }
  });

  it('is all that is executed where the operator says so', async () => {
    const gateway = await setUp(map, only);
    const code = async (operation: object) => {
      const { ran, codes } = await ask(gateway, apiKey, operation);
      return [ran, ...codes];
    };
    expect(await code({ query: stranger })).toEqual([false, 'TRUSTED_DOCUMENTS_ONLY']);
    expect(await code(named(hashOf(stranger)))).toEqual([false, 'PERSISTED_QUERY_NOT_FOUND']);
    expect(await code({ query: stranger, ...named(hashOf(stranger)) })).toEqual([false, 'PERSISTED_QUERY_NOT_FOUND']);
    expect(await code({ query: stranger, ...named(hashOf(listed)) })).toEqual([false, 'BAD_REQUEST']);
    expect(await code({ documentId: '__proto__' })).toEqual([false, 'PERSISTED_QUERY_NOT_FOUND']);
  });

  it('stands beside others where the operator does not, and nobody can add one', async () => {
    const gateway = await setUp(map);
    expect(await ask(gateway, apiKey, { query: stranger })).toMatchObject({ ran: true });
    expect(await ask(gateway, apiKey, { query: stranger, ...named(hashOf(stranger)) })).toMatchObject({ ran: true });
    expect(await ask(gateway, apiKey, named(hashOf(stranger)))).toMatchObject({
      ran: false,
      codes: ['PERSISTED_QUERY_NOT_FOUND'],
    });
  });
});

describe('the list of trusted documents', () => {
  const broken: [string, unknown, RegExp][] = [
    ['whose hash is of another text', { [hashOf(stranger)]: listed }, /is not the SHA-256 of its document/],
    ['that the schema does not know', { [hashOf('{ no }')]: '{ no }' }, /Cannot query field/],
    [
      'that is over a limit',
      { [hashOf(`{${' __typename'.repeat(300)}}`)]: `{${' __typename'.repeat(300)}}` },
      /too many fields/,
    ],
    ['of another form', ['a'], /neither a map/],
    ['that is empty', {}, /no document/],
  ];
  it.each(broken)('%s keeps the gateway from starting', async (_title, content, why) => {
    const refused = await setUp(content).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigError);
    expect(String(refused)).toMatch(/GWANMUN_TRUSTED_DOCUMENTS/);
    expect(String(refused)).toMatch(why);
  });

  it('may be the folder of the examples', async () => {
    const gateway = await setUp({}, { ...only, GWANMUN_TRUSTED_DOCUMENTS: 'schema/operations' });
    const [[, ask] = expect.fail()] = transports;
    expect(await ask(gateway, apiKey, { query: stranger })).toMatchObject({ codes: ['TRUSTED_DOCUMENTS_ONLY'] });
  });
});
