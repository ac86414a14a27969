/** A message that waits to be sent, and a REPORT of one that was, for tests that change what they are about. */
import type { Message } from '../../src/core/messaging/message.ts';
import type { ReceivedReport } from '../../src/core/provider.ts';

export const queuedMessage: Message = {
  id: 'm',
  tenant: 't',
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01012345678',
  from: '15880000',
  text: 'hello',
  imageCount: 0,
  state: 'QUEUED',
  createdAt: 1,
  dueAt: 1,
  deadlineAt: 1_000,
  routes: [
    { provider: 'NGS', account: 'default' },
    { provider: 'SENS', account: 'default' },
  ],
  refusals: 0,
  attempts: [],
};

export function reportOf(serial: string, part: Partial<ReceivedReport> = {}): ReceivedReport {
  return {
    account: 'default',
    serial,
    gwSerial: 'GW1',
    to: '01012345678',
    rawResult: '0',
    rawMessage: '',
    delivered: true,
    spamFiltered: false,
    carrier: 'SKT',
    ...part,
  };
}
