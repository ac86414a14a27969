/** Core's messaging as app.ts puts it together, over a given store and scripted providers. */
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createStreams } from '../../src/core/events/follow.ts';
import { type Canceller, createCanceller } from '../../src/core/messaging/cancel.ts';
import { createComposer, type SendKakaoInput, type SendSmsInput } from '../../src/core/messaging/compose.ts';
import { createDispatcher } from '../../src/core/messaging/dispatch.ts';
import type { Message, RetryRule } from '../../src/core/messaging/message.ts';
import { createMessageStore, type MessageStore } from '../../src/core/messaging/message-store.ts';
import { createMessageReader, type MessageReader } from '../../src/core/messaging/read.ts';
import { createReportStore, type ReportStore } from '../../src/core/messaging/report.ts';
import { createSender, type Sender } from '../../src/core/messaging/send.ts';
import { createStateWatch } from '../../src/core/messaging/state-watch.ts';
import { createSweeper } from '../../src/core/messaging/sweep.ts';
import type { Lease, Store } from '../../src/core/store.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import { runLog } from './run-log.ts';
import type { ScriptedProvider } from './scripted-provider.ts';

export const tenant: Tenant = { id: 'shop', callerNumbers: ['15880000', '0212345678'], keys: [] };

export interface MessagingCore {
  readonly messages: MessageStore;
  readonly reports: ReportStore;
  readonly reader: MessageReader;
  readonly sender: Sender;
  readonly canceller: Canceller;
  send(input?: Partial<SendSmsInput>): Promise<Message>;
  sendKakao(input?: Partial<SendKakaoInput>): Promise<Message>;
  load(id: string): Promise<Message | undefined>;
}

export interface MessagingCoreOptions {
  readonly store: Store;
  readonly providers: readonly ScriptedProvider[];
  readonly clock?: Clock;
  readonly retry?: RetryRule;
  readonly maxWaitMs?: number;
  readonly maxQueued?: number;
  readonly ownership?: () => Lease | undefined;
  readonly soleTenantOf?: () => string | undefined;
}

export async function messagingCore(options: MessagingCoreOptions): Promise<MessagingCore> {
  const { store, providers, clock = systemClock, retry = { maxRefusals: 2, delayMs: () => 1 } } = options;
  const trait = (name: string) => {
    const provider = providers.find((each) => each.provider === name);
    return { submitTimeoutMs: provider?.submitTimeoutMs ?? 0, looksUp: provider?.lookUp !== undefined };
  };
  const messages = createMessageStore({ store, clock, retry, providers: { SENS: trait('SENS'), NGS: trait('NGS') } });
  const reports = createReportStore({
    store,
    messages,
    clock,
    soleTenantOf: options.soleTenantOf ?? (() => tenant.id),
  });
  const watch = createStateWatch(store, messages);
  const dispatchers = providers.map((provider) =>
    createDispatcher({
      store,
      messages,
      provider,
      clock,
      log: runLog,
      pollMs: 10,
      ...(options.ownership !== undefined && { ownership: options.ownership }),
    }),
  );
  const sweeper = createSweeper({ store, messages, providers, clock, log: runLog, everyMs: 10 });
  const sender = createSender({
    store,
    messages,
    watch,
    clock,
    composer: createComposer({ carriers: providers, clock }),
    poke: (_route, tenantId) => {
      for (const dispatcher of dispatchers) dispatcher.poke(tenantId);
    },
    maxWaitMs: options.maxWaitMs ?? 10_000,
    ...(options.maxQueued !== undefined && { maxQueued: options.maxQueued }),
  });
  const reader = createMessageReader({ store, messages, reports, streams: createStreams(store) });
  for (const provider of providers) await provider.start(reports);
  for (const dispatcher of dispatchers) dispatcher.start();
  sweeper.start();
  onTestFinished(async () => {
    await Promise.all([sweeper.stop(), watch.close(), ...dispatchers.map((dispatcher) => dispatcher.stop())]);
  });
  let sent = 0;
  return {
    messages,
    reports,
    reader,
    sender,
    canceller: createCanceller({ messages, carriers: providers, clock }),
    send(input = {}) {
      sent += 1;
      return sender.sendSms(tenant, {
        idempotencyKey: `key-${sent}`,
        to: '01012345678',
        text: '안녕하세요',
        purpose: 'NORMAL',
        allowLms: true,
        wait: 'SUBMITTED',
        ...input,
      });
    },
    sendKakao(input = {}) {
      sent += 1;
      return sender.sendKakao(tenant, {
        idempotencyKey: `kakao-${sent}`,
        kind: 'ALIMTALK',
        purpose: 'NORMAL',
        method: 'PUSH',
        encoding: 'UTF_8',
        to: '01012345678',
        senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
        templateCode: 'temp_code_01',
        text: '주문이 접수되었습니다. 😀',
        fallback: 'NONE',
        wait: 'SUBMITTED',
        ...input,
      });
    },
    async load(id) {
      const [message] = await reader.messages(tenant.id, [id]);
      return message;
    },
  };
}
