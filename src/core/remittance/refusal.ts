/** What the parts of remittance say no with: one wording for each, and the fault that a record keeps. */
import type { Instant } from '../clock.ts';
import {
  type GatewayError,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  type Subject,
  unavailableOf,
} from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { ProviderFault } from '../outcome.ts';
import type { RemittanceProvider } from './provider.ts';

/** @throws ProviderUnavailable where Sentbe has no settings. */
export function providerOrRefusal(provider: RemittanceProvider | undefined): RemittanceProvider {
  if (provider !== undefined) return provider;
  throw new ProviderUnavailable('Sentbe is not configured: set SENTBE_PARTNER_ID and the settings beside it.', {
    code: 'PROVIDER_DISABLED',
    outcome: 'NOT_ACCEPTED',
  });
}

export const problem = (path: readonly string[], rule: string, message: string): FieldProblem => ({
  path,
  rule,
  message,
});

export const invalid = (path: readonly string[], rule: string, message: string): InvalidInput =>
  new InvalidInput([problem(path, rule, message)]);

/** @throws InvalidInput where there is a problem. */
export function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}

/** An ID that is garbage, of another type or of another tenant: all look the same. */
export const unknownId = (path: readonly string[]): InvalidInput =>
  invalid(path, 'UNKNOWN', 'There is none with this ID. 해당 ID를 찾을 수 없습니다.');

/** @throws InvalidInput where the provider's ids of it name others to the partner of now. */
export function refuseOtherPartner(
  { partner }: { readonly partner: string },
  provider: RemittanceProvider | undefined,
  path: readonly string[],
): void {
  if (provider === undefined || partner === provider.partner) return;
  const message = 'It is registered with another partner account. 다른 파트너 계정에 등록된 항목입니다.';
  throw invalid(path, 'UNKNOWN', message);
}

export const takenExternalId = (): InvalidInput =>
  invalid(['input', 'externalId'], 'DUPLICATE', 'This externalId is in use. 이미 사용된 externalId입니다.');

/** It may have had its effect. */
export const isUncertain = (error: GatewayError): boolean =>
  error instanceof ProviderUnavailable && error.outcome !== 'NOT_ACCEPTED';

/** The provider's words; where it said none, ours. */
export const faultOf = (error: GatewayError, at: Instant): ProviderFault =>
  error.origin ?? { provider: 'SENTBE', code: error.code, text: error.message, at };

/** The same failure, naming what is stored, as far as its kind can. */
export function withSubject(error: GatewayError, subject: Subject): GatewayError {
  if (error instanceof ProviderRejected && error.origin !== undefined) {
    return new ProviderRejected(error.message, error.origin, subject);
  }
  return error instanceof ProviderUnavailable ? unavailableOf(error, subject) : error;
}
