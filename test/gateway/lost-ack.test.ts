import { describe, expect, it } from 'vitest';
import { MessageByIdDocument, MessageChangesDocument, SendSmsDocument } from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

/** With the document's own times: 10 s for an ACK, at least 5 s before the sessions are made again. */
describe('a DELIVER whose ACK never comes', () => {
  it('is UNCONFIRMED, is not sent again nor by another provider, and is settled by its late REPORT', {
    timeout: 60_000,
  }, async () => {
    const { ngs, sens, env } = await startSimulators({ reportDelayMs: 12_000 });
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });
    const changes = gateway.subscribe(MessageChangesDocument);
    await take(changes, 1);
    ngs.arm({ provider: 'NGS', kind: 'drop', on: 'ack' });
    const input = {
      idempotencyKey: 'lost',
      to: '01012345678',
      text: 'lost',
      providers: ['NGS' as const, 'SENS' as const],
    };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');

    const events = await takeUntil(
      changes,
      ({ messageChanged: event }) => event.__typename === 'MessageChanged' && event.state === 'DELIVERED',
    );
    expect(events.map(({ messageChanged: event }) => event.__typename === 'MessageChanged' && event.state)).toEqual([
      'QUEUED',
      'SUBMITTING',
      'UNCONFIRMED',
      'DELIVERED',
    ]);
    const { message } = await gateway.query(MessageByIdDocument, { id: sendSms.id });
    expect(message?.attempts).toMatchObject([{ provider: 'NGS', outcome: 'ACCEPTED', settledBy: 'REPORT' }]);

    expect(ngs.ledger.entries({ event: 'DELIVER' }).filter(({ outcome }) => outcome === 'TAKEN')).toHaveLength(1);
    expect(sens.ledger.entries({ event: 'POST messages' })).toEqual([]);
    // Both sessions ended and were made again, no sooner than the document allows.
    const logins = ngs.ledger.entries({ event: 'CERT' });
    expect(logins).toHaveLength(2);
    const unconfirmedAt = Date.parse(
      events.flatMap(({ messageChanged: event }) =>
        event.__typename === 'MessageChanged' && event.state === 'UNCONFIRMED' ? [event.at] : [],
      )[0] ?? '',
    );
    expect((logins[1]?.at ?? 0) - unconfirmedAt).toBeGreaterThanOrEqual(4_900);
  });
});
