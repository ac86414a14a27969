/**
 * The GraphiQL page, whole in one answer: it loads nothing from any other host. Its tabs are the documents of
 * schema/operations, and where the sandbox made a key it is filled in, for HTTP and for WebSocket.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { graphqlPath } from './pipeline.ts';

/**
 * Where tabs fill their bar, GraphiQL 5 moves the one that is pressed far to the right, out from under the mouse, and so
 * no click ever opens it. The offset comes from its drag and drop, and is set while a tab has the focus.
 */
const holdTabs = '.graphiql-tab { transform: none !important; }';

const operationsFolder = new URL('../../schema/operations/', import.meta.url);

export function renderGraphiqlPage(apiKey: string | undefined): string {
  const authorization = apiKey === undefined ? undefined : `Bearer ${apiKey}`;
  const headers = JSON.stringify({ authorization: authorization ?? 'Bearer <your API key>' }, undefined, 2);
  const files = readdirSync(operationsFolder)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  const options = {
    // No break space: the bar gives it one line beside the tabs.
    title: 'Gwanmun\u00a0관문',
    endpoint: graphqlPath,
    // The header editor does not reach a WebSocket: a key that is typed in subscribes over SSE.
    subscriptionsProtocol: authorization === undefined ? ('SSE' as const) : ('WS' as const),
    defaultTabs: files.map((name) => ({ query: readFileSync(new URL(name, operationsFolder), 'utf8'), headers })),
    // The first tab takes its headers from here, not from the tab.
    headers,
    shouldPersistHeaders: true,
    defaultEditorToolsVisibility: 'headers' as const,
    // Not among the documented options, but handed on as they are.
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  };
  return renderGraphiQL(options).replace('</head>', `<style>${holdTabs}</style></head>`);
}
