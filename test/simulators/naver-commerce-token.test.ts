import { describe, expect, it } from 'vitest';
import { randomClientSecret } from '../../src/simulators/naver-commerce/signature.ts';
import vectors from '../contract/vectors.json' with { type: 'json' };
import { MINUTE_MS, START, sign, startNaverCommerceSimulator, TOKEN } from '../support/naver-commerce-simulator.ts';

const HOUR_MS = 60 * MINUTE_MS;

describe('the signature of a token request at the Naver Commerce simulator', () => {
  it.each(vectors.commerce)('passes as the golden one of $timestamp, and not with a letter changed', async (vector) => {
    const { clientId, clientSecret, timestamp, signature } = vector;
    const { clock, token } = await startNaverCommerceSimulator({ clientId, clientSecret });
    clock.at = timestamp;
    const answer = await token({ client_id: clientId, client_secret_sign: signature });
    expect([answer.status, answer.json.token_type]).toEqual([200, 'Bearer']);
    const wrong = `${signature.slice(0, -1)}${signature.endsWith('x') ? 'y' : 'x'}`;
    expect((await token({ client_id: clientId, client_secret_sign: wrong })).status).toBe(400);
  });

  it.each([
    ['of another moment', async () => ({ client_secret_sign: await sign(START + 1) })],
    ['of another client', async () => ({ client_secret_sign: await sign(START, 'other') })],
    ['that is no Base64', async () => ({ client_secret_sign: '!' })],
    ['that is the hash itself', async () => ({ client_secret_sign: atob(await sign(START)) })],
  ])('is refused %s, by name and without a penalty', async (_, changes) => {
    const { token, simulator } = await startNaverCommerceSimulator();
    const answer = await token(await changes());
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'BAD_REQUEST', invalidInputs: [{ name: 'client_secret_sign' }] });
    expect(simulator.state()).toMatchObject({ malformedTokenCalls: 0, isCapped: false });
  });

  it.each([
    [-300_000, 200],
    [300_000, 200],
    [-300_001, 400],
    [300_001, 400],
  ])('whose timestamp is %d ms off is answered %d', async (offMs, status) => {
    const { token } = await startNaverCommerceSimulator();
    const timestamp = START + offMs;
    const answer = await token({ timestamp: String(timestamp), client_secret_sign: await sign(timestamp) });
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.invalidInputs[0].name).toBe('timestamp');
  });

  it('is judged by a clock that may be wrong, and the Date header tells so', async () => {
    const { token } = await startNaverCommerceSimulator({ clockSkewMs: 10 * MINUTE_MS });
    const answer = await token();
    expect(answer.status).toBe(400);
    expect(answer.headers.get('date')).toBe('Mon, 02 Mar 2026 03:14:05 GMT');
  });

  it('takes a secret of cost 04, made at random; what is no salt is refused', async () => {
    const secrets = [randomClientSecret(), randomClientSecret()];
    for (const secret of secrets) expect(secret).toMatch(/^\$2a\$04\$[./A-Za-z0-9]{21}[.Oeu]$/);
    expect(secrets[0]).not.toBe(secrets[1]);
    await expect(startNaverCommerceSimulator({ clientSecret: 'secret' })).rejects.toThrow('clientSecret');
  });
});

describe('the tokens of the Naver Commerce simulator', () => {
  it('are the same one, with what is left of its life, while 30 minutes are left', async () => {
    const { clock, token } = await startNaverCommerceSimulator();
    const first = (await token()).json;
    expect(first).toMatchObject({ expires_in: 10_800, token_type: 'Bearer' });
    expect(Object.keys(first).sort()).toEqual(['access_token', 'expires_in', 'token_type']);
    clock.at = START + 150 * MINUTE_MS;
    expect((await token()).json).toMatchObject({ access_token: first.access_token, expires_in: 1800 });
  });

  it('are one, however many ask for it at once', async () => {
    const { token, simulator } = await startNaverCommerceSimulator();
    const answers = await Promise.all(Array.from({ length: 20 }, () => token()));
    expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1);
    expect(simulator.state().liveTokens).toBe(1);
  });

  it('are renewed below that, while the older one lives to its own end', async () => {
    const { clock, token, api } = await startNaverCommerceSimulator();
    const older = (await token()).json.access_token;
    clock.at = START + 150 * MINUTE_MS + 1;
    const newer = (await token()).json;
    expect(newer).toMatchObject({ expires_in: 10_800 });
    expect(newer.access_token).not.toBe(older);
    clock.at = START + 180 * MINUTE_MS - 1;
    expect((await api('GET', '/v1/seller/account', undefined, older)).status).toBe(200);
    clock.at += 1;
    expect((await api('GET', '/v1/seller/account', undefined, older)).json.code).toBe('GW.AUTHN');
    expect((await api('GET', '/v1/seller/account', undefined, newer.access_token)).status).toBe(200);
  });

  it('are one for each type and account, and open that account', async () => {
    const { token, api } = await startNaverCommerceSimulator();
    const self = (await token()).json.access_token;
    const of = async (account: string) => (await token({ type: 'SELLER', account_id: account })).json.access_token;
    const [a, b] = [await of('seller-a'), await of('seller-b')];
    expect(new Set([self, a, b]).size).toBe(3);
    expect(await of('seller-a')).toBe(a);
    expect((await api('GET', '/v1/seller/account', undefined, self)).json.accountId).toBe('simulated_store');
    const account = (await api('GET', '/v1/seller/account', undefined, a)).json;
    expect(account).toEqual({ accountId: 'seller-a', accountUid: expect.any(String), grade: expect.any(String) });
    // The UID names the same seller, where the sellers are known.
    const known = await startNaverCommerceSimulator({ sellerAccountIds: ['seller-a'] });
    const byId = (await known.token({ type: 'SELLER', account_id: 'seller-a' })).json.access_token;
    const byUid = await known.token({ type: 'SELLER', account_id: account.accountUid });
    expect(byUid.json.access_token).toBe(byId);
    expect((await known.token({ type: 'SELLER', account_id: 'stranger' })).status).toBe(404);
  });

  it('open nothing once they are revoked: the documented 401, and then a new one, or the same dead one', async () => {
    const { simulator, token, api } = await startNaverCommerceSimulator();
    const dead = (await token()).json.access_token;
    expect(simulator.revokeTokens()).toBe(1);
    const answer = await api('GET', '/v1/seller/account', undefined, dead);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      code: 'GW.AUTHN',
      message: '요청을 보낼 권한이 없습니다.',
      timestamp: '2026-03-02T12:04:05.678+09:00',
      traceId: answer.headers.get('gncp-gw-trace-id'),
    });
    const next = (await token()).json.access_token;
    expect(next).not.toBe(dead);
    expect((await api('GET', '/v1/seller/account', undefined, next)).status).toBe(200);
    simulator.configure({ revokedToken: 'RETURNED' });
    simulator.revokeTokens();
    expect((await token()).json.access_token).toBe(next);
  });

  it('never reach the ledger, and neither do signatures', async () => {
    const { simulator, token, api, form, postForm } = await startNaverCommerceSimulator();
    const { access_token } = (await token()).json;
    await api('GET', '/v1/seller/account', undefined, access_token);
    const wrong = await form({ type: 'NONE' });
    await postForm(wrong, `${TOKEN}?${wrong}`);
    const ledger = JSON.stringify(simulator.ledger.entries());
    expect(ledger).toContain('"client_id":"simulated"');
    expect(ledger).not.toContain(access_token);
    expect(ledger).not.toContain(await sign(START));
  });
});

describe('a malformed token request at the Naver Commerce simulator', () => {
  const good = { type: 'SELF', account_id: null };
  it.each<[string, string, Record<string, string | null>]>([
    ['account_id with SELF', 'account_id', { account_id: 'seller-a' }],
    ['SELLER without account_id', 'account_id', { type: 'SELLER' }],
    ['an empty account_id', 'account_id', { type: 'SELLER', account_id: '' }],
    ['an unknown type', 'type', { type: 'BOTH' }],
    ['no type', 'type', { type: null }],
    ['another grant_type', 'grant_type', { grant_type: 'password' }],
    ['no grant_type', 'grant_type', { grant_type: null }],
    ['no client_id', 'client_id', { client_id: null }],
    ['no timestamp', 'timestamp', { timestamp: null }],
    ['a timestamp that is no number', 'timestamp', { timestamp: 'now' }],
    ['no signature', 'client_secret_sign', { client_secret_sign: null }],
    ['an unknown parameter', 'scope', { scope: 'all' }],
  ])('with %s is 400, names %s and counts', async (_, name, changes) => {
    const { token, simulator, entries } = await startNaverCommerceSimulator();
    const answer = await token({ ...good, ...changes });
    expect(answer.status).toBe(400);
    expect(answer.json.invalidInputs).toMatchObject([{ name, type: expect.any(String), message: expect.any(String) }]);
    expect(answer.json).toMatchObject({ code: 'BAD_REQUEST', timestamp: expect.stringMatching(/\+09:00$/) });
    expect(simulator.state().malformedTokenCalls).toBe(1);
    expect(entries('POST token')).toMatchObject([{ outcome: 'REFUSED', fields: { malformed: true, httpStatus: 400 } }]);
  });

  it.each<[string, (form: string) => [body: string, target: string, contentType?: string]]>([
    ['all of it in the query', (form) => ['', `${TOKEN}?${form}`]],
    ['one parameter in the query', (form) => [form, `${TOKEN}?type=SELF`]],
    ['a parameter twice', (form) => [`${form}&type=SELF`, TOKEN]],
    ['a body of JSON', () => ['{}', TOKEN, 'application/json']],
    ['the form under another type', (form) => [form, TOKEN, 'text/plain']],
  ])('with %s is 400 and counts', async (_, spoil) => {
    const { form, postForm, simulator } = await startNaverCommerceSimulator();
    const answer = await postForm(...spoil(await form()));
    expect([answer.status, answer.json.code]).toEqual([400, 'BAD_REQUEST']);
    expect(simulator.state()).toMatchObject({ malformedTokenCalls: 1, isCapped: true, liveTokens: 0 });
  });

  it('caps the application at one token call an hour, until it is pardoned', async () => {
    const { token, simulator, clock } = await startNaverCommerceSimulator();
    await token({ account_id: 'seller-a' });
    const capped = await token();
    expect([capped.status, capped.json.code]).toEqual([429, 'GW.QUOTA_LIMIT']);
    const quota = ['period', 'limit', 'remaining'].map((name) => capped.headers.get(`gncp-gw-quota-${name}`));
    expect(quota).toEqual(['HOURS', '1', '0']);
    clock.at = START + HOUR_MS;
    expect((await token()).status).toBe(200);
    expect((await token()).status).toBe(429);
    simulator.pardon();
    expect((await token()).status).toBe(200);
    expect((await token()).status).toBe(200);
  });

  it('is judged on the next day of Korea by NEXT_DAY, which a day without one lifts; not at all by OFF', async () => {
    const { token, clock, simulator } = await startNaverCommerceSimulator({ quotaPenalty: 'NEXT_DAY' });
    await token({ account_id: 'seller-a' });
    expect((await token()).status).toBe(200);
    clock.at = Date.parse('2026-03-02T15:00:00Z');
    expect([(await token()).status, (await token()).status]).toEqual([200, 429]);
    simulator.configure({ quotaPenalty: 'OFF' });
    expect((await token()).status).toBe(200);
    simulator.configure({ quotaPenalty: 'NEXT_DAY' });
    clock.at += 24 * HOUR_MS;
    expect([(await token()).status, (await token()).status]).toEqual([200, 200]);
  });
});
