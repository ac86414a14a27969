import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import {
  InboundWebhooksDocument,
  NodeByIdDocument,
  PushApprovalByIdDocument,
  PushApprovalChangesDocument,
  type PushApprovalChangesSubscription,
  PushApprovalsDocument,
  RegisterPushDeviceDocument,
  RequestPushApprovalDocument,
  type RequestPushApprovalInput,
  RespondToPushApprovalDocument,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { take } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

type Event = PushApprovalChangesSubscription['pushApproval'];
type Environment = Readonly<Record<string, string>>;

async function setUp({ webhooks = true, env = {} }: { webhooks?: boolean; env?: Environment } = {}) {
  const simulators = await startSimulators();
  const { securekey } = simulators;
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env, ...env });
  if (webhooks) securekey.configure({ webhookUrl: `${gateway.url}/webhooks/securekey` });
  return { ...simulators, gateway };
}

/** What the person does on their device: answers the newest prompt. */
function answer({ securekey }: Awaited<ReturnType<typeof setUp>>, response: 'approve' | 'deny'): void {
  securekey.answerPush(securekey.pushes()[0]?.requestId ?? '', response);
}

async function register(gateway: GatewayClient, userId = 'kim') {
  const input = { userId, fcmToken: `token of ${userId}`, platform: 'ANDROID', deviceName: '내 전화' } as const;
  return (await gateway.query(RegisterPushDeviceDocument, { input })).registerPushDevice;
}

async function request(gateway: GatewayClient, part: Partial<RequestPushApprovalInput> = {}) {
  const input = { idempotencyKey: 'key', userId: 'kim', title: '로그인 승인', ...part };
  return (await gateway.query(RequestPushApprovalDocument, { input })).requestPushApproval;
}

async function idOf(requested: ReturnType<typeof request>): Promise<string> {
  const answered = await requested;
  if (answered.__typename !== 'PushApproval') throw new Error(JSON.stringify(answered));
  return answered.id;
}

/** What a stream says until it completes by itself. */
async function told(stream: AsyncIterable<PushApprovalChangesSubscription>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const { pushApproval } of stream) events.push(pushApproval);
  return events;
}

const decisions = (events: readonly Event[]) =>
  events.flatMap((event) => (event.__typename === 'PushApprovalChanged' ? [event.approval.state] : []));

describe('a push approval through SecureKey', () => {
  it.each([
    ['approve', 'APPROVED', 'webhooks'],
    ['deny', 'DENIED', 'webhooks'],
    ['approve', 'APPROVED', 'polling'],
    ['deny', 'DENIED', 'polling'],
  ] as const)(
    '%s makes it %s by %s: one event over WebSocket and SSE, which complete by themselves',
    async (response, state, channel) => {
      const polling = String(channel === 'polling');
      const world = await setUp({ webhooks: channel === 'webhooks', env: { SECUREKEY_PUSH_POLLING: polling } });
      const { gateway } = world;
      expect(await register(gateway)).toMatchObject({ __typename: 'PushDevice', userId: 'kim', platform: 'ANDROID' });
      const approval = await request(gateway, { body: '서울에서' });
      expect(approval).toMatchObject({
        state: 'PENDING',
        delivery: 'SENT',
        userId: 'kim',
        body: '서울에서',
        fault: null,
      });
      const id = await idOf(request(gateway, { body: '서울에서' }));
      const streams = [
        gateway.subscribe(PushApprovalChangesDocument, { id }),
        gateway.events(PushApprovalChangesDocument, { id }),
      ];
      const ends = streams.map((stream) => told(stream));
      answer(world, response);
      for (const end of ends) {
        const events = await end;
        expect(decisions(events)).toEqual([state]);
        expect(events.map(({ __typename }) => __typename)).toContain('StreamCaughtUp');
        expect(events).toContainEqual(
          expect.objectContaining({ via: channel === 'webhooks' ? 'WEBHOOK' : 'POLL', cursor: expect.any(String) }),
        );
      }
      expect((await gateway.query(PushApprovalByIdDocument, { id })).pushApproval).toMatchObject({ id, state });
      // Who comes late hears the same, whether from the beginning or from behind the decision.
      expect(decisions(await told(gateway.subscribe(PushApprovalChangesDocument, { id })))).toEqual([state]);
      const cursor = (await ends[0])?.find((event) => event.__typename === 'PushApprovalChanged')?.cursor ?? '';
      const resumed = await told(gateway.events(PushApprovalChangesDocument, { id, after: cursor }));
      expect(resumed).toMatchObject([{ __typename: 'StreamCaughtUp', replayed: 0 }]);
      await until(() => world.gateway.app.liveStreams() === 0);
    },
  );

  it('is heard live by everyone who follows the user, or all, and resumed from a cursor; those go on', async () => {
    const world = await setUp();
    const { gateway } = world;
    await register(gateway);
    await register(gateway, 'lee');
    const [all, kim] = [{}, { userId: 'kim' }].map((variables) =>
      gateway.subscribe(PushApprovalChangesDocument, variables),
    );
    if (all === undefined || kim === undefined) throw new Error('There are two streams.');
    const [begun] = (await Promise.all([take(all, 1), take(kim, 1)])).flat();
    for (const userId of ['lee', 'kim']) {
      await idOf(request(gateway, { idempotencyKey: userId, userId }));
      answer(world, 'approve');
      await take(all, 1);
    }
    expect(await take(kim, 1)).toMatchObject([{ pushApproval: { approval: { userId: 'kim', state: 'APPROVED' } } }]);
    const after = begun?.pushApproval.__typename === 'StreamCaughtUp' ? begun.pushApproval.cursor : '';
    const replay = await take(gateway.subscribe(PushApprovalChangesDocument, { after }), 3);
    expect(replay.map(({ pushApproval: event }) => event.__typename)).toEqual([
      'PushApprovalChanged',
      'PushApprovalChanged',
      'StreamCaughtUp',
    ]);
  });

  it('that is unknown completes at once', async () => {
    const { gateway } = await setUp();
    for (const id of ['garbage', Buffer.from('PushApproval:unknown').toString('base64url')]) {
      expect(await told(gateway.subscribe(PushApprovalChangesDocument, { id }))).toMatchObject([
        { __typename: 'StreamCaughtUp', replayed: 0 },
      ]);
      expect((await gateway.query(PushApprovalByIdDocument, { id })).pushApproval).toBeNull();
    }
  });

  it('without a device is refused and visible as NOT_SENT, and goes by the same key once there is one', async () => {
    const { gateway, securekey } = await setUp();
    const refused = await request(gateway);
    expect(refused).toMatchObject({ __typename: 'ProviderRejected', origin: { provider: 'SECUREKEY' } });
    const id = refused.__typename === 'ProviderRejected' ? (refused.subjectId ?? '') : '';
    expect((await gateway.query(PushApprovalByIdDocument, { id })).pushApproval).toMatchObject({
      state: 'PENDING',
      delivery: 'NOT_SENT',
    });
    await register(gateway);
    expect(await request(gateway)).toMatchObject({ id, delivery: 'SENT' });
    expect(securekey.pushes()).toHaveLength(1);
  });

  it('whose answer is lost is UNCONFIRMED, sent once, and approved by nobody: nothing ties an answer to it', async () => {
    const world = await setUp({ env: { SECUREKEY_PUSH_POLLING: 'false' } });
    const { gateway, securekey } = world;
    await register(gateway);
    securekey.arm({ provider: 'SECUREKEY', kind: 'drop', on: 'answer' });
    const id = await idOf(request(gateway));
    expect(await request(gateway)).toMatchObject({ id, delivery: 'UNCONFIRMED', state: 'PENDING' });
    expect(securekey.pushes()).toHaveLength(1);
    answer(world, 'approve');
    const webhooks = async () => (await gateway.query(InboundWebhooksDocument, {})).inboundWebhooks.edges;
    await until(async () => (await webhooks()).length === 1);
    // One that comes later has its effect.
    await register(gateway, 'lee');
    const other = await idOf(request(gateway, { idempotencyKey: 'lee', userId: 'lee' }));
    answer(world, 'approve');
    expect(decisions(await told(gateway.subscribe(PushApprovalChangesDocument, { id: other })))).toEqual(['APPROVED']);
    expect((await gateway.query(PushApprovalByIdDocument, { id })).pushApproval).toMatchObject({
      state: 'PENDING',
      delivery: 'UNCONFIRMED',
    });
  });

  it('is listed by its user, oldest first and page by page, and nobody else’s', async () => {
    const { gateway, securekey } = await setUp();
    await register(gateway);
    await register(gateway, 'lee');
    const list = async (variables: { userId: string; first?: number; after?: string }) =>
      (await gateway.query(PushApprovalsDocument, variables)).pushApprovals;
    securekey.configure({
      mfaPolicies: [{ on: 'push', at: 'start', requiredChannels: ['SMS'], matchedPolicies: ['night'] }],
    });
    const ids: unknown[] = [];
    for (const idempotencyKey of ['a', 'b', 'c']) {
      const refused = await request(gateway, { idempotencyKey });
      ids.push(refused.__typename === 'MfaRequired' ? refused.subjectId : refused);
    }
    const { edges, pageInfo } = await list({ userId: 'kim', first: 2 });
    expect(edges.map(({ node }) => node.id)).toEqual(ids.slice(0, 2));
    expect(edges).toMatchObject([{ node: { delivery: 'NOT_SENT', userId: 'kim' } }, {}]);
    expect(pageInfo.hasNextPage).toBe(true);
    const rest = await list({ userId: 'kim', after: pageInfo.endCursor ?? '' });
    expect(rest.edges.map(({ node }) => node.id)).toEqual(ids.slice(2));
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect((await list({ userId: 'lee' })).edges).toEqual([]);
  });

  it('answers each failure as a member of its union', async () => {
    const { gateway, securekey } = await setUp();
    await register(gateway);
    const id = await idOf(request(gateway));
    const limited = { __typename: 'RateLimited', limit: 1, subjectId: null };
    expect(await request(gateway, { idempotencyKey: 'b' })).toMatchObject(limited);
    expect(await request(gateway, { title: '송금' })).toMatchObject({ differingPaths: ['title'] });
    expect(await request(gateway, { idempotencyKey: 'c', title: '' })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['input', 'title'], rule: 'LENGTH' }],
    });
    await register(gateway, 'lee');
    securekey.configure({
      mfaPolicies: [{ on: 'push', at: 'start', requiredChannels: ['SMS'], matchedPolicies: ['night'] }],
    });
    expect(await request(gateway, { idempotencyKey: 'd', userId: 'lee' })).toMatchObject({
      __typename: 'MfaRequired',
      requiredChannels: ['SMS'],
      subjectId: expect.any(String),
    });
    securekey.configure({ mfaPolicies: [] });
    await securekey.stop();
    const unavailable = await request(gateway, { idempotencyKey: 'd', userId: 'lee' });
    expect(unavailable).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', outcome: 'NOT_ACCEPTED' });
    expect(unavailable).toMatchObject({ subjectId: expect.any(String), retry: 'SAFE_AFTER' });
    expect((await gateway.query(NodeByIdDocument, { id })).node).toMatchObject({ __typename: 'PushApproval', id });
  });
});

describe('respondToPushApproval', () => {
  const keys = { app: 'app-key-0123456789', device: 'device-key-0123456789', other: 'other-key-0123456789' };

  async function setUpTenants(env: Environment = {}) {
    const folder = await temporaryFolder();
    const file = join(folder, 'tenants.json');
    const keyOf = (id: keyof typeof keys, scopes: Scope[]) => ({ id, secretSha256: hashApiKey(keys[id]), scopes });
    const tenants = [
      { id: 'one', keys: [keyOf('app', ['push']), keyOf('device', ['push:respond'])] },
      { id: 'two', keys: [keyOf('other', ['push', 'push:respond'])] },
    ];
    await writeFile(file, JSON.stringify({ tenants }));
    const none = { GWANMUN_API_KEY: '', SENDER_NUMBERS: '', GWANMUN_TENANTS_FILE: file };
    const { gateway, securekey } = await setUp({ env: { ...none, ...env } });
    const [app, device, other] = [gateway.as(keys.app), gateway.as(keys.device), gateway.as(keys.other)];
    await register(app);
    return { app, device, other, securekey, id: await idOf(request(app)) };
  }

  async function respond(gateway: GatewayClient, id: string, decision: 'APPROVE' | 'DENY') {
    return (await gateway.query(RespondToPushApprovalDocument, { input: { id, decision } })).respondToPushApproval;
  }

  it('decides, once; the same again is answered as it stands, another is refused', async () => {
    const { app, device, securekey, id } = await setUpTenants({ SECUREKEY_PUSH_POLLING: 'false' });
    const events = told(app.subscribe(PushApprovalChangesDocument, { id }));
    expect(await respond(device, id, 'DENY')).toMatchObject({ __typename: 'PushApproval', id, state: 'DENIED' });
    expect(decisions(await events)).toEqual(['DENIED']);
    expect(securekey.pushes()).toMatchObject([{ status: 'denied' }]);
    expect(await respond(device, id, 'DENY')).toMatchObject({ state: 'DENIED' });
    expect(await respond(device, id, 'APPROVE')).toMatchObject({
      fields: [{ path: ['input', 'decision'], rule: 'ALREADY_DECIDED' }],
    });
  });

  it('needs its own scope, and nothing else opens to it', async () => {
    const { app, device, id } = await setUpTenants();
    expect(await respond(app, id, 'APPROVE')).toMatchObject({ missingScopes: ['push:respond'] });
    expect(await request(device)).toMatchObject({ missingScopes: ['push'] });
    expect((await device.query(NodeByIdDocument, { id })).node).toBeNull();
    await expect(device.query(PushApprovalByIdDocument, { id })).rejects.toThrow('push');
    await expect(device.query(PushApprovalsDocument, { userId: 'kim' })).rejects.toThrow('push');
    await expect(told(device.subscribe(PushApprovalChangesDocument, { id }))).rejects.toThrow('push');
    expect((await app.query(PushApprovalByIdDocument, { id })).pushApproval).toMatchObject({ state: 'PENDING' });
  });

  it('and all else sees nothing of another tenant, though its user is called alike', async () => {
    const { other, securekey, id } = await setUpTenants();
    expect(await respond(other, id, 'APPROVE')).toMatchObject({
      fields: [{ path: ['input', 'id'], rule: 'NOT_FOUND' }],
    });
    expect((await other.query(PushApprovalByIdDocument, { id })).pushApproval).toBeNull();
    expect((await other.query(PushApprovalsDocument, { userId: 'kim' })).pushApprovals.edges).toEqual([]);
    expect(await told(other.subscribe(PushApprovalChangesDocument, { id }))).toHaveLength(1);
    // At SecureKey it is another person, who has no device.
    expect(await request(other)).toMatchObject({ __typename: 'ProviderRejected' });
    expect(securekey.pushes()).toMatchObject([{ userId: 'one:kim', status: 'pending' }]);
  });

  it('is PROVIDER_DISABLED where its path is not configured, and says by which setting', async () => {
    const { device, id } = await setUpTenants({ SECUREKEY_PUSH_RESPOND_PATH: '' });
    const answered = await respond(device, id, 'APPROVE');
    expect(answered).toMatchObject({ code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
    expect(answered).toMatchObject({ message: expect.stringContaining('SECUREKEY_PUSH_RESPOND_PATH') });
  });
});
