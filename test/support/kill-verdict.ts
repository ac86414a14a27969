/**
 * Compares three ledgers of a killed gateway: what its clients were told, what the providers received, and how each message ended.
 * It counts, and names the messages that break a promise; each list is empty where all is well.
 */
import type { CrashPoint } from '../../src/core/crash-points.ts';
import type { Callers } from './callers.ts';

/** A message as the gateway lists it in the end. */
export interface Listed {
  readonly id: string;
  readonly state: string;
  readonly clientRef: string;
}

export interface MessageEvent {
  readonly __typename: string;
  readonly cursor: string;
  readonly state: string;
  readonly at: string;
  readonly changed: { readonly id: string; readonly clientRef: string };
}

export interface ReportEvent {
  readonly __typename: string;
  readonly cursor: string;
  readonly serial: string;
}

export interface KillEvidence {
  readonly seed: number;
  readonly kills: number;
  readonly reached: readonly CrashPoint[];
  /** Lives that did not come to their crash point, and were killed later. */
  readonly missed: number;
  /** A day went by while messages waited, so they may have expired unsent. */
  readonly daysPassed: boolean;
  /** When each life began, by the clock of that life. */
  readonly lifeStarts: readonly number[];
  readonly callers: Callers;
  readonly listed: readonly Listed[];
  readonly messageEvents: readonly MessageEvent[];
  readonly reportEvents: readonly ReportEvent[];
  /** How often the providers took a text to this number. */
  readonly received: ReadonlyMap<string, number>;
  /** The SERIALs whose REPORT was acknowledged. */
  readonly reported: readonly string[];
}

export interface KillVerdict {
  readonly seed: number;
  readonly kills: number;
  readonly reached: readonly CrashPoint[];
  readonly missed: number;
  readonly accepted: number;
  /** The largest number of messages that one kill left in doubt. */
  readonly inDoubt: { readonly NGS: number; readonly SENS: number };
  /** The largest number of different contents among them: no call carries two. */
  readonly callsInDoubt: { readonly NGS: number; readonly SENS: number };
  /** In doubt after a kill, and in truth never sent: they expired. */
  readonly neverSent: number;
  /** Of what providers took, how much was known before its deadline. */
  readonly settledShare: number;
  /** Each names what it is about, and is empty where the promises were kept. */
  readonly faults: KillFaults;
}

export interface KillFaults {
  /** Accepted, and gone: not listed, without an end, or expired though nobody tried to send them. */
  readonly lost: readonly string[];
  /** Taken by a provider more than once. */
  readonly doubled: readonly string[];
  /** One key and two messages, or two answers. */
  readonly acceptedTwice: readonly string[];
  /** DELIVERED, and no provider took it. */
  readonly invented: readonly string[];
  /** Acknowledged to NGS, and not in the stream just once. */
  readonly reportsAmiss: readonly string[];
  /** Messages whose stream does not begin with QUEUED, repeats a position, or does not end as they did. */
  readonly streamsAmiss: readonly string[];
  /** Left before the time that their caller gave. */
  readonly early: readonly string[];
  /** Calls that were answered with an error. */
  readonly refusals: readonly string[];
}

/** What a provider has under way at most, unless its settings say otherwise: the window of NGS, the calls of SENS. */
export const callsAtOnce = { NGS: 16, SENS: 16 };

export const finalStates: readonly string[] = ['DELIVERED', 'FAILED', 'EXPIRED'];

export const noFaults: KillFaults = {
  lost: [],
  doubled: [],
  acceptedTwice: [],
  invented: [],
  reportsAmiss: [],
  streamsAmiss: [],
  early: [],
  refusals: [],
};

export function verdictOf(evidence: KillEvidence): KillVerdict {
  const { callers, listed, messageEvents, reportEvents, received, reported, lifeStarts } = evidence;
  const byRef = groupBy(listed, ({ clientRef }) => clientRef);
  const heard = groupBy(messageEvents, ({ changed }) => changed.clientRef);
  const stories = callers.texts.map((text) => {
    const entries = byRef.get(text.key) ?? [];
    const answers = [...(callers.answers.get(text.key) ?? [])];
    const events = heard.get(text.key) ?? [];
    return { ...text, entries, answers, events, state: entries[0]?.state, taken: received.get(text.to) ?? 0 };
  });
  const keysOf = (wanted: (story: (typeof stories)[number]) => boolean): string[] =>
    stories.filter(wanted).map(({ key }) => key);

  const wasTried = (events: readonly MessageEvent[]): boolean => events.some(({ state }) => state === 'SUBMITTING');
  const isGone = ({ answers, entries, state, taken, events }: (typeof stories)[number]): boolean => {
    if (answers.some((id) => !entries.some((entry) => entry.id === id))) return true;
    if (answers.length === 0 || state === undefined) return true;
    if (!finalStates.includes(state)) return true;
    return taken === 0 && !(state === 'EXPIRED' && (wasTried(events) || evidence.daysPassed));
  };
  const isStreamAmiss = ({ events, state }: (typeof stories)[number]): boolean =>
    events[0]?.state !== 'QUEUED' ||
    events.at(-1)?.state !== state ||
    new Set(events.map(({ cursor }) => cursor)).size < events.length;

  const reportCounts = groupBy(reportEvents, ({ serial }) => serial);
  // Once its deadline has passed SENS is asked no more; a day that was let pass before is no fault of the gateway's.
  const takenStories = stories.filter(
    ({ taken, provider, state }) => taken > 0 && !(evidence.daysPassed && provider === 'SENS' && state === 'EXPIRED'),
  );
  const settled = takenStories.filter(({ state }) => state === 'DELIVERED' || state === 'FAILED');
  const inDoubt = { NGS: 0, SENS: 0 };
  const callsInDoubt = { NGS: 0, SENS: 0 };
  for (let life = 1; life <= evidence.kills; life += 1) {
    const [from, to] = [lifeStarts[life - 1] ?? 0, lifeStarts[life] ?? Number.POSITIVE_INFINITY];
    for (const provider of ['NGS', 'SENS'] as const) {
      const left = stories.filter((story) => {
        const last = story.events.filter(({ at }) => Date.parse(at) < to).at(-1);
        return story.provider === provider && last?.state === 'SUBMITTING' && Date.parse(last.at) >= from;
      });
      inDoubt[provider] = Math.max(inDoubt[provider], left.length);
      const calls = provider === 'NGS' ? left.length : new Set(left.map(({ text }) => text)).size;
      callsInDoubt[provider] = Math.max(callsInDoubt[provider], calls);
    }
  }

  return {
    seed: evidence.seed,
    kills: evidence.kills,
    reached: evidence.reached,
    missed: evidence.missed,
    accepted: callers.answers.size,
    inDoubt,
    callsInDoubt,
    neverSent: stories.filter(({ taken, state }) => taken === 0 && state === 'EXPIRED').length,
    settledShare: takenStories.length === 0 ? 1 : settled.length / takenStories.length,
    faults: {
      lost: stories.filter(isGone).map(({ key, provider, answers, state = 'not listed' }) => {
        return `${key} by ${provider}: ${state}${answers.length === 0 ? ', and its caller was never answered' : ''}`;
      }),
      doubled: keysOf(({ taken }) => taken > 1),
      acceptedTwice: keysOf(({ entries, answers }) => entries.length > 1 || answers.length > 1),
      invented: keysOf(({ taken, state }) => taken === 0 && state === 'DELIVERED'),
      reportsAmiss: [...new Set(reported)].filter((serial) => reportCounts.get(serial)?.length !== 1),
      streamsAmiss: keysOf(isStreamAmiss),
      early: keysOf(({ events, sendAt = 0 }) =>
        events.some(({ state, at }) => state === 'SUBMITTING' && Date.parse(at) < sendAt),
      ),
      refusals: callers.refusals,
    },
  };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
