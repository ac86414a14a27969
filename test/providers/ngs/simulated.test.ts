import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { KakaoContent, MessageKind, ReceivedReport, Submission } from '../../../src/core/provider.ts';
import { createNgsProvider, type NgsProviderOptions } from '../../../src/providers/ngs/provider.ts';
import { createNgsSimulator } from '../../../src/simulators/ngs/simulator.ts';
import { jpeg, png } from '../../support/images.ts';
import { until } from '../../support/until.ts';
import { SMS } from './account.ts';

/** The simulator reads the document on its own and refuses what breaks it, so this is a second opinion on all of it. */
async function openSimulated(tps: number, options: Partial<NgsProviderOptions> = {}) {
  const simulator = createNgsSimulator({
    id: 'testid',
    password: 'testpwd',
    registeredNumbers: [SMS.from],
    reportDelayMs: 1,
    tps: { sms: tps },
  });
  const { host, port } = await simulator.start();
  const reports: ReceivedReport[] = [];
  const provider = createNgsProvider({
    account: 'main',
    host,
    port,
    id: 'testid',
    password: 'testpwd',
    encrypted: false,
    senderCode: '101280092',
    simulated: true,
    log: silentLog,
    clock: systemClock,
    ...options,
  });
  onTestFinished(async () => {
    await provider.stop();
    await simulator.stop();
  });
  await provider.start({
    async receive(report) {
      reports.push(report);
    },
  });
  await until(() => provider.health().healthy);
  return { simulator, provider, reports };
}

describe('against the simulator, with the timings of the document', () => {
  it('sends what vacancies allow, above the TPS in no second while it goes from 80 to 5 and back', async () => {
    const { simulator, provider, reports } = await openSimulated(80, { encrypted: true });
    const outcomes: string[] = [];
    let submitted = 0;
    const send = (count: number) => {
      const upTo = submitted + count;
      return until(() => {
        for (let room = provider.vacancies(); room > 0 && submitted < upTo; room--, submitted++) {
          const reference = provider.newReference() ?? '';
          void provider
            .submit({ ...SMS, text: `${submitted}번째 문자` }, { reference, startedAt: systemClock.now() })
            .then(({ outcome }) => outcomes.push(outcome));
        }
        return outcomes.length === upTo;
      });
    };
    const retune = async (tps: number) => {
      simulator.configure({ tps: { sms: tps } });
      await until(() => provider.health().ngs?.smsTps === tps);
    };
    await send(100);
    await retune(5);
    await send(12);
    await retune(80);
    await send(100);
    await until(() => reports.length === submitted && simulator.waitingReports === 0);
    expect(outcomes).toEqual(Array(212).fill('ACCEPTED'));
    expect(new Set(reports.map(({ serial }) => serial)).size).toBe(212);
    // It counts every sliding second itself, and refuses what is above.
    const entries = simulator.ledger.entries({ limit: 10_000 });
    expect(entries.filter(({ outcome }) => outcome === 'REFUSED')).toEqual([]);
    expect(entries.filter(({ event, outcome }) => event === 'DELIVER' && outcome === 'TAKEN')).toHaveLength(212);
  });

  it('is refused none of 500 messages, whose judging and whose ACKs are delayed now and then', async () => {
    const { simulator, provider } = await openSimulated(100, { window: 64 });
    // A late judging brings arrivals closer together than they left; a late ACK must not pass for a late arrival's.
    for (let after = 20; after < 500; after += 60) {
      simulator.arm({ provider: 'NGS', kind: 'delay', on: 'send', ms: 90 + (after % 7) * 30, after, count: 10 });
      simulator.arm({ provider: 'NGS', kind: 'delay', on: 'ack', ms: 150, after: after + 30, count: 5 });
    }
    const outcomes: string[] = [];
    let submitted = 0;
    await until(() => {
      for (let room = provider.vacancies(); room > 0 && submitted < 500; room--, submitted++) {
        const reference = provider.newReference() ?? '';
        void provider
          .submit(SMS, { reference, startedAt: systemClock.now() })
          .then(({ outcome }) => outcomes.push(outcome));
      }
      return outcomes.length === 500;
    });
    const entries = simulator.ledger.entries({ limit: 10_000 });
    expect(outcomes).toEqual(Array(500).fill('ACCEPTED'));
    expect(entries.filter(({ outcome }) => outcome === 'REFUSED')).toEqual([]);
    expect(entries.filter(({ event, outcome }) => event === 'DELIVER' && outcome === 'TAKEN')).toHaveLength(500);
    expect(entries.filter(({ outcome }) => outcome === 'FAULT')).toHaveLength(8 * (10 + 5));
  });

  it.each([false, true])('carries every kind to its report, encrypted: %s', async (encrypted) => {
    const { simulator, provider, reports } = await openSimulated(80, { encrypted });
    for (const [i, submission] of everyKind().entries()) {
      const reference = provider.newReference() ?? '';
      const result = await provider.submit(submission, { reference, startedAt: systemClock.now() });
      expect([submission.kind, result]).toEqual([submission.kind, { outcome: 'ACCEPTED', reference }]);
      await until(() => reports.length === i + 1);
      expect(reports[i]).toMatchObject({ serial: reference, delivered: true, to: submission.to });
    }
    await until(() => simulator.waitingReports === 0);
    const entries = simulator.ledger.entries({ limit: 1_000 });
    expect(entries.filter(({ outcome }) => outcome === 'REFUSED')).toEqual([]);
    expect(provider.health().ngs).toMatchObject({ state: 'BOUND', encrypted });
  });

  it.each([
    ['DPT_CODE', 'sales'],
    ['NAT_CODE', '82'],
  ] as const)('carries the %s of the account', async (field, value) => {
    const { simulator, provider } = await openSimulated(80, { extension: { field, value }, encrypted: true });
    const result = await provider.submit(SMS, { reference: 'R1', startedAt: 0 });
    expect(result).toMatchObject({ outcome: 'ACCEPTED' });
    expect(JSON.stringify(simulator.ledger.entries({ limit: 100 }))).toContain(value);
  });

  it('learns a new TPS by EVENT 1', async () => {
    const { simulator, provider } = await openSimulated(80);
    simulator.configure({ tps: { sms: 7 } });
    await until(() => provider.health().ngs?.smsTps === 7);
    expect(provider.vacancies()).toBe(7);
  });

  it('takes a kick right after BIND for a second login', async () => {
    const { simulator, provider } = await openSimulated(80);
    simulator.kick();
    await until(() => provider.health().ngs?.state === 'BACKING_OFF');
    const { detail = '', lastFault } = provider.health();
    const retryAt = Date.parse(/next login at (.*)$/.exec(detail)?.[1] ?? '');
    // The wait that was decided, not one that was measured; the two clocks differ by the rounding.
    expect(retryAt - (lastFault?.at ?? 0)).toBeGreaterThan(29_900);
  });
});

/** Each kind and each fallback once. */
function everyKind(): Submission[] {
  const long = { ...SMS, text: `${'긴 본문 '.repeat(200)}€`, subject: '제목' };
  const jpg = (bytes: number) => ({ fileName: 'a.jpg', type: 'JPG', bytes: jpeg(bytes) }) as const;
  const pngs = (bytes: number) => ({ fileName: 'a.png', type: 'PNG', bytes: png(bytes) }) as const;
  const content: KakaoContent = {
    senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
    method: 'PUSH',
    encoding: 'UTF_8',
    fallback: 'NONE',
  };
  const kakao = (kind: MessageKind, change: Partial<KakaoContent> = {}, more: Partial<Submission> = {}) => ({
    ...SMS,
    kind,
    kakao: { ...content, ...(kind.startsWith('ALIMTALK') ? { templateCode: 'T1' } : {}), ...change },
    ...more,
  });
  const buttons = '{"button_cnt":1,"button1":{"name":"보기 🚚","type":"WL"}}';
  const substitute = { fallbackText: '대체 본문', fallbackSubject: '대체 제목' };
  return [
    SMS,
    { ...long, kind: 'LMS' },
    { ...long, kind: 'MMS', images: [jpg(300 * 1024), pngs(100), jpg(200 * 1024)] },
    kakao('ALIMTALK', { buttons, fallback: 'CONVERT', fallbackSubject: '제목' }),
    kakao('ALIMTALK_IMAGE', { method: 'REALTIME', encoding: 'EUC_KR' }),
    kakao('FRIENDTALK', { fallback: 'SUBSTITUTE', ...substitute }, { text: '안녕 😀' }),
    kakao('FRIENDTALK_IMAGE', { fallback: 'CONVERT', buttons }, { images: [jpg(500 * 1024)] }),
    kakao('FRIENDTALK_IMAGE', { fallback: 'SUBSTITUTE_MMS', ...substitute }, { images: [pngs(400)] }),
    kakao('FRIENDTALK_IMAGE', { fallback: 'SUBSTITUTE', ...substitute }, { images: [pngs(400)] }),
    kakao('FRIENDTALK_IMAGE', {}, { images: [pngs(400)] }),
    kakao('FRIENDTALK_WIDE', { method: 'POLLING' }, { text: '넓게', images: [jpg(2 * 1024 * 1024)] }),
    kakao('FRIENDTALK_WIDE', { fallback: 'CONVERT' }, { text: '넓게', images: [pngs(400)] }),
  ];
}
