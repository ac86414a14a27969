/** What the simulators' control API can do, as a table that also explains itself. No HTTP here. */
import { z } from 'zod';
import { FAULT_POINTS, faultSchema } from './faults.ts';
import { mergeLedgers } from './ledger.ts';
import { reportSchema } from './ngs/reports.ts';
import type { NgsSimulator } from './ngs/simulator.ts';
import { ENDINGS_BY_NUMBER } from './recipients.ts';
import type { SensSimulator } from './sens/simulator.ts';

export type Simulator = SensSimulator | NgsSimulator;

export interface ControlCommand {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly about: string;
  /** A query string or a JSON body that works. */
  readonly example?: string | object;
  /** Takes the query or the body as it came. Throws ZodError or ControlRefusal. */
  readonly run: (input: unknown) => unknown;
}

export class ControlRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ControlRefusal';
    this.status = status;
    this.code = code;
  }
}

const provider = z.enum(['SENS', 'NGS']);
const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most));

const ledgerQuery = z.strictObject({
  provider: provider.optional(),
  event: z.string().max(40).optional(),
  since: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  limit: whole(1, 1000).default(100),
});
const someProvider = z.strictObject({ provider: provider.optional() });
const faultQuery = z
  .strictObject({ provider: provider.optional(), id: whole(1, 1_000_000_000).optional() })
  .refine((query) => query.id === undefined || query.provider !== undefined, {
    path: ['provider'],
    message: 'An id needs its provider.',
  });
const settingsInput = z.looseObject({ provider });
const reportList = z.strictObject({ reports: z.array(reportSchema).min(1).max(1000) });
const kickInput = z.strictObject({
  kind: z.enum(['DLV', 'REP']).optional(),
  reason: z.string().min(1).max(40).optional(),
});

export function createControlCommands(simulators: readonly Simulator[]): readonly ControlCommand[] {
  const of = (name: 'SENS' | 'NGS'): Simulator => {
    const found = simulators.find((simulator) => simulator.provider === name);
    if (found === undefined) throw new ControlRefusal(404, 'NOT_SIMULATED', `${name} is not simulated here.`);
    return found;
  };
  const ngs = () => of('NGS') as NgsSimulator;
  const some = (name: 'SENS' | 'NGS' | undefined) => (name === undefined ? simulators : [of(name)]);

  const commands: readonly ControlCommand[] = [
    {
      method: 'GET',
      path: '/',
      about: 'This text.',
      run: () => ({
        about: 'The simulated providers of this Gwanmun: what they received, and how to make them fail.',
        simulators: simulators.map(({ provider: name, settings }) => ({ provider: name, settings })),
        commands: commands.map(({ run: _, ...command }) => command),
        recipients: ENDINGS_BY_NUMBER,
        faults: FAULT_POINTS,
      }),
    },
    {
      method: 'GET',
      path: '/ledger',
      about: 'What came and went, oldest first. Without since, the newest; with it, what followed that sequence.',
      example: '?provider=NGS&event=DELIVER&since=0&limit=100',
      run(input) {
        const query = ledgerQuery.parse(input);
        const ledgers = some(query.provider).map(({ ledger }) => ledger);
        const entries = mergeLedgers(ledgers, query);
        return { entries, next: entries.at(-1)?.sequence ?? query.since ?? 0 };
      },
    },
    {
      method: 'DELETE',
      path: '/ledger',
      about: 'Forgets what came and went.',
      example: '?provider=SENS',
      run(input) {
        const ledgers = some(someProvider.parse(input).provider).map(({ ledger }) => ledger);
        return { cleared: ledgers.reduce((sum, ledger) => sum + ledger.clear(), 0) };
      },
    },
    {
      method: 'GET',
      path: '/faults',
      about: 'The armed faults of each provider, in the order in which they will strike at their points.',
      run: () => ({ faults: simulators.flatMap(({ faults }) => faults.list()) }),
    },
    {
      method: 'POST',
      path: '/faults',
      about:
        'Arms a fault: a kind, at a point, after so many passes, so many times. A wrong one is told what there is.',
      example: { provider: 'NGS', kind: 'drop', on: 'ack', after: 2, count: 1 },
      run(input) {
        const fault = faultSchema.parse(input);
        return of(fault.provider).arm(fault);
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      about: 'Disarms all faults, those of a provider, or one of its by id.',
      example: '?provider=NGS&id=1',
      run(input) {
        const { provider: name, id } = faultQuery.parse(input);
        return { disarmed: some(name).reduce((sum, { faults }) => sum + faults.disarm(id), 0) };
      },
    },
    {
      method: 'POST',
      path: '/settings',
      about: 'Changes settings of a provider; GET / shows them all.',
      example: { provider: 'NGS', reportDelayMs: 100, tps: { sms: 20 } },
      run(input) {
        const { provider: name, ...changes } = settingsInput.parse(input);
        return { provider: name, settings: of(name).configure(changes) };
      },
    },
    {
      method: 'POST',
      path: '/ngs/reports',
      about: 'Sends a REPORT as it stands, or up to 1000 as {"reports": […]}: strangers, duplicates, bursts.',
      example: { serial: 'UNKNOWN', result: '0', message: 'K2103,TS' },
      run(input) {
        const isList = typeof input === 'object' && input !== null && 'reports' in input;
        const reports = isList ? reportList.parse(input).reports : [reportSchema.parse(input)];
        const to = ngs();
        return { reports: reports.map((report) => to.sendReport(report)) };
      },
    },
    {
      method: 'POST',
      path: '/ngs/kick',
      about: 'EVENT 0 and the end for the session of a kind, or for both.',
      example: { kind: 'REP', reason: 'maintenance' },
      run(input) {
        const { kind, reason } = kickInput.parse(input);
        return { kicked: ngs().kick(kind, reason) };
      },
    },
  ];
  return commands;
}
