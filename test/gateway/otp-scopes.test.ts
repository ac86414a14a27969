import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { otpScopes } from '../../src/core/verification/otp-limits.ts';
import { SCOPES } from '../../src/providers/securekey/limits.ts';

const mutations = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
  .getMutationType()
  ?.getFields();

describe('the description in the schema', () => {
  const { resend, destination, client, neighbours, tenant, failures, totpFailures } = otpScopes;

  it.each([
    ['requestOtp', [resend, destination, client, neighbours, tenant, SCOPES.send, SCOPES.all]],
    ['verifyOtp', [failures, totpFailures, SCOPES.attempt, SCOPES.all]],
    ['enrollTotp', [SCOPES.all]],
  ])('of %s lists every scope of its RateLimited, and no other', (field, scopes) => {
    const listed = mutations?.[field]?.description?.split('RateLimited.scope is ')[1]?.matchAll(/"([^"]+)"/g) ?? [];
    expect(Array.from(listed, ([, scope]) => scope)).toEqual(scopes);
  });
});
