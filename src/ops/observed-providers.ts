/**
 * Every call to a provider as an operator sees it: how often, how long, how it ended, and the codes that its table does not know.
 * The ports are wrapped from outside, so that no provider knows that it is watched.
 */
import type { CommerceProvider } from '../core/commerce/provider.ts';
import { GatewayError, ProviderUnavailable } from '../core/errors.ts';
import type { ProviderFault, ProviderName } from '../core/outcome.ts';
import type { MessageProvider, Submission } from '../core/provider.ts';
import type { RemittanceProvider } from '../core/remittance/provider.ts';
import { currentRequest, inRequest, outsideRequest } from '../core/request.ts';
import type { VerificationProvider } from '../core/verification/provider.ts';
import type { KnowsCode } from './known-codes.ts';
import type { Metrics } from './metrics.ts';
import type { Ended, Spans } from './spans.ts';

export interface ProviderWatch {
  carrier(provider: MessageProvider): MessageProvider;
  verification(provider: VerificationProvider): VerificationProvider;
  commerce(provider: CommerceProvider): CommerceProvider;
  remittance(provider: RemittanceProvider): RemittanceProvider;
}

export interface ProviderWatchOptions {
  readonly metrics: Metrics;
  readonly spans: Spans;
  /** Whether the table of the provider gives this code a meaning; true for codes of our own. */
  readonly knowsCode: KnowsCode;
}

interface Account {
  readonly provider: ProviderName;
  readonly account: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what a call takes and gives is its port's business.
type Call = (...given: any[]) => Promise<unknown>;

export function createProviderWatch({ metrics, spans, knowsCode }: ProviderWatchOptions): ProviderWatch {
  function noteFault(fault: Parameters<KnowsCode>[0]): void {
    if (!knowsCode(fault)) metrics.unmappedCode(fault.provider, fault.code);
  }

  function watched<T>(
    of: Account,
    call: string,
    work: () => Promise<T>,
    requestIds: readonly string[] = [],
  ): Promise<T> {
    const { provider, account } = of;
    const stop = metrics.providerCalls.startTimer({ provider, call });
    const facts = { 'gwanmun.provider': provider, 'gwanmun.account': account };
    const tell = (ended: Ended<T>) => {
      const outcome = outcomeOf(ended);
      const code = faultsOf(ended)[0]?.code;
      return { 'gwanmun.outcome': outcome, ...(code !== undefined && { 'gwanmun.code': code }) };
    };
    const end = (ended: Ended<T>): void => {
      stop({ outcome: outcomeOf(ended) });
      for (const fault of faultsOf(ended)) noteFault(fault);
    };
    const name = `${provider} ${call}`;
    const span = {
      name,
      kind: 'CLIENT',
      facts,
      ...(requestIds.length > 1 && { alsoFor: requestIds.slice(1) }),
    } as const;
    return spans.run(span, work, tell).then(
      (value) => {
        end({ value });
        return value;
      },
      (error) => {
        end({ error });
        throw error;
      },
    );
  }

  /** The same port, with these of its calls watched. */
  function port<Port extends Account>(provider: Port, calls: readonly (keyof Port & string)[]): Port {
    const observed: Partial<Record<keyof Port, Call>> = {};
    for (const name of calls) {
      const call = provider[name] as Call | undefined;
      // What a provider cannot do is not there.
      if (call !== undefined) observed[name] = (...given) => watched(provider, name, () => call(...given));
    }
    return { ...provider, ...observed };
  }

  return {
    carrier(provider) {
      const { groups, reservations, lookUp } = provider;
      return {
        ...provider,
        start: (inbox, ...may) =>
          provider.start(
            {
              receive(report) {
                if (!report.delivered) noteFault({ provider: provider.provider, code: report.rawResult });
                return inbox.receive(report);
              },
            },
            ...may,
          ),
        submit: (submission, attempt) =>
          forMessages([submission], (ids) =>
            watched(provider, 'submit', () => provider.submit(submission, attempt), ids),
          ),
        ...(lookUp !== undefined && {
          lookUp: (submission, attempt, isKnown) =>
            forMessages([submission], (ids) =>
              watched(provider, 'lookUp', () => lookUp(submission, attempt, isKnown), ids),
            ),
        }),
        ...(groups !== undefined && {
          groups: {
            ...groups,
            submit: (submissions, attempts) =>
              forMessages(submissions, (ids) =>
                watched(provider, 'submit', () => groups.submit(submissions, attempts), ids),
              ),
          },
        }),
        ...(reservations !== undefined && {
          reservations: {
            ...reservations,
            cancel: (reference) => watched(provider, 'cancel', () => reservations.cancel(reference)),
          },
        }),
      };
    },
    verification: (provider) =>
      port(provider, [
        ...(['sendSmsCode', 'verifySmsCode', 'sendEmailCode', 'verifyEmailCode', 'setUpTotp', 'verifyTotp'] as const),
        ...(['passkeyRegistrationOptions', 'registerPasskey', 'passkeyAuthenticationOptions'] as const),
        ...(['authenticatePasskey', 'registerPushDevice', 'sendPush', 'pushAnswer', 'respondToPush'] as const),
      ]),
    commerce(provider) {
      const observed = port(provider, ['seller', 'productOrders', 'confirm', 'dispatch', 'orderChanges']);
      return {
        ...observed,
        async issueToken(subject) {
          const { account } = provider;
          try {
            const token = await watched(provider, 'issueToken', () => provider.issueToken(subject));
            metrics.tokenIssues.inc({ account, outcome: 'ISSUED' });
            return token;
          } catch (error) {
            metrics.tokenIssues.inc({ account, outcome: outcomeOf({ error }) });
            throw error;
          }
        },
      };
    },
    remittance: (provider) =>
      port(provider, [
        ...(['registerUser', 'findUser', 'user', 'verifyUser', 'uploadDocument', 'addRecipient', 'quote'] as const),
        ...(['transfer', 'cancelTransfer', 'lookUpTransfer', 'findTransfers'] as const),
      ]),
  };
}

/**
 * A message is sent for the request that stored it, whichever request happened to wake who sends it; and also after a restart,
 * when nothing is left of the request but its id.
 */
function forMessages<T>(submissions: readonly Submission[], work: (requestIds: readonly string[]) => T): T {
  const ids = [...new Set(submissions.flatMap(({ requestId }) => requestId ?? []))];
  const [requestId] = ids;
  const begin = (): T => work(ids);
  if (requestId === undefined) return outsideRequest(begin);
  return currentRequest()?.requestId === requestId ? begin() : inRequest({ requestId }, begin);
}

function outcomeOf(ended: Ended<unknown>): string {
  if ('error' in ended) return outcomeOfError(ended.error);
  const { value } = ended;
  const [one] = Array.isArray(value) ? value : [value];
  if (typeof one !== 'object' || one === null) return 'OK';
  if ('outcome' in one && typeof one.outcome === 'string') {
    // Those of one call share its fate; where they do not, that some were refused says more.
    const all = Array.isArray(value) ? value.map((each) => each?.outcome) : [one.outcome];
    return String(all.find((outcome) => outcome !== 'ACCEPTED') ?? 'ACCEPTED');
  }
  return 'OK';
}

function outcomeOfError(error: unknown): string {
  if (error instanceof ProviderUnavailable) return error.outcome === 'UNKNOWN' ? 'UNKNOWN' : 'NOT_ACCEPTED';
  return error instanceof GatewayError ? error.code : 'BUG';
}

function faultsOf(ended: Ended<unknown>): readonly ProviderFault[] {
  if ('error' in ended) {
    const { error } = ended;
    return error instanceof GatewayError && error.origin !== undefined ? [error.origin] : [];
  }
  const values = Array.isArray(ended.value) ? ended.value : [ended.value];
  const faults = values.flatMap((each) => (typeof each === 'object' && each !== null ? (each.fault ?? []) : []));
  // One call has one answer, however many messages went in it.
  return faults.filter((fault, at) => faults.findIndex(({ code }) => code === fault.code) === at);
}
