import { describe, expect, it } from 'vitest';
import { unmatchedOwner } from '../../../src/core/webhooks/webhook-store.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { hmacSource, pushBody, webhookCore } from '../../support/webhooks.ts';

describe('the body of a webhook', () => {
  /** Its provider writes r1 into every body, as a secret. */
  async function setUp() {
    const store = await temporaryStore();
    const read: string[] = [];
    const source = hmacSource();
    const core = webhookCore(store, {
      sources: [
        {
          ...source,
          read(body) {
            read.push(Buffer.from(body).toString());
            return source.read(body);
          },
          redact: (body) => Buffer.from(Buffer.from(body).toString().replaceAll('r1', '***')),
        },
      ],
    });
    await core.receive(pushBody('r1'));
    await core.receive(pushBody('r1 forged'), `sha256=${'0'.repeat(64)}`);
    const ids = (await core.listed(unmatchedOwner)).map(({ id }) => id);
    return { ...core, store, ids, read };
  }

  it('is shown without the secret that is written in it, also of a forged one', async () => {
    const { reader, ids } = await setUp();
    expect((await reader.bodies(ids)).map(String)).toEqual([pushBody('***'), pushBody('*** forged')]);
    expect(await reader.bodies(['none'])).toEqual([undefined]);
  });

  it('is run again as it was signed', async () => {
    const { reader, ids, read } = await setUp();
    read.length = 0;
    await reader.replay([unmatchedOwner], ids[0] ?? '');
    expect(new Set(read)).toEqual(new Set([pushBody('r1')]));
  });

  it('is not shown where nobody knows any more what is secret in it', async () => {
    const { store, ids } = await setUp();
    const { reader } = webhookCore(store, { sources: [] });
    expect(await reader.bodies(ids)).toEqual([undefined, undefined]);
    // The control: it is kept.
    expect(await webhookCore(store).reader.bodies(ids)).toEqual([
      Buffer.from(pushBody('r1')),
      Buffer.from(pushBody('r1 forged')),
    ]);
  });
});
