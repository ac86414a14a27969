/** Every message that a gateway lists, page by page, for the ledgers that are compared in the end. */
import type { Listed } from './kill-verdict.ts';

interface ListPage {
  readonly data: {
    readonly messages: {
      readonly edges: readonly { readonly node: Listed }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
    };
  };
}

export async function listMessages(url: string, apiKey: string): Promise<Listed[]> {
  const query = `query ($after: String) {
    messages(first: 100, after: $after) { edges { node { id state clientRef } } pageInfo { hasNextPage endCursor } }
  }`;
  const all: Listed[] = [];
  for (let after: string | undefined; ; ) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query, variables: { after } }),
    });
    const { data } = (await response.json()) as ListPage;
    all.push(...data.messages.edges.map(({ node }) => node));
    if (!data.messages.pageInfo.hasNextPage) return all;
    after = data.messages.pageInfo.endCursor;
  }
}
