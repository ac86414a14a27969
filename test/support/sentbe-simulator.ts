/**
 * A Sentbe simulator for one test, its clock standing still unless the test moves it, and a client that encrypts by the
 * code of Sentbe's own sample over CryptoJS 3.1.2. Nothing moves by itself unless the test says so.
 */
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import CryptoJS from 'crypto-js';
import { onTestFinished } from 'vitest';
import { createSentbeSimulator, type SentbeSimulatorOptions } from '../../src/simulators/sentbe/simulator.ts';

export const PARTNER_ID = 'partner_1';
export const ACCESS_ID = 'access_0123456789';
const SECRET_KEY = 'test_pw';
const START = Date.parse('2026-03-02T03:04:05.678Z');

/** As in the sample. */
const format = {
  stringify(sealed: { ciphertext: object; iv: object; salt: object }): string {
    return JSON.stringify({
      ct: (sealed.ciphertext as { toString(encoder: object): string }).toString(CryptoJS.enc.Base64),
      iv: String(sealed.iv),
      s: String(sealed.salt),
    });
  },
};

/** `value` is encoded once here: an object becomes JSON, a text that is JSON already becomes JSON twice. */
export const encrypt = (value: unknown, secretKey = SECRET_KEY): string =>
  CryptoJS.AES.encrypt(JSON.stringify(value), secretKey, { format }).toString();

/** What a text encrypts to that need not be JSON. */
export const encryptText = (text: string): string => CryptoJS.AES.encrypt(text, SECRET_KEY, { format }).toString();

export const OUTBOUND_USER = {
  external_id: '3',
  nationality: 'KR',
  phone_number: '010-3333-4445',
  birth_date: '19880101',
  funds_source: 'business_earnings',
  occupation: 'company_employee',
  often_send_country: 'PH',
  phone_country_code: 'KR',
  password: '1234qwer!@',
  first_name: 'firsrt',
  transfer_purpose: 'saving',
  identification_number: '88010112345677',
  last_name: 'last',
  email: 'test@outbound.com',
  gender: 'M',
  address_attributes: {
    region: 'seoul',
    country: 'KR',
    line_1: 'gangnamgu 111',
    city: 'seoul',
    postal_code: '12345',
  },
  agreements_attributes: {
    unique_id_info: 'true',
    third_party_info: 'true',
    electronic_financial_transactions: 'true',
    privacy_info: 'true',
    small_sum_foreign: 'true',
  },
};

export const OUTBOUND_RECIPIENT = {
  first_name: 'firsrt',
  last_name: 'last',
  country: 'PH',
  receive_method: 'bank',
  external_id: '2',
  phone_number: '010-3333-4442',
  phone_country_code: 'KR',
  address_attributes: { region: 'seoul', city: 'seoul', country: 'KR' },
  bank_attributes: {
    account_type: 'Savings',
    branch: '123',
    account_number: '1234567890123456',
    account_holder_name: '홍길동테스트',
    name: '10305',
  },
};

export const INBOUND_USER = {
  phone_country_code: 'US',
  birth_date: '19890101',
  last_name: 'ryu',
  email: 'sender@example.com',
  nationality: 'US',
  phone_number: '010-1234-1234',
  first_name: 'sanghyun',
};

export const INBOUND_RECIPIENT = {
  bank_attributes: { name: '002', account_number: '12341234', account_holder_name: 'gildong hong' },
  country: 'KR',
  phone_country_code: 'KR',
  first_name: 'gildong',
  last_name: 'hong',
  phone_number: '010-5678-5678',
};

export const INBOUND_AMOUNT = {
  transfer_info: { send_amount: '1000000', send_amount_currency: 'KRW' },
  wallet_info: { transfer_currency: 'KRW', fee_currency: 'USD' },
};

export async function startSentbeSimulator(options: Partial<SentbeSimulatorOptions> = {}) {
  const clock = { at: START, now: () => clock.at, monotonicMs: () => clock.at };
  const keys = { partnerId: PARTNER_ID, accessId: ACCESS_ID, secretKey: SECRET_KEY };
  const simulator = createSentbeSimulator({ ...keys, clock, advanceMs: 0, approvalMs: 0, ...options });
  onTestFinished(() => simulator.stop());
  const { url } = await simulator.start();

  /** A connection of its own for each call. A null header is left out. */
  async function send(
    method: string,
    path: string,
    headers: Record<string, string | null> = {},
    body?: Buffer | string,
  ) {
    const all = {
      'content-type': 'application/json; charset=utf-8',
      'PARTNER-ID': PARTNER_ID,
      KEY: ACCESS_ID,
      ...headers,
    };
    const given = Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null));
    return new Promise<{ status: number; json: ReturnType<typeof JSON.parse>; text: string }>((resolve, reject) => {
      const request = httpRequest(`${url}/${path}`, { method, headers: given, agent: false }, async (response) => {
        try {
          const parts: Buffer[] = [];
          for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
          const text = Buffer.concat(parts).toString('utf8');
          const json = text.startsWith('{') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode ?? 0, json, text });
        } catch (fault) {
          reject(fault);
        }
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  /** The parameters are encoded twice, as every sample of the document does. */
  async function call(method: 'GET' | 'POST', path: string, parameters?: object) {
    const signature = parameters && encrypt(JSON.stringify(parameters));
    const { json } = await send(method, path, signature === undefined ? {} : { SIGNATURE: signature });
    return json;
  }

  /** The data of a call that must be good. */
  async function good(method: 'GET' | 'POST', path: string, parameters?: object) {
    const json = await call(method, path, parameters);
    if (json?.result !== true) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
    return json.data;
  }

  /** The code of the only error. */
  async function refused(method: 'GET' | 'POST', path: string, parameters?: object): Promise<string> {
    const json = await call(method, path, parameters);
    return json.result === false && json.errors.length === 1 ? json.errors[0].error_code : JSON.stringify(json);
  }

  /** A user who is fully verified, and a recipient of theirs. */
  async function sender() {
    const user = await good('POST', 'outbound/users', OUTBOUND_USER);
    simulator.setVerifications(user.id, { mobile: 'completed', documents: 'completed', bank: 'completed' });
    const recipient = await good('POST', 'outbound/recipients', { ...OUTBOUND_RECIPIENT, user_id: user.id });
    const amount = { recieve_amount: '5000', recieve_amount_currency: 'PHP' };
    const quote = { user_id: String(user.id), recipient_id: String(recipient.id), ...amount };
    return { user, recipient, quote, transfer: { ...quote, exchange_rate_list_id: '1', external_id: 'T-1' } };
  }

  async function inboundSender() {
    const user = await good('POST', 'inbound/users', INBOUND_USER);
    const recipient = await good('POST', 'inbound/recipients', { ...INBOUND_RECIPIENT, user_id: user.id });
    const transfer = { user_id: user.id, recipient_id: recipient.id, external_id: 'IN-1', ...INBOUND_AMOUNT };
    return { user, recipient, transfer };
  }
  return { simulator, clock, url, send, call, good, refused, sender, inboundSender };
}

/** Hears callbacks, and answers each with the next of `answers`, then with 200; undefined hangs up. */
export async function startCallbackListener(answers: (number | undefined)[] = []) {
  const heard: { readonly token: string; readonly external_id: string; readonly status: string }[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    heard.push(JSON.parse(Buffer.concat(parts).toString('utf8')));
    const answer = answers.length > 0 ? answers.shift() : 200;
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`, heard };
}
