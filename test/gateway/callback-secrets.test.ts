import { describe, expect, it } from 'vitest';
import { InboundWebhooksDocument } from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

describe("a callback of Sentbe's in the list of received webhooks", () => {
  it('has no access_id, by which whoever reads the list could forge the next one', async () => {
    const { sentbe, env } = await startSimulators();
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });
    sentbe.configure({ callbackUrl: `${gateway.url}/webhooks/sentbe` });
    const accessId = env['SENTBE_ACCESS_ID'] ?? expect.unreachable();
    const body = (token: string) => JSON.stringify({ token, external_id: 'order', status: 'Complete' });
    expect(await sentbe.sendCallback(body(accessId))).toBe(200);
    const { edges } = (await gateway.query(InboundWebhooksDocument, {})).inboundWebhooks;
    expect(edges.map(({ node }) => Buffer.from(node.body, 'base64').toString())).toEqual([body('***')]);
  });
});
