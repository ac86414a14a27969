/** Runs a typed document over HTTP, at a gateway in whichever process: for callers that outlive it. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export interface HttpQuery {
  /** @throws GraphqlErrors where the answer has errors; a TypeError or SyntaxError where the connection broke */
  query<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables?: Variables): Promise<Data>;
}

export class GraphqlErrors extends Error {}

export function createHttpQuery(url: string, apiKey: string): HttpQuery {
  return {
    async query<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables?: Variables): Promise<Data> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ query: print(document), variables }),
      });
      const { data, errors } = (await response.json()) as { data?: Data | null; errors?: unknown };
      if (errors !== undefined || data == null) throw new GraphqlErrors(JSON.stringify(errors));
      return data;
    },
  };
}
