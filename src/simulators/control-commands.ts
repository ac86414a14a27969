/** What the simulators' control API can do, as a table that also explains itself. No HTTP here. */
import { z } from 'zod';
import { type ControlCommand, ControlRefusal } from './control-command.ts';
import { FAULT_POINTS, faultSchema } from './faults.ts';
import { type LedgerEntry, mergeLedgers, SIMULATED_PROVIDERS, type SimulatedProvider } from './ledger.ts';
import { naverCommerceCommands } from './naver-commerce/commands.ts';
import type { NaverCommerceSimulator } from './naver-commerce/simulator.ts';
import { ngsCommands } from './ngs/commands.ts';
import type { NgsSimulator } from './ngs/simulator.ts';
import { ENDINGS_BY_NUMBER } from './recipients.ts';
import { secureKeyCommands } from './securekey/commands.ts';
import type { SecureKeySimulator } from './securekey/simulator.ts';
import type { SensSimulator } from './sens/simulator.ts';
import { sentbeCommands } from './sentbe/commands.ts';
import type { SentbeSimulator } from './sentbe/simulator.ts';

/** One more here for every simulator, and its commands at the end of the table. */
export type Simulator = SensSimulator | NgsSimulator | SecureKeySimulator | NaverCommerceSimulator | SentbeSimulator;

const provider = z.enum(SIMULATED_PROVIDERS);
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
const codeQuery = z.strictObject({ to: z.string().regex(/^\d{8,15}$/, 'a number in digits') });

export function createControlCommands(simulators: readonly Simulator[]): readonly ControlCommand[] {
  function of<Name extends SimulatedProvider>(name: Name): Extract<Simulator, { provider: Name }> {
    const found = simulators.find((simulator) => simulator.provider === name);
    if (found === undefined) throw new ControlRefusal(404, 'NOT_SIMULATED', `${name} is not simulated here.`);
    return found as Extract<Simulator, { provider: Name }>;
  }
  const some = (name: SimulatedProvider | undefined): readonly Simulator[] =>
    name === undefined ? simulators : [of(name)];

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
      method: 'GET',
      path: '/codes',
      about: 'The last text that went to a number, whoever carried it, and the 6-digit code in it.',
      example: '?to=01012345678',
      run(input) {
        const { to } = codeQuery.parse(input);
        const texts = simulators.flatMap(({ ledger }) => ledger.entries()).flatMap((entry) => textTo(to, entry) ?? []);
        const last = texts.sort((a, b) => a.sequence - b.sequence).at(-1);
        if (last === undefined) throw new ControlRefusal(404, 'NO_TEXT', 'No text went to this number.');
        return last;
      },
    },
    ...ngsCommands(() => of('NGS')),
    ...secureKeyCommands(() => of('SECUREKEY')),
    ...naverCommerceCommands(() => of('NAVER_COMMERCE')),
    ...sentbeCommands(() => of('SENTBE')),
  ];
  return commands;
}

/** A text as the ledgers of SENS (content), NGS (text) and SECUREKEY (code) show it. */
function textTo(to: string, { outcome, provider: carrier, at, sequence, reference, fields = {} }: LedgerEntry) {
  const text = fields['content'] ?? fields['text'] ?? fields['code'];
  if (outcome !== 'TAKEN' || typeof text !== 'string' || (fields['to'] ?? fields['phone']) !== to) return undefined;
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? null;
  return { provider: carrier, at, sequence, reference, text, code };
}
