/** The one Pothos builder: its plugins, its types in TypeScript, its rules. It defines no GraphQL type. */
import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin, { type AuthFailure, AuthScopeFailureType } from '@pothos/plugin-scope-auth';
import type { Instant } from '../core/clock.ts';
import { Unauthorized } from '../core/errors.ts';
import type { Scope } from '../core/tenant.ts';
import type { Context } from './context.ts';
import { decodeGlobalId, encodeGlobalId } from './global-id.ts';
import { quotaPlugin } from './quota-plugin.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: { list: false; items: false };
  AuthScopes: { scope: Scope };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Instant; Output: Instant };
    PhoneNumber: { Input: string; Output: string };
    CallbackNumber: { Input: string; Output: string };
    Base64: { Input: string; Output: Uint8Array };
    WebAuthnJSON: { Input: unknown; Output: unknown };
  };
}>({
  // Errors stand before the others: otherwise a missing scope is a top-level error where the union has Unauthorized. Quotas
  // stand before scope-auth: what is refused for want of a scope counts as well.
  plugins: [ErrorsPlugin, RelayPlugin, quotaPlugin, ScopeAuthPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true, defaultTypes: [] },
  relay: {
    cursorType: 'String',
    encodeGlobalID: encodeGlobalId,
    decodeGlobalID: decodeGlobalId,
    edgesFieldOptions: { nullable: { list: false, items: false } },
    nodeFieldOptions: { nullable: false },
    nodeQueryOptions: false,
    nodesQueryOptions: false,
  },
  scopeAuth: {
    authScopes: ({ caller }) => ({ scope: (scope) => caller.scopes.has(scope) }),
    // A stream that is not allowed must not open its source.
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, _info, result) => new Unauthorized([...missing(result.failure)]),
  },
});

/** The scopes whose lack made an authorisation fail. */
function* missing(failure: AuthFailure): Iterable<string> {
  if (failure.kind === AuthScopeFailureType.AuthScope) yield String(failure.parameter);
  if ('failures' in failure) for (const inner of failure.failures) yield* missing(inner);
}
