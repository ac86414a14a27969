/**
 * Counts each operation and each root field for its tenant, before anything of the field runs. What is too much is core's to say.
 * Pothos takes plugins as classes only.
 */
import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from './context.ts';

export const quotaPlugin = 'quota';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      quota: QuotaPlugin<Types>;
    }
  }
}

type Resolver = GraphQLFieldResolver<unknown, object, object>;

class QuotaPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver, { kind, name }: PothosOutputFieldConfig<Types>): Resolver {
    return kind === 'Query' || kind === 'Mutation' ? counted(resolver, name, kind === 'Mutation') : resolver;
  }

  override wrapSubscribe(
    subscribe: Resolver | undefined,
    { kind, name }: PothosOutputFieldConfig<Types>,
  ): Resolver | undefined {
    return kind === 'Subscription' && subscribe !== undefined ? counted(subscribe, name, false) : subscribe;
  }
}

SchemaBuilder.registerPlugin(quotaPlugin, QuotaPlugin);

/** Every field of an operation waits for the one count of it. */
const operations = new WeakMap<object, Promise<void>>();

function counted(next: Resolver, field: string, isCostly: boolean): Resolver {
  return async (root, args, context, info) => {
    const { services, caller } = context as Context;
    if (services.quota !== undefined) {
      const operation = operations.get(context) ?? services.quota.countOperation(caller.tenant, isCostly);
      operations.set(context, operation);
      await operation;
      const { inputs } = args as { inputs?: readonly unknown[] };
      await services.quota.countCall(caller.tenant, { field, items: inputs?.length ?? 1, isCostly });
    }
    return next(root, args, context, info);
  };
}
