/** From which address a client comes, also behind proxies that the operator runs. Claims of anybody else are not heard. */
import type { IncomingMessage } from 'node:http';

/** `proxyHops`: how many proxies of the operator's own stand before the gateway; each adds whom it heard from. */
export function clientAddressOf({ headers, socket }: IncomingMessage, proxyHops: number): string {
  const told = String(headers['x-forwarded-for'] ?? '').split(',');
  const address = proxyHops > 0 ? told.at(-proxyHops)?.trim() : undefined;
  return address || (socket.remoteAddress ?? '');
}
