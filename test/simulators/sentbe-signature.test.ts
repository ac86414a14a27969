import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCESS_ID, encrypt, encryptText, PARTNER_ID, startSentbeSimulator } from '../support/sentbe-simulator.ts';

const vectors = JSON.parse(readFileSync(new URL('../contract/vectors.json', import.meta.url), 'utf8')).sentbe;
const sealed = ({ ct, iv, s }: Record<string, string>, change: object = {}) => JSON.stringify({ ct, iv, s, ...change });
const error = (code: string) => ({ result: false, errors: [{ error_code: code }] });

describe('the headers of the Sentbe simulator', () => {
  it.each([
    ['no PARTNER-ID', { 'PARTNER-ID': null }, 'E0003'],
    ['no KEY', { KEY: null }, 'E0003'],
    ['another PARTNER-ID', { 'PARTNER-ID': 'partner_2' }, 'E0001'],
    ['another KEY', { KEY: `${ACCESS_ID}0` }, 'E0001'],
    [
      'a KEY as it was before July 2018',
      { KEY: Buffer.from(`${PARTNER_ID}:${ACCESS_ID}`).toString('base64') },
      'E0001',
    ],
    ['a SIGNATURE that is no JSON', { SIGNATURE: 'abc' }, 'E0004'],
    ['a SIGNATURE of another secret', { SIGNATURE: encrypt('{"page":"1"}', 'another') }, 'E0004'],
    ['a SIGNATURE of no JSON', { SIGNATURE: encryptText('page=1') }, 'E0004'],
    ['a SIGNATURE of a list', { SIGNATURE: encrypt([1]) }, 'E0005'],
    ['an iv that is not derived', { SIGNATURE: sealed(vectors.doubleEncoded, { iv: '00'.repeat(16) }) }, 'E0004'],
    ['a ct that is cut', { SIGNATURE: sealed(vectors.doubleEncoded, { ct: 'AAAA' }) }, 'E0004'],
    ['no salt', { SIGNATURE: sealed(vectors.doubleEncoded, { s: undefined }) }, 'E0004'],
    ['a parameter that is not permitted', { SIGNATURE: encrypt({ test: 'aaa' }) }, 'E0005'],
    ['a page that is none', { SIGNATURE: encrypt({ page: 0 }) }, 'E0005'],
  ])('with %s are refused', async (_, headers, code) => {
    const { send, simulator } = await startSentbeSimulator();
    expect(await send('GET', 'outbound/users', headers)).toMatchObject({ status: 200, json: error(code) });
    expect(simulator.ledger.entries().at(-1)).toMatchObject({ outcome: 'REFUSED', fields: { code } });
  });

  it('may leave SIGNATURE out where nothing is required, and not where something is', async () => {
    const { call, refused } = await startSentbeSimulator();
    expect(await call('GET', 'outbound/users')).toEqual({ result: true, data: [] });
    expect(await refused('POST', 'outbound/transfers')).toBe('E0005');
  });

  it.each(['doubleEncoded', 'singleEncoded'])('open the vector %s, and the ledger tells its encoding', async (name) => {
    const { send, simulator } = await startSentbeSimulator({ secretKey: vectors.passphrase });
    const { json } = await send('GET', 'inbound/users', { SIGNATURE: sealed(vectors[name]) });
    expect(json).toEqual({ result: true, data: [] });
    expect(simulator.ledger.entries().at(-1)).toMatchObject({
      event: 'GET inbound/users',
      outcome: 'TAKEN',
      fields: { encoding: name.replace('Encoded', ''), parameters: { page: '2' } },
    });
  });

  it('open what CryptoJS 3.1.2 encrypted, Korean and backslashes too, in both encodings', async () => {
    const { send, simulator } = await startSentbeSimulator();
    const first_name = '홍 "길\\동" \n\t/';
    for (const value of [{ first_name }, JSON.stringify({ first_name })]) {
      await send('POST', 'outbound/recipients', { SIGNATURE: encrypt(value) });
    }
    const parameters = simulator.ledger.entries().map(({ fields }) => fields?.['parameters']);
    expect(parameters).toEqual([{ first_name }, { first_name }]);
  });

  it('have an error status of their own where one is set, and the code of an address that is not known', async () => {
    const { send } = await startSentbeSimulator({ errorStatus: 422, ipAllowed: false });
    expect(await send('GET', 'outbound/users')).toMatchObject({ status: 422, json: error('E0001') });
  });

  it('are refused by Node where they are longer than it takes, unless it is told to take more', async () => {
    const long = { SIGNATURE: encrypt({ page: 1, padding: 'x'.repeat(16_000) }) };
    const { send } = await startSentbeSimulator();
    expect((await send('GET', 'outbound/users', long)).status).toBe(431);
    const wide = await startSentbeSimulator({ maxHeaderSize: 65_536 });
    expect((await wide.send('GET', 'outbound/users', long)).json).toMatchObject(error('E0005'));
  });

  it('of a known path with a wrong method get E0006, and of an unknown path a 404', async () => {
    const { send } = await startSentbeSimulator();
    expect(await send('DELETE', 'outbound/users')).toMatchObject({ status: 200, json: error('E0006') });
    expect((await send('GET', 'outbound/nothing')).status).toBe(404);
  });
});
