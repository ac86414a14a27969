import { describe, expect, it, onTestFinished } from 'vitest';
import { NgsReportsDocument, type NgsReportsSubscription, SendSmsDocument } from '../generated/operations.ts';
import {
  type GatewayClient,
  type Simulators,
  spawnGateway,
  startGateway,
  startSimulators,
} from '../support/gateway.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const messageCount = 500;
const cutAfter = 100;

type Event = NgsReportsSubscription['ngsReport'];
type Report = Extract<Event, { __typename: 'NgsReport' }>;

const isReport = (event: Event): event is Report => event.__typename === 'NgsReport';
const cursorOf = (event: Event | undefined): string => (event !== undefined && 'cursor' in event ? event.cursor : '');

async function sendAll(gateway: GatewayClient, count: number): Promise<void> {
  const sends = Array.from({ length: count }, (_, at) =>
    gateway.query(SendSmsDocument, {
      input: { idempotencyKey: `m${at}`, to: '01012345678', text: `${at}`, providers: ['NGS'], wait: 'QUEUED' },
    }),
  );
  await Promise.all(sends);
}

const taken = ({ ngs }: Simulators): Set<string> =>
  new Set(
    ngs.ledger
      .entries({ event: 'DELIVER' })
      .flatMap(({ outcome, reference }) => (outcome === 'TAKEN' && reference !== undefined ? [reference] : [])),
  );

async function embeddedEnv(): Promise<Record<string, string>> {
  return { GWANMUN_DATA_DIR: await temporaryFolder() };
}

async function redisEnv(): Promise<Record<string, string>> {
  const redis = await startRedisServer();
  onTestFinished(() => redis.dispose());
  return { GWANMUN_DATA_DIR: await temporaryFolder(), REDIS_URL: redis.url };
}

describe.each([
  { name: 'the embedded store', storeEnv: embeddedEnv, here: true },
  { name: 'Redis', storeEnv: redisEnv, here: hasRedisServer },
])('a subscriber over $name', ({ storeEnv, here }) => {
  it.runIf(here)(
    'that is cut off while 500 reports arrive resumes and gets each one once, then what is new',
    async () => {
      const simulators = await startSimulators();
      const gateway = await startGateway({ ...(await storeEnv()), ...simulators.env });
      const first = gateway.subscribe(NgsReportsDocument);
      await take(first, 1);
      const sending = sendAll(gateway, messageCount);
      const before = (await take(first, cutAfter)).map(({ ngsReport }) => ngsReport).filter(isReport);
      first.cut();
      await sending;
      await until(() => simulators.ngs.waitingReports === 0 && taken(simulators).size === messageCount);

      const resumed = gateway.subscribe(NgsReportsDocument, { after: cursorOf(before.at(-1)) });
      const rest = await takeUntil(resumed, ({ ngsReport }) => ngsReport.__typename === 'StreamCaughtUp');
      const after = rest.map(({ ngsReport }) => ngsReport).filter(isReport);
      expect(rest.at(-1)).toMatchObject({ ngsReport: { replayed: after.length } });
      const serials = [...before, ...after].map(({ serial }) => serial);
      expect(serials).toHaveLength(messageCount);
      expect(new Set(serials)).toEqual(taken(simulators));

      await gateway.query(SendSmsDocument, {
        input: { idempotencyKey: 'new', to: '01012345678', text: 'new', providers: ['NGS'], clientRef: 'new' },
      });
      expect(await take(resumed, 1)).toMatchObject([
        { ngsReport: { __typename: 'NgsReport', sent: { clientRef: 'new' } } },
      ]);
    },
  );

  it.runIf(here)(
    'resumes without a loss or a repeat after the gateway was killed and started again',
    { timeout: 60_000 },
    async () => {
      const simulators = await startSimulators({ reportDelayMs: 4_000 });
      const env = { ...(await storeEnv()), ...simulators.env };
      const killed = await spawnGateway(env);
      const first = killed.subscribe(NgsReportsDocument);
      await take(first, 1);
      await sendAll(killed, messageCount);
      await until(() => taken(simulators).size === messageCount);
      const before = (await take(first, cutAfter)).map(({ ngsReport }) => ngsReport).filter(isReport);
      await killed.kill('SIGKILL');

      const gateway = await spawnGateway(env);
      const resumed = gateway.subscribe(NgsReportsDocument, { after: cursorOf(before.at(-1)) });
      const after: Report[] = [];
      await takeUntil(resumed, ({ ngsReport }) => {
        if (isReport(ngsReport)) after.push(ngsReport);
        return before.length + after.length === messageCount;
      });
      const serials = [...before, ...after].map(({ serial }) => serial);
      expect(new Set(serials).size).toBe(messageCount);
      // What reached the handset was sent once each: what was on its way when the process died is not sent again.
      expect(taken(simulators)).toEqual(new Set(serials));
      expect(simulators.ngs.ledger.entries({ event: 'DELIVER' }).length).toBe(messageCount);
    },
  );
});
