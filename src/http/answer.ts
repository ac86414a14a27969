/** What the server answers outside GraphQL: small JSON that nobody keeps, with failures in the form that GraphQL gives them. */
import type { ServerResponse } from 'node:http';

export const failure = (code: string, message: string): object => ({ errors: [{ message, extensions: { code } }] });

export function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
