/** How many subscriptions a tenant may have in this process, over WebSocket and SSE together. Which ones is all the same. */
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { CallerContext } from '../graphql/context.ts';
import { SOCKET_LIMITS } from './limits.ts';
import { createTally } from './socket-caps.ts';

export const tooManyStreams = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'TOO_MANY_STREAMS', http: { status: 429, spec: false } } });

export function createStreamCaps(perTenant: number = SOCKET_LIMITS.subscriptionsPerTenant): Plugin<CallerContext> {
  const open = createTally();
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn, setResultAndStopExecution }) {
      const { id } = args.contextValue.caller.tenant;
      if (open.count(id) >= perTenant) {
        setResultAndStopExecution({ errors: [tooManyStreams('This tenant has too many subscriptions.')] });
        return;
      }
      setSubscribeFn(async (each: ExecutionArgs) => {
        const release = open.add(id);
        try {
          const result = await subscribeFn(each);
          if (isStream(result)) return releasing(result, release);
          release();
          return result;
        } catch (error) {
          release();
          throw error;
        }
      });
    },
  };
}

const isStream = (result: unknown): result is AsyncIterable<ExecutionResult> =>
  typeof result === 'object' && result !== null && Symbol.asyncIterator in result;

/** By hand: a generator that waits for its source cannot be returned before the source speaks. */
function releasing<T>(source: AsyncIterable<T>, release: () => void): AsyncIterableIterator<T> {
  const iterator = source[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const result = await iterator.next();
        if (result.done) release();
        return result;
      } catch (error) {
        release();
        throw error;
      }
    },
    async return() {
      release();
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      release();
      await iterator.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
