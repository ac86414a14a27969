/**
 * Faults armed ahead and counted down, first armed, first spent: nothing here is random, so a run repeats. What a
 * fault does at its point is the simulator's business.
 */
import { z } from 'zod';
import { NGS_RESULT_CODES } from './ngs/results.ts';

/**
 * Where a fault may strike, and how. `send` is before the message is taken, `ack` after. A rejected NGS `ack` is
 * missing on purpose: a DELIVER_ACK other than E_OK means that nothing was taken (NGS 7.2), which is `send`.
 */
const POINTS = {
  SENS: {
    send: ['drop', 'delay', 'reject'],
    ack: ['drop', 'delay', 'reject'],
    lookup: ['drop', 'delay', 'reject'],
    report: ['drop', 'delay', 'reject'],
  },
  NGS: {
    login: ['drop', 'delay', 'reject'],
    bind: ['drop', 'delay', 'reject'],
    send: ['drop', 'delay', 'reject'],
    ack: ['drop', 'delay'],
    report: ['drop', 'delay', 'reject'],
    reportAck: ['drop'],
    link: ['drop', 'delay'],
  },
} as const;

export type FaultPoint = keyof (typeof POINTS)['SENS'] | keyof (typeof POINTS)['NGS'];

export const faultSchema = z
  .strictObject({
    provider: z.enum(['SENS', 'NGS']),
    kind: z.enum(['drop', 'delay', 'reject']),
    on: z.string(),
    /** How many times it strikes before it is spent. */
    count: z.int().min(1).max(100_000).default(1),
    /** For `delay`. */
    ms: z.int().min(1).max(600_000).optional(),
    /** For `reject`. NGS: a name of the result table or up to 3 characters. SENS: an errorCode or a carrier's code. */
    code: z
      .string()
      .regex(/^[A-Za-z0-9_]{1,20}$/)
      .optional(),
    /** For `reject` at SENS: the HTTP status. */
    status: z.int().min(400).max(599).optional(),
    /** For `reject` at SENS: which of the error bodies seen in the wild. */
    shape: z.enum(['gateway', 'service', 'errors', 'text', 'html', 'empty']).optional(),
  })
  .superRefine((fault, context) => {
    const refuse = (path: keyof typeof fault, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const points: Readonly<Record<string, readonly string[]>> = POINTS[fault.provider];
    const kinds = Object.hasOwn(points, fault.on) ? points[fault.on] : undefined;
    if (kinds === undefined) {
      refuse('on', `${fault.provider} has the points ${Object.keys(points).join(', ')}.`);
    } else if (!kinds.includes(fault.kind)) {
      refuse('kind', `${fault.provider} ${fault.on} knows ${kinds.join(', ')}.`);
    }
    if (fault.kind === 'delay' && fault.ms === undefined) refuse('ms', 'A delay needs its milliseconds.');
    if (fault.kind !== 'delay' && fault.ms !== undefined) refuse('ms', 'Only a delay has milliseconds.');
    if (fault.kind !== 'reject' && fault.code !== undefined) refuse('code', 'Only a reject has a code.');
    const isNgsCode = Object.hasOwn(NGS_RESULT_CODES, fault.code ?? '') || (fault.code?.length ?? 0) <= 3;
    if (fault.provider === 'NGS' && !isNgsCode) refuse('code', 'RESULT holds 3 characters, or name one of the table.');
    const overHttp = fault.kind === 'reject' && fault.provider === 'SENS' && fault.on !== 'report';
    if (!overHttp && fault.status !== undefined) refuse('status', 'Only a reject of a SENS answer has a status.');
    if (!overHttp && fault.shape !== undefined) refuse('shape', 'Only a reject of a SENS answer has a shape.');
  });

type FaultRequest = z.input<typeof faultSchema>;
export type ArmedFault = z.output<typeof faultSchema> & { readonly id: number; readonly remaining: number };

export interface FaultList {
  /** Throws a ZodError for a fault that cannot strike. */
  arm(fault: FaultRequest): ArmedFault;
  /** The fault that strikes here now, if any; counts it down. */
  strike(on: FaultPoint): ArmedFault | undefined;
  list(): readonly ArmedFault[];
  disarm(id?: number): number;
}

export function createFaultList(): FaultList {
  let armed: ArmedFault[] = [];
  let lastId = 0;

  return {
    arm(request) {
      const parsed = faultSchema.parse(request);
      lastId += 1;
      const fault = { ...parsed, id: lastId, remaining: parsed.count };
      armed.push(fault);
      return fault;
    },
    strike(on) {
      const at = armed.findIndex((fault) => fault.on === on);
      const found = armed[at];
      if (found === undefined) return undefined;
      const spent = { ...found, remaining: found.remaining - 1 };
      armed = spent.remaining === 0 ? armed.toSpliced(at, 1) : armed.with(at, spent);
      return spent;
    },
    list: () => armed,
    disarm(id) {
      const before = armed.length;
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
      return before - armed.length;
    },
  };
}
