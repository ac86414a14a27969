/** What one dispatcher has begun at once, as the store sees it: what a kill at that moment would leave in doubt. */
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/messaging/message.ts';
import { messageIndex } from '../../../src/core/messaging/message-index.ts';
import type { SubmitResult } from '../../../src/core/provider.ts';
import type { Store } from '../../../src/core/store.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { type ScriptedProvider, scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const accepted: SubmitResult = { outcome: 'ACCEPTED', reference: 'R' };
const outbox = messageIndex.outbox('SENS', 'default', 'SMS', tenant.id);

interface Grouping {
  readonly provider: ScriptedProvider;
  /** The recipients of each call, in the order in which they were made. */
  readonly calls: (readonly string[])[];
  /** Answers the oldest call that waits, and lets there be room for another. */
  answer(): void;
  answerAll(): void;
}

/** Takes so many calls at once, like SENS, and answers when it is told to. */
function groupingProvider(room: number, maxSize = 100): Grouping {
  const calls: (readonly string[])[] = [];
  const waiting: (() => void)[] = [];
  let isPrompt = false;
  const call = (recipients: readonly string[]): Promise<void> => {
    calls.push(recipients);
    provider.setVacancies(room - waiting.length - 1);
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (isPrompt) setImmediate(answer);
    });
  };
  const provider = scriptedProvider({
    provider: 'SENS',
    async submit({ to }) {
      await call([to]);
      return accepted;
    },
    groups: {
      maxSize,
      keyOf: ({ text }) => text,
      async submit(submissions) {
        await call(submissions.map(({ to }) => to));
        return submissions.map(() => accepted);
      },
    },
  });
  function answer(): void {
    waiting.shift()?.();
    provider.setVacancies(room - waiting.length);
  }
  provider.setVacancies(0);
  return {
    provider,
    calls,
    answer,
    answerAll() {
      isPrompt = true;
      while (waiting.length > 0) answer();
    },
  };
}

const numberOf = (at: number): string => `0101${String(at).padStart(7, '0')}`;

/** In the order in which they are due. */
async function queued(
  core: Awaited<ReturnType<typeof messagingCore>>,
  count: number,
  textOf: (at: number) => string,
): Promise<Message[]> {
  const inputs = Array.from({ length: count }, (_, at) => ({
    idempotencyKey: `batch-${at}`,
    to: numberOf(at),
    text: textOf(at),
    purpose: 'NORMAL' as const,
    allowLms: true,
    wait: 'QUEUED' as const,
  }));
  const results = await core.sender.sendSmsBatch(tenant, inputs);
  const messages = results.map((result) => result as Message);
  return messages.sort((one, other) => one.dueAt - other.dueAt || (one.id < other.id ? -1 : 1));
}

const inState = async (store: Store, state: Message['state']): Promise<number> =>
  (await store.range(messageIndex.byState(tenant.id, state), { limit: 1_000 })).length;

describe('a provider that takes several recipients in one call', () => {
  it('has no more calls begun than it takes at once, where the texts share none', async () => {
    const store = await temporaryStore();
    const { provider, calls, answer, answerAll } = groupingProvider(4);
    const core = await messagingCore({ store, providers: [provider] });
    const messages = await queued(core, 24, (at) => `text ${at}`);
    provider.setVacancies(4);
    await until(() => calls.length === 4);
    expect(await inState(store, 'SUBMITTING')).toBe(4);
    answer();
    await until(() => calls.length === 5);
    expect(await inState(store, 'SUBMITTING')).toBe(4);
    answerAll();
    await until(async () => (await inState(store, 'SUBMITTED')) === messages.length);
    // Nobody overtakes.
    expect(calls).toEqual(messages.map(({ to }) => [to]));
  });

  it('counts a call until its answer is stored', async () => {
    const store = await temporaryStore();
    let isHeld = true;
    const late: (() => void)[] = [];
    const slow: Store = {
      ...store,
      async write(batch) {
        const stores = batch.put?.some(({ value }) => (value as Partial<Message>).state === 'SUBMITTED') === true;
        if (stores && isHeld) await new Promise<void>((resolve) => late.push(resolve));
        return store.write(batch);
      },
    };
    const { provider, calls, answer, answerAll } = groupingProvider(4);
    const core = await messagingCore({ store: slow, providers: [provider] });
    await queued(core, 20, (at) => `text ${at}`);
    provider.setVacancies(4);
    await until(() => calls.length === 4);
    answer();
    answer();
    await until(() => late.length === 2);
    // There is room at the provider, and what it answered is not stored.
    await core.send({ providers: ['SENS'], to: numberOf(99), text: 'one more', wait: 'QUEUED' });
    expect(await inState(store, 'SUBMITTING')).toBe(4);
    expect(calls).toHaveLength(4);
    isHeld = false;
    for (const release of late) release();
    answerAll();
    await until(async () => (await inState(store, 'SUBMITTED')) === 21);
  });

  it('is asked three times for three calls full of one content, with room for one call', async () => {
    const store = await temporaryStore();
    const { provider, calls, answerAll } = groupingProvider(1, 20);
    const core = await messagingCore({ store, providers: [provider] });
    await queued(core, 60, () => 'one content');
    answerAll();
    provider.setVacancies(1);
    await until(async () => (await inState(store, 'SUBMITTED')) === 60);
    expect(calls.map((recipients) => recipients.length)).toEqual([20, 20, 20]);
    expect(new Set(calls.flat()).size).toBe(60);
  });

  it('leaves to other gateways, where they stood, what it has no room for', async () => {
    const store = await temporaryStore();
    const { provider, calls, answerAll } = groupingProvider(1);
    const core = await messagingCore({ store, providers: [provider] });
    const [, ...others] = await queued(core, 5, (at) => `text ${at}`);
    const dueAt = async () => (await store.range(outbox, { limit: 10 })).map(({ sort }) => sort);
    const before = await dueAt();
    provider.setVacancies(1);
    await until(() => calls.length === 1);
    await until(async () => (await dueAt()).every((sort) => sort <= Date.now()));
    expect(await dueAt()).toEqual(before.slice(1));
    expect(await inState(store, 'QUEUED')).toBe(others.length);
    answerAll();
    await until(async () => (await inState(store, 'SUBMITTED')) === 5);
  });

  it('never sends what was cancelled while it waited for room, and does not put it back', async () => {
    const store = await temporaryStore();
    const { provider, calls, answerAll } = groupingProvider(1);
    const core = await messagingCore({ store, providers: [provider] });
    const messages = await queued(core, 4, (at) => `text ${at}`);
    const before = await store.range(outbox, { limit: 10 });
    provider.setVacancies(1);
    await until(() => calls.length === 1);
    const { id, to } = messages[2] as Message;
    expect((await core.canceller.cancel(tenant.id, id)).state).toBe('CANCELLED');
    const waiting = [before[1], before[3]];
    await until(async () => JSON.stringify(await store.range(outbox, { limit: 10 })) === JSON.stringify(waiting));
    answerAll();
    await until(async () => (await inState(store, 'SUBMITTED')) === 3);
    expect(calls.flat()).not.toContain(to);
    expect((await core.load(id))?.state).toBe('CANCELLED');
  });
});
