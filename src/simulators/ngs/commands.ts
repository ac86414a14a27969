/** What the control API can do at the NGS simulator alone. */
import { z } from 'zod';
import type { ControlCommand } from '../control-command.ts';
import { reportSchema } from './reports.ts';
import type { NgsSimulator } from './simulator.ts';

const reportList = z.strictObject({ reports: z.array(reportSchema).min(1).max(1000) });
const kickInput = z.strictObject({
  kind: z.enum(['DLV', 'REP']).optional(),
  reason: z.string().min(1).max(40).optional(),
});

/** `ngs` throws where it is not simulated. */
export const ngsCommands = (ngs: () => NgsSimulator): readonly ControlCommand[] => [
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
