/** A Sentbe account for a test: a provider with keys of its own, a peer that answers as it is told, and CryptoJS, which reads what went out. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import CryptoJS from 'crypto-js';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { RemittanceProvider } from '../../../src/core/remittance/provider.ts';
import { createSentbeProvider, type SentbeProviderOptions } from '../../../src/providers/sentbe/provider.ts';

export const KEYS = { partnerId: 'partner-1', accessId: 'access-canary-7f3a', secretKey: 'secret-canary-91bc' };

export type Reply = (response: http.ServerResponse, request: http.IncomingMessage) => unknown;
export interface Seen {
  readonly line: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
  /** What CryptoJS reads in SIGNATURE. */
  readonly parameters: unknown;
}

/** A peer that answers as it is told and keeps what it got. */
export async function peer(reply: Reply) {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const { signature } = request.headers;
    const parameters = typeof signature === 'string' ? JSON.parse(openSealed(KEYS.secretKey, signature)) : undefined;
    seen.push({
      line: `${request.method} ${request.url}`,
      headers: request.headers,
      body: Buffer.concat(pieces),
      parameters,
    });
    await reply(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

export const answer =
  (status: number, body: unknown): Reply =>
  (response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

/** The envelopes of the document (Errors). */
export const success = (data: unknown): Reply => answer(200, { result: true, data });
export const refusal = (...codes: string[]) => ({
  result: false,
  errors: codes.map((error_code) => ({ message: `Says why of ${error_code}`, error_code })),
});

export function provider(baseUrl: string, options: Partial<SentbeProviderOptions> = {}): RemittanceProvider {
  const made = createSentbeProvider({
    account: 'default',
    baseUrl,
    ...KEYS,
    simulated: true,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  onTestFinished(() => made.stop());
  return made;
}

/** A provider whose peer gives one answer, and what went out. */
export async function scripted(reply: Reply, options: Partial<SentbeProviderOptions> = {}) {
  const { url, seen } = await peer(reply);
  return { made: provider(url, options), seen };
}

/** What a call threw, which must be one of the closed list. */
export async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const error = await call.then(
    (value) => new Error(`It answered ${JSON.stringify(value)}.`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayError) return error;
  throw error;
}

interface Parts {
  readonly ct: string;
  readonly iv?: string;
  readonly s?: string;
}

/** The document's JavaScript sample, member by member (Authentication 2). */
const format = {
  stringify(sealed: { ciphertext: { toString(encoder: object): string }; iv?: object; salt?: object }): string {
    const parts: { ct: string; iv?: string; s?: string } = { ct: sealed.ciphertext.toString(CryptoJS.enc.Base64) };
    if (sealed.iv) parts.iv = sealed.iv.toString();
    if (sealed.salt) parts.s = sealed.salt.toString();
    return JSON.stringify(parts);
  },
  parse(text: string): object {
    const parts = JSON.parse(text) as Parts;
    const sealed = CryptoJS.lib.CipherParams.create({ ciphertext: CryptoJS.enc.Base64.parse(parts.ct) });
    return Object.assign(sealed, {
      ...(parts.iv !== undefined && { iv: CryptoJS.enc.Hex.parse(parts.iv) }),
      ...(parts.s !== undefined && { salt: CryptoJS.enc.Hex.parse(parts.s) }),
    });
  },
};

export function sealed(passphrase: string, value: unknown): string {
  return CryptoJS.AES.encrypt(JSON.stringify(value), passphrase, { format }).toString();
}

/** The value that was sealed: of the document's own use a text, which is JSON again. */
export function openSealed(passphrase: string, signature: string): string {
  return JSON.parse(CryptoJS.AES.decrypt(signature, passphrase, { format }).toString(CryptoJS.enc.Utf8));
}
