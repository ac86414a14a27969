/** Reads the JSON body of an operation, as long as its caller may send one: who sends no images needs no more than a document. */
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../core/tenant.ts';
import { BODY_LIMITS } from './limits.ts';

/** What a caller may send at once, by the scopes of its key. */
export function maxBodyBytesOf({ scopes }: Pick<Caller, 'scopes'>): number {
  if (scopes.has('messages:send') || scopes.has('remittance')) return BODY_LIMITS.imageBytes;
  return scopes.has('commerce:write') ? BODY_LIMITS.parcelBytes : BODY_LIMITS.bytes;
}

/** In place of yoga's parser, whose limit is one for all. */
export function createBodyReader(): Plugin<{ caller: Caller }, { caller: Caller }> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') return;
      const maxBytes = maxBodyBytesOf((serverContext as { caller: Caller }).caller);
      const told = request.headers.get('content-length');
      if (told !== null && Number(told) > maxBytes) throw tooLarge();
      setRequestParser(async ({ body }) => paramsOf(body === null ? '' : await readText(body, maxBytes)));
    },
  };
}

async function readText(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  const reader = body.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw unreadable('The body ended too early.');
    });
    if (done) return Buffer.concat(chunks).toString('utf8');
    bytes += value.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(value);
  }
}

function paramsOf(text: string): object {
  let params: unknown;
  try {
    params = JSON.parse(text);
  } catch {
    // The parser's own words quote the body.
    throw unreadable('POST body sent invalid JSON.');
  }
  if (typeof params !== 'object' || params === null) throw unreadable('The body is no JSON object.');
  return params;
}

const unreadable = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400, spec: true } } });

const tooLarge = (): GraphQLError =>
  new GraphQLError('Request body too large', {
    extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } },
  });
