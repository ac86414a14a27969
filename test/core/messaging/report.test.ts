import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { type LogFields, silentLog } from '../../../src/core/log.ts';
import { createReportStore, orphanOwner } from '../../../src/core/messaging/report.ts';
import { reportOf } from '../../support/messages.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

async function setUp({ soleTenant }: { soleTenant?: string } = {}) {
  const store = await temporaryStore();
  const provider = scriptedProvider({
    submit: async (_submission, { reference = '' }) => ({ outcome: 'ACCEPTED', reference }),
  });
  const core = await messagingCore({ store, providers: [provider] });
  const warnings: [string, LogFields | undefined][] = [];
  const reports = createReportStore({
    store,
    messages: core.messages,
    clock: systemClock,
    soleTenantOf: () => soleTenant,
    log: { ...silentLog, warn: (event, fields) => warnings.push([event, fields]) },
  });
  const resultsOf = async (owner: string) =>
    (await core.reader.reportPage(owner, {}, {})).edges.map(({ node }) => node.report.rawResult);
  return { core, reports, warnings, resultsOf };
}

describe('a REPORT that comes once more', () => {
  it('is acknowledged, kept once and no reason to speak, where it says the same', async () => {
    const { core, reports, warnings, resultsOf } = await setUp();
    await core.send();
    for (const serial of ['SERIAL1', 'NOBODY']) {
      await reports.receive(reportOf(serial));
      await reports.receive(reportOf(serial));
    }
    expect(await resultsOf(tenant.id)).toEqual(['0']);
    expect(await resultsOf(orphanOwner)).toEqual(['0']);
    expect(warnings).toEqual([]);
  });

  it('is told to the operator where its RESULT is another, and the first stands', async () => {
    const { core, reports, warnings, resultsOf } = await setUp();
    const { id } = await core.send();
    const turned = { rawResult: '88', delivered: false };
    await reports.receive(reportOf('SERIAL1'));
    await reports.receive(reportOf('SERIAL1', turned));
    expect(await resultsOf(tenant.id)).toEqual(['0']);
    expect((await core.load(id))?.state).toBe('DELIVERED');
    expect(warnings).toEqual([['ngs.report-conflict', { account: 'default', reference: 'SERIAL1', code: '88' }]]);
  });

  it('is told just so where its SERIAL is of nobody', async () => {
    const { reports, warnings, resultsOf } = await setUp();
    await reports.receive(reportOf('NOBODY', { rawResult: '88', delivered: false }));
    await reports.receive(reportOf('NOBODY'));
    expect(await resultsOf(orphanOwner)).toEqual(['88']);
    expect(warnings).toEqual([['ngs.report-conflict', { account: 'default', reference: 'NOBODY', code: '0' }]]);
  });
});

describe('a REPORT with a SERIAL of nobody', () => {
  it("is its tenant's where one alone uses the account", async () => {
    const { reports, resultsOf } = await setUp({ soleTenant: tenant.id });
    await reports.receive(reportOf('NOBODY'));
    expect(await resultsOf(tenant.id)).toEqual(['0']);
    expect(await resultsOf(orphanOwner)).toEqual([]);
  });

  it("is the operator's where several do, with a cursor of a log that is no tenant's", async () => {
    const { core, reports, resultsOf } = await setUp();
    await reports.receive(reportOf('NOBODY'));
    expect(await resultsOf(tenant.id)).toEqual([]);
    const { edges } = await core.reader.reportPage(orphanOwner, {}, {});
    const [{ cursor, node } = expect.unreachable()] = edges;
    expect(core.reader.reportCursor(node)).toBe(cursor);
    expect(reports.log(tenant.id).parseCursor(cursor)).toBeUndefined();
    expect(await core.reader.reports(orphanOwner, [node.report.id])).toEqual([node]);
    expect(await core.reader.reports(tenant.id, [node.report.id])).toEqual([undefined]);
  });
});

describe('a filter of many serials', () => {
  it('is looked through once, however many reports it is held against', async () => {
    const { core, reports } = await setUp();
    for (let at = 0; at < 20; at += 1) await reports.receive(reportOf(`NOBODY${at}`));
    let looks = 0;
    const many = Array.from({ length: 1_000 }, (_, at) => `NOBODY${at + 10}`);
    const serials = new Proxy(many, {
      get(target, name, receiver) {
        if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1;
        return Reflect.get(target, name, receiver);
      },
    });
    const { edges } = await core.reader.reportPage(orphanOwner, {}, { serials });
    expect(edges).toHaveLength(10);
    expect(looks).toBe(1_000);
  });
});
