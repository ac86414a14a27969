import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import { createLogger } from '../../src/log.ts';
import {
  EnrollTotpDocument,
  NodeByIdDocument,
  RequestOtpDocument,
  type RequestOtpInput,
  VerifyOtpDocument,
  type VerifyOtpInput,
} from '../generated/operations.ts';
import { readQrCode, totpAt } from '../support/authenticator-app.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { wrongCode } from '../support/otp-core.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const phone = '01012345678';
const keys = { whole: 'one-whole-0123456789', none: 'one-none-0123456789', other: 'two-whole-0123456789' };
const tenants = [
  {
    id: 'one',
    callerNumbers: ['15880000'],
    keys: [
      { id: 'whole', secretSha256: hashApiKey(keys.whole), scopes: ['otp'] },
      { id: 'none', secretSha256: hashApiKey(keys.none), scopes: ['messages:send'] },
    ],
  },
  {
    id: 'two',
    callerNumbers: ['0212345678'],
    keys: [{ id: 'whole', secretSha256: hashApiKey(keys.other), scopes: ['otp', 'messages:read'] }],
  },
];

async function setUp() {
  const simulators = await startSimulators();
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  const tenantsFile = join(folder, 'tenants.json');
  await writeFile(tenantsFile, JSON.stringify({ tenants }));
  const logged: string[] = [];
  const env = {
    GWANMUN_DATA_DIR: dataDir,
    GWANMUN_TENANTS_FILE: tenantsFile,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
    ...simulators.env,
  };
  const log = createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } });
  const gateway = await startGateway(env, log);
  /** What the ledger of whoever carries texts saw of the code. */
  const codeOf = (provider: 'NGS' | 'SENS'): string => {
    const seen = JSON.stringify(
      provider === 'NGS' ? simulators.ngs.ledger.entries() : simulators.sens.ledger.entries(),
    );
    return /인증번호 \[(\d{6})\]/.exec(seen)?.[1] ?? expect.unreachable();
  };
  return {
    ...simulators,
    gateway,
    dataDir,
    logged,
    codeOf,
    client: gateway.as(keys.whole),
    unscoped: gateway.as(keys.none),
    other: gateway.as(keys.other),
  };
}

async function request(client: GatewayClient, part: Partial<RequestOtpInput> = {}) {
  const input = { idempotencyKey: 'k', channel: 'SMS', purpose: 'login', ...part } as const;
  return (await client.query(RequestOtpDocument, { input })).requestOtp;
}

async function challengeOf(client: GatewayClient, part: Partial<RequestOtpInput> = {}) {
  const answer = await request(client, part);
  if (answer.__typename !== 'OtpChallenge') throw new Error(JSON.stringify(answer));
  return answer;
}

async function verify(client: GatewayClient, input: Partial<VerifyOtpInput> & { code: string }) {
  return (await client.query(VerifyOtpDocument, { input: { channel: 'SMS', ...input } })).verifyOtp;
}

describe('a code, from the mutation to the handset and back', () => {
  it.each(['NGS', 'SENS'] as const)('goes by %s as a text of ours', async (provider) => {
    const { client, codeOf, ngs } = await setUp();
    const challenge = await challengeOf(client, { phone, provider });
    expect(challenge).toMatchObject({ channel: 'SMS', provider, delivery: 'SENT', attemptsLeft: 5 });
    expect(challenge.sent?.id).toEqual(expect.any(String));
    const code = codeOf(provider);
    expect(await verify(client, { challengeId: challenge.id, code: wrongCode(code) })).toMatchObject({
      __typename: 'OtpRejected',
      attemptsLeft: 4,
      expired: false,
      retry: 'AFTER_FIX',
    });
    expect(await verify(client, { phone, code })).toMatchObject({ __typename: 'OtpVerified', channel: 'SMS' });
    expect(await verify(client, { phone, code })).toMatchObject({ __typename: 'OtpRejected', attemptsLeft: 0 });
    if (provider === 'NGS') expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(1);
  });

  it('goes by SMS of SecureKey', async () => {
    const { client, securekey } = await setUp();
    const challenge = await challengeOf(client, { phone });
    expect(challenge).toMatchObject({ provider: 'SECUREKEY', delivery: 'SENT', sent: null });
    const { code = '' } = securekey.lastCode({ phone }) ?? {};
    const rejected = await verify(client, { challengeId: challenge.id, code: wrongCode(code) });
    expect(rejected).toMatchObject({ __typename: 'OtpRejected', attemptsLeft: 4 });
    expect(await verify(client, { challengeId: challenge.id, code })).toMatchObject({ __typename: 'OtpVerified' });
  });

  it('goes by e-mail of SecureKey', async () => {
    const { client, securekey } = await setUp();
    const email = 'kim@example.com';
    await challengeOf(client, { channel: 'EMAIL', email });
    const { code = '' } = securekey.lastCode({ email }) ?? {};
    expect(await verify(client, { channel: 'EMAIL', email, code })).toMatchObject({
      __typename: 'OtpVerified',
      channel: 'EMAIL',
    });
  });

  it('is sent once by NGS where the answer was lost, and never again', async () => {
    const { client, ngs, codeOf } = await setUp();
    ngs.arm({ provider: 'NGS', kind: 'drop', on: 'ack' });
    const first = await challengeOf(client, { phone, provider: 'NGS', fallback: ['SENS'] });
    const again = await challengeOf(client, { phone, provider: 'NGS', fallback: ['SENS'] });
    expect(again.id).toBe(first.id);
    expect(await verify(client, { phone, code: codeOf('NGS') })).toMatchObject({ __typename: 'OtpVerified' });
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(1);
  });
});

describe('an authenticator', () => {
  it('is set up by the QR code that its app reads, and its tokens verify', async () => {
    const { client, other } = await setUp();
    const input = { userId: 'kim', accountName: 'kim@example.com', issuer: 'Shop' };
    const { enrollTotp } = await client.query(EnrollTotpDocument, { input });
    if (enrollTotp.__typename !== 'TotpEnrollment') throw new Error(JSON.stringify(enrollTotp));
    const uri = readQrCode(enrollTotp.qrCodeDataUrl);
    expect(uri).toBe(enrollTotp.uri);
    const code = totpAt(new URL(uri ?? '').searchParams.get('secret') ?? '', Date.now());
    const attempt = { channel: 'TOTP', userId: 'kim' } as const;
    expect(await verify(client, { ...attempt, code: wrongCode(code) })).toMatchObject({ __typename: 'OtpRejected' });
    expect(await verify(other, { ...attempt, code })).not.toMatchObject({ __typename: 'OtpVerified' });
    expect(await verify(client, { ...attempt, code })).toMatchObject({ __typename: 'OtpVerified', channel: 'TOTP' });
  });
});

describe('a policy of SecureKey that asks for one more factor', () => {
  it('is told of an authenticator as MfaRequired: and the app can be set up later', async () => {
    const { client, securekey } = await setUp();
    const policy = { requiredChannels: ['SMS'], matchedPolicies: ['night'] };
    securekey.configure({ mfaPolicies: [{ on: 'totp', at: 'start', ...policy }] });
    const input = { userId: 'kim', accountName: 'kim@example.com' };
    expect((await client.query(EnrollTotpDocument, { input })).enrollTotp).toMatchObject({
      __typename: 'MfaRequired',
      code: 'MFA_REQUIRED',
      origin: { provider: 'SECUREKEY', code: 'MFA_REQUIRED' },
      ...policy,
    });
    securekey.configure({ mfaPolicies: [] });
    expect((await client.query(EnrollTotpDocument, { input })).enrollTotp.__typename).toBe('TotpEnrollment');
  });
});

describe('what a caller hears', () => {
  it('is Unauthorized without the scope otp, and a challenge is no node to it nor to another tenant', async () => {
    const { client, unscoped, other } = await setUp();
    const unauthorized = { __typename: 'Unauthorized', missingScopes: ['otp'] };
    expect(await request(unscoped, { phone })).toMatchObject(unauthorized);
    expect(await verify(unscoped, { phone, code: '123456' })).toMatchObject(unauthorized);
    const { enrollTotp } = await unscoped.query(EnrollTotpDocument, { input: { userId: 'u', accountName: 'a' } });
    expect(enrollTotp).toMatchObject(unauthorized);

    const { id } = await challengeOf(client, { phone, provider: 'NGS' });
    expect((await client.query(NodeByIdDocument, { id })).node).toMatchObject({ __typename: 'OtpChallenge', id });
    for (const stranger of [unscoped, other]) expect((await stranger.query(NodeByIdDocument, { id })).node).toBeNull();
  });

  it('is each failure as data', async () => {
    const { client, sens } = await setUp();
    await challengeOf(client, { phone, provider: 'NGS' });
    expect(await request(client, { phone, provider: 'NGS', purpose: 'pay' })).toMatchObject({
      __typename: 'IdempotencyConflict',
      differingPaths: ['purpose'],
    });
    expect(await request(client, { phone, idempotencyKey: 'l' })).toMatchObject({
      __typename: 'RateLimited',
      scope: 'OTP resends to this destination',
      limit: 1,
      windowSeconds: 30,
    });
    expect(await request(client, { channel: 'TOTP' })).toMatchObject({ __typename: 'InvalidInput' });
    expect(await verify(client, { challengeId: 'garbage', code: '123456' })).toMatchObject({
      __typename: 'OtpRejected',
      expired: true,
    });
    sens.arm({ provider: 'SENS', kind: 'reject', on: 'send', status: 400 });
    expect(await request(client, { phone: '01099998888', provider: 'SENS', idempotencyKey: 'm' })).toMatchObject({
      __typename: 'ProviderRejected',
      origin: { provider: 'SENS' },
      subjectId: expect.any(String),
    });
  });
});

describe('a code', () => {
  it('stands in no file of the store and no line of the log, and neither does its number', async () => {
    const { client, gateway, dataDir, logged, codeOf } = await setUp();
    const { id } = await challengeOf(client, { phone, provider: 'NGS' });
    const code = codeOf('NGS');
    await verify(client, { challengeId: id, code: wrongCode(code) });
    await verify(client, { challengeId: id, code });
    await gateway.stop();
    const files = await readdir(dataDir, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    // Names are not sealed: that one is found shows that the right files were read.
    expect(contents.some((content) => content.includes('otp-challenge'))).toBe(true);
    const alone = new RegExp(`(?<![0-9A-Za-z])${code}(?![0-9A-Za-z])`);
    for (const content of [...contents, ...logged]) {
      expect(alone.test(content)).toBe(false);
      expect(content.includes(phone)).toBe(false);
    }
  });
});
