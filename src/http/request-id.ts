/**
 * The one id of a request: the caller's own where it has the form of one, else a new one. It may be taken over, since it decides
 * nothing: a caller who gives another's id muddles the search for its own requests, and every log line names the tenant beside it.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { currentRequest } from '../core/request.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** W3C Trace Context, version 00. */
const traceparent = /^00-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Half of it names the first span, and neither half may be nothing. */
const hasZeros = /^0{8}-0{4}-0{4}|-0{4}-0{12}$/;

/** `x-request-id` where it is a UUID, or the trace of `traceparent` as one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  const trace = traceparent
    .exec(String(headers['traceparent'] ?? ''))
    ?.slice(1)
    .join('-');
  const id = [given, trace].find((each): each is string => typeof each === 'string' && uuid.test(each));
  return id === undefined || hasZeros.test(id) ? randomUUID() : id.toLowerCase();
}

type ResultProcess = Parameters<NonNullable<Plugin['onResultProcess']>>[0];

/** Puts the id into each error of an answer. Into a copy: what is wrong with a document is remembered, and told to many. */
export function nameRequest({ result, setResult }: ResultProcess): void {
  const requestId = currentRequest()?.requestId;
  if (requestId === undefined || Array.isArray(result) || !('errors' in result)) return;
  const errors = result.errors?.map(({ message, nodes, source, positions, path, originalError, extensions }) => {
    const place = { nodes, source, positions, path, originalError } as GraphQLErrorOptions;
    return new GraphQLError(message, { ...place, extensions: { ...extensions, requestId } });
  });
  if (errors !== undefined) setResult({ ...result, errors });
}
