/**
 * Faults armed ahead and counted down, first armed, first spent: nothing here is random, so a run repeats. What a
 * fault does at its point is the simulator's business.
 */
import { z } from 'zod';
import { SIMULATED_PROVIDERS, type SimulatedProvider } from './ledger.ts';
import { NGS_RESULT_CODES } from './ngs/results.ts';
import { tpsSchema } from './ngs/settings.ts';

const KINDS = [
  'drop',
  'delay',
  'reject',
  'cut',
  'silence',
  'split',
  'lie',
  'garbage',
  'kick',
  'duplicate',
  'reorder',
  'glue',
  'tps',
  'forge',
] as const;
type Kind = (typeof KINDS)[number];

const HTTP_ANSWER = ['drop', 'delay', 'reject', 'cut', 'split', 'garbage'] as const;

/**
 * Where a fault may strike, and how; docs/simulators.md tells what each does there. `send` is before the message is
 * taken, `ack` after. A rejected NGS `ack` is missing on purpose: a DELIVER_ACK other than E_OK means that nothing was
 * taken (NGS 7.2), which is `send`.
 */
export const FAULT_POINTS = {
  SENS: {
    send: ['drop', 'delay', 'reject'],
    ack: HTTP_ANSWER,
    lookup: HTTP_ANSWER,
    report: ['drop', 'delay', 'reject'],
    file: HTTP_ANSWER,
    reservation: ['reject'],
    cancel: ['drop', 'delay', 'reject'],
    cancelAck: ['drop', 'delay', 'reject'],
    unsubscribe: HTTP_ANSWER,
  },
  NGS: {
    login: ['drop', 'delay', 'reject', 'silence', 'split', 'lie', 'garbage'],
    bind: ['drop', 'delay', 'reject', 'silence', 'split', 'lie', 'garbage', 'kick'],
    send: ['drop', 'delay', 'reject', 'silence', 'kick', 'tps'],
    ack: ['drop', 'delay', 'silence', 'split', 'lie', 'garbage', 'kick', 'duplicate', 'reorder', 'glue'],
    report: ['drop', 'delay', 'reject', 'silence', 'split', 'lie', 'garbage', 'kick', 'duplicate', 'reorder', 'glue'],
    reportAck: ['drop'],
    link: ['drop', 'delay', 'silence', 'split', 'lie', 'garbage', 'kick', 'duplicate'],
  },
  SECUREKEY: {
    request: ['drop', 'delay', 'reject'],
    answer: HTTP_ANSWER,
    webhook: ['drop', 'delay', 'duplicate', 'reorder', 'forge'],
  },
  NAVER_COMMERCE: {
    token: HTTP_ANSWER,
    call: ['drop', 'delay', 'reject'],
    answer: HTTP_ANSWER,
  },
  SENTBE: {
    request: ['drop', 'delay', 'reject'],
    answer: HTTP_ANSWER,
    callback: ['drop', 'delay', 'duplicate', 'forge'],
  },
} as const satisfies Record<SimulatedProvider, Readonly<Record<string, readonly Kind[]>>>;

type PointsOf<Provider> = Provider extends SimulatedProvider ? keyof (typeof FAULT_POINTS)[Provider] : never;
export type FaultPoint = PointsOf<SimulatedProvider>;

/** Where a `reject` is no HTTP answer, and so has no status; `true` for all of a provider's points. */
const NO_HTTP: { readonly [Provider in SimulatedProvider]?: true | readonly string[] } = {
  NGS: true,
  SENS: ['report', 'reservation'],
};
/** The points that several endpoints share, so that a fault may name one of them. */
const SHARED_POINTS: { readonly [Provider in SimulatedProvider]?: readonly string[] } = {
  SECUREKEY: ['request', 'answer'],
  NAVER_COMMERCE: ['call', 'answer'],
  SENTBE: ['request', 'answer'],
};

/** What only some kinds take; `needed` by those that mean nothing without it. */
const OPTIONS = [
  { option: 'ms', of: ['delay', 'reorder', 'glue'], needed: ['delay'] },
  { option: 'code', of: ['reject'], needed: [] },
  { option: 'length', of: ['lie'], needed: [] },
  { option: 'tps', of: ['tps'], needed: ['tps'] },
] as const;

export const faultSchema = z
  .strictObject({
    provider: z.enum(SIMULATED_PROVIDERS),
    kind: z.enum(KINDS),
    on: z.string(),
    /** How many times it lets the point pass before it strikes. */
    after: z.int().min(0).max(1_000_000).default(0),
    /** How many times it strikes before it is spent. */
    count: z.int().min(1).max(100_000).default(1),
    /** For a point that endpoints share: the path at which it strikes, `push/send`; at SENTBE with its method. */
    endpoint: z
      .string()
      .regex(/^(GET |POST )?[a-z0-9/:_-]{1,80}$/)
      .optional(),
    /** For `delay`; for `reorder` and `glue` the longest wait for a next packet or webhook (1,000). */
    ms: z.int().min(1).max(600_000).optional(),
    /** For `reject`. NGS: a name of the result table or up to 3 characters. Elsewhere the provider's error code. */
    code: z
      .string()
      .regex(/^[A-Za-z0-9_.]{1,40}$/)
      .optional(),
    /** For `lie`: the MsgLeng to print. One too many, where it is missing. */
    length: z
      .string()
      .regex(/^[\x20-\x7e]{0,10}$/, 'up to 10 printable ASCII characters')
      .optional(),
    /** For `tps`: what a second may carry from then on. */
    tps: tpsSchema.partial().optional(),
    /** For `reject` over HTTP: the status. */
    status: z.int().min(400).max(599).optional(),
    /** For `reject` at SENS: which of the error bodies seen in the wild. */
    shape: z.enum(['gateway', 'service', 'errors', 'text', 'html', 'empty']).optional(),
  })
  .superRefine((fault, context) => {
    const refuse = (path: keyof typeof fault, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const points: Readonly<Record<string, readonly string[]>> = FAULT_POINTS[fault.provider];
    const kinds = Object.hasOwn(points, fault.on) ? points[fault.on] : undefined;
    if (kinds === undefined) {
      refuse('on', `${fault.provider} has the points ${Object.keys(points).join(', ')}.`);
    } else if (!kinds.includes(fault.kind)) {
      refuse('kind', `${fault.provider} ${fault.on} knows ${kinds.join(', ')}.`);
    }
    for (const { option, of, needed } of OPTIONS) {
      const isGiven = fault[option] !== undefined;
      if (isGiven && !(of as readonly string[]).includes(fault.kind)) refuse(option, `Only for ${of.join(', ')}.`);
      if (!isGiven && (needed as readonly string[]).includes(fault.kind)) refuse(option, `${fault.kind} needs it.`);
    }
    const isNgsCode = Object.hasOwn(NGS_RESULT_CODES, fault.code ?? '') || (fault.code?.length ?? 0) <= 3;
    if (fault.provider === 'NGS' && !isNgsCode) refuse('code', 'RESULT holds 3 characters, or name one of the table.');
    const isReservation = fault.provider === 'SENS' && fault.on === 'reservation';
    if (isReservation && !['FAIL', 'STALE', 'SKIP', undefined].includes(fault.code)) {
      refuse('code', 'A reservation ends as FAIL, STALE or SKIP.');
    }
    const withoutHttp = NO_HTTP[fault.provider] ?? [];
    const overHttp = fault.kind === 'reject' && withoutHttp !== true && !withoutHttp.includes(fault.on);
    if (!overHttp && fault.status !== undefined) refuse('status', 'Only a reject of an HTTP answer has a status.');
    if (!(overHttp && fault.provider === 'SENS') && fault.shape !== undefined) {
      refuse('shape', 'Only a reject of a SENS answer has a shape.');
    }
    if (fault.endpoint !== undefined && !SHARED_POINTS[fault.provider]?.includes(fault.on)) {
      refuse('endpoint', 'Only for a point that endpoints share.');
    }
  });

type FaultRequest = z.input<typeof faultSchema>;
export type ArmedFault = z.output<typeof faultSchema> & { readonly id: number; readonly remaining: number };

export interface FaultList {
  /** Throws a ZodError for a fault that cannot strike. */
  arm(fault: FaultRequest): ArmedFault;
  /** The fault that strikes here now, if any; counts it down, and whatever else waits for this point to pass. */
  strike(on: FaultPoint, endpoint?: string): ArmedFault | undefined;
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
    strike(on, endpoint) {
      const isHere = (fault: ArmedFault) =>
        fault.on === on && (fault.endpoint === undefined || fault.endpoint === endpoint);
      const struck = armed.find((fault) => isHere(fault) && fault.after === 0);
      armed = armed.flatMap((fault) => {
        if (!isHere(fault)) return [fault];
        if (fault.after > 0) return [{ ...fault, after: fault.after - 1 }];
        if (fault !== struck) return [fault];
        return fault.remaining === 1 ? [] : [{ ...fault, remaining: fault.remaining - 1 }];
      });
      return struck === undefined ? undefined : { ...struck, remaining: struck.remaining - 1 };
    },
    list: () => armed,
    disarm(id) {
      const before = armed.length;
      armed = id === undefined ? [] : armed.filter((fault) => fault.id !== id);
      return before - armed.length;
    },
  };
}
