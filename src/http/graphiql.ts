/**
 * The GraphiQL page, whole in one answer: it loads nothing from any other host. Its tabs are the documents of
 * schema/operations, and in the sandbox the ready-made key is filled in, for HTTP and for WebSocket.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { graphqlPath } from './pipeline.ts';

const operationsFolder = new URL('../../schema/operations/', import.meta.url);

export function renderGraphiqlPage(apiKey: string | undefined): string {
  const authorization = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  const headers = JSON.stringify({ authorization: authorization ?? 'Bearer <your API key>' }, undefined, 2);
  const files = readdirSync(operationsFolder)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  const options = {
    title: 'Gwanmun 관문',
    endpoint: graphqlPath,
    subscriptionsProtocol: 'WS' as const,
    defaultTabs: files.map((name) => ({ query: readFileSync(new URL(name, operationsFolder), 'utf8'), headers })),
    // The first tab takes its headers from here, not from the tab.
    headers,
    shouldPersistHeaders: true,
    defaultEditorToolsVisibility: 'headers' as const,
    // Not among the documented options, but handed on as they are: the header editor does not reach a WebSocket.
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  };
  return renderGraphiQL(options);
}
