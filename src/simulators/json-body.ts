/** The JSON body of a request to a simulator. What must be in it is judged elsewhere. */

export type JsonBody = { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly reason: string };

export function readJsonBody(bytes: Buffer, contentType: string | undefined): JsonBody {
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType ?? '')) {
    return { ok: false, reason: 'Content-Type: application/json; charset=utf-8 is required.' };
  }
  try {
    return { ok: true, json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { ok: false, reason: 'The body is no JSON in UTF-8.' };
  }
}
