import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/core/store.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { kim, shop, startPasskeyCore } from '../../support/passkey-core.ts';
import { authenticationMutations, registrationMutations } from '../../support/passkey-mutations.ts';

// One for all rows: a ceremony of one never meets that of another.
let store: Store;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-test-'));
  store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(new Uint8Array(32)) });
});
afterAll(async () => {
  await store.close();
  await rm(dataDir, { recursive: true });
});

describe('of a valid registration, with a provider that says yes to all', () => {
  it('nothing is refused', async () => {
    const core = await startPasskeyCore({}, { store });
    await core.registered();
    expect(core.judged()).toBe(1);
  });

  it.each(registrationMutations)('$what is $check', async ({ check, ceremony, edit }) => {
    const core = await startPasskeyCore({}, { store });
    const valid = await core.created(ceremony);
    const registering = core.service.register(shop, { ...kim, credential: edit?.(valid) ?? valid });
    if (check === 'PROVIDER') return expect(await registering).toMatchObject(kim);
    await expect(registering).rejects.toMatchObject({ name: 'PasskeyRejected', check });
    expect(core.judged()).toBe(0);
  });
});

describe('of a valid authentication, with a provider that says yes to all', () => {
  it('nothing is refused', async () => {
    const core = await startPasskeyCore({}, { store });
    const { credential } = await core.registered();
    expect(await core.service.authenticate(shop, { ...kim, credential: await core.got() })).toMatchObject({
      ...kim,
      credentialId: credential.id,
    });
  });

  it.each(authenticationMutations)('$what is $check', async ({ check, ceremony, edit }) => {
    const core = await startPasskeyCore({}, { store });
    await core.registered();
    const valid = await core.got(ceremony);
    const authenticating = core.service.authenticate(shop, { ...kim, credential: edit?.(valid) ?? valid });
    if (check === 'PROVIDER') return expect(await authenticating).toMatchObject(kim);
    await expect(authenticating).rejects.toMatchObject({ name: 'PasskeyRejected', check });
    expect(core.judged()).toBe(1);
  });
});

describe('a credential', () => {
  it.each([
    ['nothing', null],
    ['a text', '{}'],
    ['a number', 7],
    ['a list', []],
    ['an empty object', {}],
    ['members of its prototype', Object.create({ id: 'AQ', rawId: 'AQ', type: 'public-key', response: {} })],
    ['a depth that cannot be written', JSON.parse('['.repeat(200_000) + ']'.repeat(200_000))],
  ])('that is %s is FORM', async (_what, credential) => {
    const { service } = await startPasskeyCore({}, { store });
    const refused = { name: 'PasskeyRejected', check: 'FORM' };
    await expect(service.register(shop, { ...kim, credential })).rejects.toMatchObject(refused);
    await expect(service.authenticate(shop, { ...kim, credential })).rejects.toMatchObject(refused);
  });
});
