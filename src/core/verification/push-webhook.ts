/** What a webhook about a push does: decides the approval that it names, or has the provider asked at once. */
import type { Clock } from '../clock.ts';
import type { PushResponded, WebhookEffect, WebhookSource, WebhookSubject } from '../webhooks/source.ts';
import type { PushApproval } from './push-approval.ts';
import type { PushStore } from './push-store.ts';

export function createPushWebhookEffect(options: {
  readonly approvals: PushStore;
  readonly clock: Clock;
}): WebhookEffect {
  const { approvals, clock } = options;

  async function find(
    { provider, account }: WebhookSource,
    subject: WebhookSubject,
  ): Promise<{ key: string; approval: PushApproval; subject: PushResponded } | undefined> {
    if (subject.type !== 'PUSH_RESPONDED') return undefined;
    const { requestId, userId } = subject;
    // By nothing else: what a person answered may be the prompt of another system on the same account.
    const key = await approvals.keyOfRequest(provider, account, requestId);
    const [approval] = key === undefined ? [] : await approvals.load([key]);
    // A requestId of another person's prompt proves nothing about this one.
    const isOther = userId !== undefined && userId !== approval?.externalUserId;
    return key === undefined || approval === undefined || isOther ? undefined : { key, approval, subject };
  }

  return {
    async ownerOf(source, subject) {
      return (await find(source, subject))?.approval.tenant;
    },
    async apply(source, named, receivedAt) {
      const found = await find(source, named);
      if (found === undefined) return 'UNMATCHED';
      const { key, subject } = found;
      // When it came counts, not when it is worked on: a decision in time stays in time through an outage of ours.
      const { decision } = subject;
      const at = clock.now();
      await approvals.record(
        key,
        decision === undefined
          ? { type: 'POLL_DUE', at, pollAt: at }
          : { type: 'DECIDED', at: receivedAt, state: decision, via: 'WEBHOOK' },
      );
      return 'APPLIED';
    },
  };
}
