import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import { SCOPES, type Scope } from '../../src/core/tenant.ts';
import { decodeGlobalId, encodeGlobalId } from '../../src/graphql/global-id.ts';
import { schema } from '../../src/graphql/schema.ts';
import {
  InboundWebhooksDocument,
  NgsReportListDocument,
  RegisterPushDeviceDocument,
  RequestOtpDocument,
  RequestPushApprovalDocument,
  SendSmsDocument,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { type IdArgument, idArgumentsOf } from '../support/id-matrix.ts';
import { registerPair, remit } from '../support/remittance-people.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

/** A whole tenant's, one that reads messages, and one that may do nothing about any of these ids. */
const roles: Readonly<Record<string, readonly Scope[]>> = {
  whole: SCOPES.filter((scope) => scope !== 'operator'),
  reader: ['messages:read'],
  powerless: ['commerce:token'],
};
const tenants = ['one', 'two'] as const;
const keyOf = (tenant: string, role: string): string => `${tenant}-${role}-0123456789`;

async function setUp() {
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  writeFileSync(
    file,
    JSON.stringify({
      tenants: tenants.map((id) => ({
        id,
        callerNumbers: ['15880000'],
        keys: Object.entries(roles).map(([role, scopes]) => ({
          id: role,
          scopes,
          secretSha256: hashApiKey(keyOf(id, role)),
        })),
      })),
    }),
  );
  const simulators = await startSimulators();
  const gateway = await startGateway({
    ...simulators.env,
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
  });
  simulators.securekey.configure({ webhookUrl: `${gateway.url}/webhooks/securekey` });
  return { ...simulators, gateway };
}

const idIn = (answer: object): string => {
  if (!('id' in answer)) throw new Error(JSON.stringify(answer));
  return String(answer.id);
};

/** One of everything that has an id, of the tenant that calls. */
async function fill(client: GatewayClient, { securekey }: Awaited<ReturnType<typeof setUp>>): Promise<string[]> {
  const { sendSms } = await client.query(SendSmsDocument, {
    input: { idempotencyKey: 'k', to: '01012345678', text: 'CANARY', providers: ['NGS'] },
  });
  const { requestOtp } = await client.query(RequestOtpDocument, {
    input: { idempotencyKey: 'k', channel: 'SMS', phone: '01012345678', purpose: 'login', provider: 'SENS' },
  });
  const { registerPushDevice } = await client.query(RegisterPushDeviceDocument, {
    input: { userId: 'kim', fcmToken: 'token', platform: 'ANDROID', deviceName: 'CANARY' },
  });
  const { requestPushApproval } = await client.query(RequestPushApprovalDocument, {
    input: { idempotencyKey: 'k', userId: 'kim', title: 'CANARY' },
  });
  const pair = await registerPair(client, '1');
  const remittance = await remit(client, pair, { receiveAmount: 5_000, externalId: 'order' });
  securekey.answerPush(securekey.pushes()[0]?.requestId ?? '', 'approve');
  let report: string | undefined;
  let webhook: string | undefined;
  await until(async () => {
    report = (await client.query(NgsReportListDocument, {})).ngsReports.edges[0]?.node.id;
    webhook = (await client.query(InboundWebhooksDocument, {})).inboundWebhooks.edges[0]?.node.id;
    return report !== undefined && webhook !== undefined;
  });
  return [
    ...[sendSms, requestOtp, registerPushDevice, requestPushApproval, remittance].map(idIn),
    ...[pair.userId, pair.recipientId, report as string, webhook as string],
  ];
}

/** The same kind of id, of nothing. */
function missing(id: string): string {
  const { typename } = decodeGlobalId(id);
  return typename === '' ? 'lee' : encodeGlobalId(typename, randomUUID());
}

/** The answer to the document, as bytes: of a stream its first event. */
async function ask(
  gateway: GatewayClient,
  key: string,
  { kind, query }: IdArgument,
  variables: object,
): Promise<string> {
  const authorization = `Bearer ${key}`;
  if (kind !== 'subscription') return (await gateway.post({ query, variables }, { authorization })).text();
  const response = await gateway.post({ query, variables }, { authorization, accept: 'text/event-stream' });
  let text = '';
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  while (!/^data: .*\n\n/m.test(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += Buffer.from(value).toString();
  }
  await reader.cancel();
  return /^data: (.*)$/m.exec(text)?.[1] ?? text;
}

/** What is made anew with each answer: pictures, ids and cursors, times, challenges. */
const anew = (answer: string): string =>
  answer
    .replace(/data:image\/png;base64,[^"]*/g, '*')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '*')
    .replace(/secret=\w+/g, '*')
    .replace(/"(challenge|requestId|id)":"[^"]*"/g, '*')
    .replace(/[\w-]{22,}={0,2}/g, '*');

describe('an id of another tenant', () => {
  it('is answered byte for byte like one of nothing, in every argument of the schema that takes an id', {
    timeout: 120_000,
  }, async () => {
    const world = await setUp();
    const { gateway } = world;
    const ids = await fill(gateway.as(keyOf('one', 'whole')), world);
    // A name that each tenant may give to a person of its own.
    const probes = [...ids, 'kim'];
    // What a probe registers is its own tenant's from then on, so that comes last.
    const registers = ({ field }: IdArgument): number => Number(field.startsWith('register'));
    const owners = idArgumentsOf(schema).sort((left, right) => registers(left) - registers(right));
    // SecureKey takes 100 calls a minute of an account, so a person is only asked for by what may name one.
    const people = probes.filter((id) => ['', 'RemittanceUser'].includes(decodeGlobalId(id).typename));
    let cells = 0;
    let identical = 0;
    const seenByOwner = new Set<string>();
    const leaks: string[] = [];

    async function probe(argument: IdArgument, id: string, tenant: string, role: string): Promise<void> {
      const isOwner = tenant === 'one' && role !== 'powerless';
      // What changes something is only asked in another's name.
      if (isOwner && argument.kind === 'mutation') return;
      const none = missing(id);
      const theirs = await ask(gateway, keyOf(tenant, role), argument, argument.variables(id, id));
      const nothing = await ask(gateway, keyOf(tenant, role), argument, argument.variables(none, none));
      // A document that is refused as a whole would be alike for everybody.
      expect(nothing, argument.query).not.toMatch(/"code":"(BAD_REQUEST|BAD_USER_INPUT|GRAPHQL_\w+)"/);
      cells += 1;
      const [left, right] = [theirs.replaceAll(id, '@'), nothing.replaceAll(none, '@')];
      if (left === right) identical += 1;
      const differs = anew(left) !== anew(right);
      if (isOwner) {
        if (differs) seenByOwner.add(`${argument.field} ${decodeGlobalId(id).typename}`);
        return;
      }
      const told = ids.some((each) => each !== id && theirs.includes(each)) || theirs.includes('CANARY');
      if (told || differs) leaks.push(`${tenant}/${role} ${argument.field} ${argument.path}\n${theirs}\n${nothing}`);
    }

    for (const argument of owners) {
      for (const tenant of tenants) {
        for (const role of Object.keys(roles)) {
          // Whose scope does not reach the field is refused before any id is looked at.
          const wanted = argument.path.at(-1) === 'userId' ? people : probes;
          const asked = role === 'whole' ? wanted : wanted.slice(0, 2);
          await Promise.all(asked.map((id) => probe(argument, id, tenant, role)));
        }
      }
    }
    const size = `${owners.length} arguments x ${probes.length} ids x ${tenants.length} tenants x 3 roles`;
    process.stdout.write(`${size}: ${cells} cells asked, ${identical} byte for byte alike, ${leaks.length} leaks\n`);
    expect(leaks).toEqual([]);
    expect(owners.length).toBeGreaterThan(30);
    // The matrix can see: to their owner the same documents show what is there.
    for (const seen of [
      'node Message',
      'message Message',
      'node PushApproval',
      'remittance Remittance',
      'node InboundWebhook',
    ])
      expect([...seenByOwner]).toContain(seen);
  });
});
