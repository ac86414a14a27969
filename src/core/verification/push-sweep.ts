/**
 * What happens to push approvals by the passing of time: each one that is open is asked about by one poller, whoever
 * follows it and however many gateways there are; calls without an answer become UNCONFIRMED; deadlines expire.
 */
import type { Clock, Instant } from '../clock.ts';
import { createDueWork, type DueTask, type DueWork } from '../due-work.ts';
import { GatewayError, RateLimited } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { VerificationProvider } from './provider.ts';
import type { PushApproval } from './push-approval.ts';
import { type PushStore, pushIndex } from './push-store.ts';

export interface PushSweepOptions {
  readonly store: Store;
  readonly approvals: PushStore;
  readonly provider: VerificationProvider | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
}

const maxPollDelayMs = 10_000;

export function createPushSweep({ store, approvals, provider, clock, log, everyMs }: PushSweepOptions): DueWork {
  const tasks: DueTask[] = [
    { index: pushIndex.deadlines, work: (key) => approvals.record(key, { type: 'DEADLINE', at: clock.now() }) },
    { index: pushIndex.sending, work: (key) => approvals.record(key, { type: 'ABANDONED', at: clock.now() }) },
  ];
  if (provider !== undefined) {
    tasks.push({
      index: pushIndex.polls(provider.provider, provider.account),
      work: (key) => poll(provider, key),
      holdMs: provider.callTimeoutMs + 5_000,
    });
  }

  let failing = false;
  async function poll(asked: VerificationProvider, key: string): Promise<void> {
    const [approval] = await approvals.load([key]);
    if (approval?.requestId === undefined || approval.pollAt === undefined) return;
    const { requestId, externalUserId: userId } = approval;
    const askedAt = clock.now();
    try {
      const answer = await asked.pushAnswer({ requestId, userId });
      failing = false;
      const at = clock.now();
      await approvals.record(
        key,
        answer === 'PENDING'
          ? { type: 'POLL_DUE', at, askedAt, pollAt: at + pollDelayMs(approval, at) }
          : { type: 'DECIDED', at, state: answer, via: 'POLL' },
      );
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const at = clock.now();
      if (error instanceof RateLimited) {
        const pollAt = Math.max(at + 1, error.retryAt ?? 0) + turn(approval, error.retryAt ?? at);
        await approvals.record(key, { type: 'POLL_DUE', at, pollAt });
        return;
      }
      if (!failing) log.warn('push.poll-failed', { provider: asked.provider, account: asked.account, error });
      failing = true;
      await approvals.record(key, { type: 'POLL_DUE', at, askedAt, pollAt: at + pollDelayMs(approval, at) });
    }
  }

  return createDueWork({ store, clock, log, tasks, everyMs });
}

/** 1 s, then half as long again each time: with delays of such a series, the next is a second and half the age. */
function pollDelayMs({ sentAt, createdAt }: PushApproval, now: Instant): number {
  return Math.min(Math.round(1_000 + (now - (sentAt ?? createdAt)) / 2), maxPollDelayMs);
}

/**
 * Who has waited longest asks first when the budget has a place again. The order has to come from the approval: by the
 * place in this claim, one that comes alone would always be first. All within a quarter second: no place lies idle long.
 */
function turn({ askedAt, sentAt, createdAt }: PushApproval, retryAt: Instant): number {
  const longestMs = 240_000;
  const waitedMs = retryAt - (askedAt ?? sentAt ?? createdAt);
  return Math.round((1 - Math.min(Math.max(waitedMs / longestMs, 0), 1)) * 250);
}
