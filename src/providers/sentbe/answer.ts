/**
 * What an answer of Sentbe says, in one of five kinds. Pure. `result` decides, then the HTTP status: which status an
 * error has is not documented (Sentbe, Errors).
 */
import type { Instant } from '../../core/clock.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { HttpResult } from '../http-client.ts';
import { type CodeClass, ERROR_CODES } from './error-codes.ts';
import { type JsonObject, jsonObject, parseExactJson, shortText } from './exact-json.ts';

export type SentbeAnswer =
  | { readonly kind: 'DONE'; readonly data: unknown; readonly httpStatus: number }
  | { readonly kind: CodeClass; readonly fault: ProviderFault }
  /** Nothing left, or it was turned away at the door. */
  | { readonly kind: 'NOT_SENT'; readonly fault: ProviderFault };

const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 64;

/** `secrets`: what was sent and may not be quoted, even where Sentbe's own words do. */
export function readAnswer(result: HttpResult, at: Instant, secrets: readonly string[] = []): SentbeAnswer {
  if (result.kind !== 'response') {
    const { code, message } = result.cause;
    const fault = faultOf(code, message.slice(0, MAX_TEXT_LENGTH), undefined, at);
    return { kind: result.kind === 'not-sent' ? 'NOT_SENT' : 'UNCERTAIN', fault };
  }
  const { status } = result;
  const body = jsonObject(parseExactJson(result.body));
  const isOk = status >= 200 && status < 300;
  if (body?.['result'] === true) {
    if (isOk) return { kind: 'DONE', data: body['data'], httpStatus: status };
    // A refusal around a body that says "done" contradicts itself.
    return { kind: 'UNCERTAIN', fault: faultOf(`HTTP_${status}`, undefined, status, at) };
  }
  const errors = body?.['result'] === false ? errorsOf(body) : [];
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  const classes = errors.map(({ code }) => ERROR_CODES.get(code)?.class ?? (isRefusal ? 'REFUSED' : 'UNCERTAIN'));
  const kind = strongest(classes);
  if (kind !== undefined) {
    const { code, text } = errors[classes.indexOf(kind)] as Said;
    return { kind, fault: faultOf(code, withoutSecrets(text, secrets), status, at) };
  }
  const fault = faultOf(`HTTP_${status}`, undefined, status, at);
  if (status === 429) return { kind: 'NOT_SENT', fault };
  if (status === 401 || status === 403) return { kind: 'KEY_REFUSED', fault };
  return { kind: isRefusal ? 'REFUSED' : 'UNCERTAIN', fault };
}

/** That it was done, but not with what it was asked for. `text` names what is missing, and quotes nothing. */
export function badAnswer(text: string, at: Instant): ProviderFault {
  return faultOf('BAD_ANSWER', text, undefined, at);
}

interface Said {
  readonly code: string;
  readonly text: string | undefined;
}

function errorsOf(body: JsonObject): Said[] {
  const { errors } = body as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((each) => {
    const error = jsonObject(each);
    const code = shortText(error?.['error_code'], MAX_CODE_LENGTH);
    const message = error?.['message'];
    const text = typeof message === 'string' && message.trim() !== '' ? message.trim() : undefined;
    return code === undefined ? [] : [{ code, text }];
  });
}

/** Where several are named, a doubt outweighs them, and a refused key the others. */
function strongest(classes: readonly CodeClass[]): CodeClass | undefined {
  return (['UNCERTAIN', 'KEY_REFUSED', 'REFUSED'] as const).find((each) => classes.includes(each));
}

function withoutSecrets(text: string | undefined, secrets: readonly string[]): string | undefined {
  const clean = secrets.reduce<string | undefined>((left, secret) => left?.replaceAll(secret, '***'), text);
  return clean?.slice(0, MAX_TEXT_LENGTH);
}

function faultOf(code: string, text: string | undefined, httpStatus: number | undefined, at: Instant): ProviderFault {
  return {
    provider: 'SENTBE',
    code: code.slice(0, MAX_CODE_LENGTH),
    ...(text === undefined ? {} : { text }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    at,
  };
}
