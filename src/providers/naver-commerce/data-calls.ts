/** What every call with a token shares: its headers, what a refused token is, and the envelope of the order APIs. */
import { z } from 'zod';
import type { CommerceAnswer } from '../../core/commerce/provider.ts';
import { type JsonObject, someText } from './answer.ts';
import type { CommerceApi, CommerceCall } from './api.ts';
import { readTime } from './korea-time.ts';

export const ORDERS_PATH = '/v1/pay-order/seller/product-orders';

export type Read<T> = (body: JsonObject, httpStatus: number) => T;

/** `read` is given the body of a success. @throws as `CommerceApi.call`, and ProviderRejected */
export async function callWithToken<T>(
  api: CommerceApi,
  call: CommerceCall,
  { accessToken, body }: { readonly accessToken: string; readonly body?: JsonObject },
  read: Read<T>,
): Promise<CommerceAnswer<T>> {
  const content = {
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    secrets: [accessToken],
  };
  // What the gateway itself refuses (GW.IP_NOT_ALLOWED) it refuses for every order.
  const reply = await api.call(
    call,
    () => content,
    ({ fault }) => fault.code.startsWith('GW.'),
  );
  if (reply.kind === 'TOKEN_REFUSED') return { tokenRefused: true, fault: reply.fault };
  if (reply.kind === 'REFUSED') throw api.rejected(reply.fault);
  return { tokenRefused: false, value: read(reply.body, reply.httpStatus) };
}

/**
 * The `data` of an order API: absent or null where there is nothing to tell, but not where the body is an error's that
 * came with a good status.
 */
export function dataOf(api: CommerceApi, body: JsonObject, httpStatus: number): unknown {
  const data = body['data'] ?? undefined;
  if (data === undefined && body['code'] !== undefined)
    throw api.unreadable(httpStatus, 'It is an error with a good status.');
  return data;
}

/** An id, which came as text or as a number. */
export const idText = someText.pipe(z.string().max(64));

/** A time, zone-less ones in Korea. */
export const instant = z.string().transform((text, context) => {
  const at = readTime(text);
  if (at !== undefined) return at;
  context.addIssue({ code: 'custom', message: 'is no time' });
  return z.NEVER;
});

/** What may be missing, and is left out where it is not what it should be. */
export function perhaps<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.optional().catch(undefined);
}

/** The named values that are there: a member is left out, and never undefined. */
export function present<T extends object>(values: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
