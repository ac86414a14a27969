/** The signature of Naver's API gateway (SENS, signature): over the literal target, never over the body. */
import { createHmac } from 'node:crypto';

/** The value of x-ncp-apigw-signature-v2. `target` is what stands in the request line, query included. */
export function signSens(
  request: { readonly method: string; readonly target: string; readonly timestamp: string },
  keys: { readonly accessKey: string; readonly secretKey: string },
): string {
  return createHmac('sha256', keys.secretKey)
    .update(`${request.method} ${request.target}\n${request.timestamp}\n${keys.accessKey}`)
    .digest('base64');
}
