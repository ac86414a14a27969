/** Core's codes as app.ts puts them together, over a given store, scripted providers and a clock of the test's. */
import type { Clock } from '../../src/core/clock.ts';
import { GatewayError } from '../../src/core/errors.ts';
import type { ProviderFault } from '../../src/core/outcome.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import { createOtpService, type OtpChallenge, type OtpService } from '../../src/core/verification/otp.ts';
import type { RequestOtpInput, VerifyOtpInput } from '../../src/core/verification/otp-input.ts';
import type { OtpVerified } from '../../src/core/verification/otp-verify.ts';
import { type MessagingCore, messagingCore, tenant } from './messaging-core.ts';
import { type ScriptedProvider, scriptedProvider } from './scripted-provider.ts';
import { type ScriptedVerification, scriptedVerification } from './scripted-verification.ts';
import { temporaryStore } from './temporary-store.ts';

export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** Noon in Korea, so that no day begins unasked. */
export function testClock(at = Date.parse('2026-11-20T12:00:00+09:00')): TestClock {
  let now = at;
  return {
    now: () => now,
    monotonicMs: () => performance.now(),
    advance(ms) {
      now += ms;
    },
  };
}

export const sens = (): ScriptedProvider =>
  scriptedProvider({
    provider: 'SENS',
    submit: async (_text, _attempt, nth) => ({ outcome: 'ACCEPTED', reference: `R${nth}` }),
  });
export const ngs = (): ScriptedProvider =>
  scriptedProvider({
    provider: 'NGS',
    submit: async (_text, { reference = '' }) => ({ outcome: 'ACCEPTED', reference }),
  });
export const fault: ProviderFault = { provider: 'SENS', code: '4000', text: 'no', at: 1 };

export interface OtpCore extends MessagingCore {
  readonly otp: OtpService;
  readonly store: Store;
  readonly clock: TestClock;
  readonly providers: readonly ScriptedProvider[];
  readonly verification: ScriptedVerification;
  /** A key of its own each time, unless one is given. */
  request(input?: Partial<RequestOtpInput>, of?: Tenant): Promise<OtpChallenge>;
  verify(input: Partial<VerifyOtpInput> & { code: string }, of?: Tenant): Promise<OtpVerified>;
  /** The same service once more, as another process would have it. */
  another(): OtpService;
}

export interface OtpCoreOptions {
  readonly store?: Store;
  readonly clock?: TestClock;
  readonly providers?: readonly ScriptedProvider[];
  readonly verification?: ScriptedVerification;
  readonly hasVerification?: boolean;
  readonly maxWaitMs?: number;
}

export const shop: Tenant = tenant;

export async function otpCore(options: OtpCoreOptions = {}): Promise<OtpCore> {
  const { clock = testClock(), verification = scriptedVerification(), hasVerification = true, maxWaitMs } = options;
  const store = options.store ?? (await temporaryStore());
  const providers = options.providers ?? [sens()];
  const core = await messagingCore({ store, providers, clock });
  const another = (): OtpService =>
    createOtpService({
      store,
      messages: core.messages,
      sender: core.sender,
      carriers: providers.map(({ provider }) => provider),
      verification: hasVerification ? verification : undefined,
      clock,
      ...(maxWaitMs !== undefined && { maxWaitMs }),
    });
  const otp = another();
  let asked = 0;
  return {
    ...core,
    otp,
    store,
    clock,
    providers,
    verification,
    another,
    request(input = {}, of = shop) {
      asked += 1;
      return otp.request(of, {
        idempotencyKey: `otp-${asked}`,
        channel: 'SMS',
        phone: '01012345678',
        purpose: 'login',
        provider: 'SENS',
        ...input,
      });
    },
    verify: (input, of = shop) => otp.verify(of, { channel: 'SMS', ...input }),
  };
}

/** The code in the last text that left for a number. */
export function codeTo(provider: ScriptedProvider | undefined, to = '01012345678'): string {
  const text = provider?.submissions.findLast(({ submission }) => submission.to === to)?.submission.text ?? '';
  const [, code] = /\[(\d{6})\]/.exec(text) ?? [];
  if (code === undefined) throw new Error(`No code left for ${to}.`);
  return code;
}

export const wrongCode = (code: string): string => (code === '000000' ? '000001' : '000000');

/** What a call fails with. */
export async function failureOf(work: Promise<unknown>): Promise<GatewayError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof GatewayError) return error;
  throw error ?? new Error('It did not fail.');
}
