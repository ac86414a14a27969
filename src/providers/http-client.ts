/**
 * One HTTP/1.1 exchange with a provider, and whether a byte of it can have left. It follows no redirect, decodes no
 * compression, repeats nothing, and knows no provider: what a status means is for its caller to say.
 */
import { type Dispatcher, Pool } from 'undici';
import { crashPoint } from '../core/crash-points.ts';

export interface HttpClientOptions {
  readonly origin: string;
  /**
   * Of the account: struck out of every answer, since what a provider says of a refused key may quote it. Not those under 8
   * characters, which might be a part of a word.
   */
  readonly secrets?: readonly string[] | undefined;
  /** @default 3000 */
  readonly connectTimeoutMs?: number | undefined;
  /** From the request to the last of the headers. @default 5000 */
  readonly headersTimeoutMs?: number | undefined;
  /** Between two pieces of the body: a drip restarts it, so it bounds nothing alone. @default 5000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** From the call to its result, the wait for a connection included. @default 10000 */
  readonly totalTimeoutMs?: number | undefined;
  /** @default 1048576 */
  readonly maxResponseBytes?: number | undefined;
  /** @default 64 */
  readonly connections?: number | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The literal target, query included; it is sent as it stands. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface HttpFailure {
  /** A system's, undici's (UND_ERR_…) or our own: TOTAL_TIMEOUT, CONTENT_ENCODING, SENT_TWICE. */
  readonly code: string;
  readonly message: string;
}

export type HttpResult =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly body: string;
    }
  /** Certainly no byte of the request left: it was refused, or it never got a connection. */
  | { readonly kind: 'not-sent'; readonly cause: HttpFailure }
  /** Bytes may have left, and no whole answer came. */
  | { readonly kind: 'unknown'; readonly cause: HttpFailure };

export interface HttpClient {
  /** The longest that `request` takes. */
  readonly totalTimeoutMs: number;
  /** Never rejects. */
  request(request: HttpRequest): Promise<HttpResult>;
  /** Cuts what is in flight and lets every connection go. */
  close(): Promise<void>;
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { totalTimeoutMs = 10_000 } = options;
  const secrets = (options.secrets ?? []).filter(({ length }) => length >= 8);
  const pool = new Pool(options.origin, {
    connections: options.connections ?? 64,
    // With more, the requests behind a failed one would be written a second time.
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectTimeoutMs ?? 3_000 },
    headersTimeout: options.headersTimeoutMs ?? 5_000,
    bodyTimeout: options.bodyTimeoutMs ?? 5_000,
    maxResponseSize: options.maxResponseBytes ?? 1_048_576,
  });

  return {
    totalTimeoutMs,
    request: (request) =>
      new Promise((resolve) => {
        exchange(pool, request, totalTimeoutMs, (result) => resolve(withoutSecrets(result, secrets)));
      }),
    close: () => pool.destroy(),
  };
}

function exchange(
  pool: Pool,
  request: HttpRequest,
  totalTimeoutMs: number,
  resolve: (result: HttpResult) => void,
): void {
  // undici calls onRequestStart once it has a connection, just before it writes the first byte, and gives up without
  // writing where that call aborts. So this one flag tells the two failures apart, whatever the error is called.
  let started = false;
  let controller: Dispatcher.DispatchController | undefined;
  let settled = false;
  let status = 0;
  let headers: HttpHeaders = {};
  const pieces: Buffer[] = [];

  function settle(result: HttpResult): void {
    if (settled) return;
    settled = true;
    clearTimeout(deadline);
    resolve(result);
  }

  function fail(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
    settle({ kind: started ? 'unknown' : 'not-sent', cause: { code, message: error.message } });
  }

  function cut(error: Error): void {
    fail(error);
    controller?.abort(error);
  }

  const deadline = setTimeout(() => {
    cut(failure('TOTAL_TIMEOUT', `No whole answer within ${totalTimeoutMs} ms.`));
  }, totalTimeoutMs);

  pool.dispatch(
    {
      method: request.method,
      path: request.path,
      headers: { ...request.headers, 'accept-encoding': 'identity' },
      body: request.body ?? null,
    },
    {
      onRequestStart(current) {
        controller = current;
        if (started) cut(failure('SENT_TWICE', 'The connection was lost, and a request is never repeated.'));
        // The deadline passed while it waited for a connection: its caller was told that nothing left.
        else if (settled) current.abort(failure('TOTAL_TIMEOUT', 'Too late to be sent.'));
        else {
          started = true;
          // undici writes all of it in this very turn.
          queueMicrotask(() => crashPoint('http.request-written'));
        }
      },
      onResponseStart(_, statusCode, responseHeaders) {
        // A decoder is what a bomb needs, and identity was all we asked for.
        const encoding = String(responseHeaders['content-encoding'] ?? 'identity').toLowerCase();
        if (encoding !== 'identity') cut(failure('CONTENT_ENCODING', 'The answer is compressed, unasked.'));
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(_, piece) {
        pieces.push(piece);
      },
      onResponseEnd() {
        const body = new TextDecoder().decode(Buffer.concat(pieces));
        settle({ kind: 'response', status, headers, body });
      },
      onResponseError(_, error) {
        fail(error);
      },
    },
  );
}

function withoutSecrets(result: HttpResult, secrets: readonly string[]): HttpResult {
  if (result.kind !== 'response') return result;
  return { ...result, body: secrets.reduce((text, secret) => text.replaceAll(secret, '***'), result.body) };
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
