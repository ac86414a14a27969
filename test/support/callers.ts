/**
 * Callers of sendSms as they should be: each text has its idempotency key, and a call whose answer was lost is made again with the
 * same key, as often as it takes. What they were told is one of the three ledgers of a kill test.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import { SendSmsDocument } from '../generated/operations.ts';

export interface Text {
  /** Its idempotency key and its clientRef. */
  readonly key: string;
  /** Nobody else's. */
  readonly to: string;
  readonly provider: 'NGS' | 'SENS';
  readonly wait: 'QUEUED' | 'SUBMITTED';
  readonly text: string;
  /** Shall not leave before. */
  readonly sendAt?: number;
}

export interface Callers {
  readonly texts: readonly Text[];
  /** What each key was answered: the ids of messages, one where all is well. */
  readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Calls that were refused with an error of the gateway's, in its words; not those that a store was too slow for. */
  readonly refusals: readonly string[];
  /** Asks once more what nobody answered, then sends up to `count` new texts, until the gateway is gone. */
  call(url: string, isOver: () => boolean, count: number): Promise<void>;
}

export interface CallersOptions {
  readonly apiKey: string;
  readonly random: (below: number) => number;
  readonly providers: readonly Text['provider'][];
  /** Given where some texts shall wait for a time. */
  readonly now?: () => number;
  /** Between two bursts, at most. @default 40: a life of 30 texts sends for some 150 ms, and its reports come as long again */
  readonly pauseMs?: number;
  /** New calls wait while so many are unanswered, so that a gateway is not given more than it can carry. @default any number */
  readonly maxUnderWay?: number;
}

const burstSize = 8;
/** A twin of a call comes at the same moment once in so many. */
const twinOneIn = 10;
/** So is one that shall leave later: in the next life, where this one is killed. */
const laterOneIn = 10;
const laterByMs = 20_000;

export function createCallers(options: CallersOptions): Callers {
  const { apiKey, random, providers, now, pauseMs = 40, maxUnderWay = Number.POSITIVE_INFINITY } = options;
  const texts: Text[] = [];
  const answers = new Map<string, Set<string>>();
  const refusals: string[] = [];
  /** Their time went by while nobody heard whether they were stored. They were not: they go without one. */
  const overdue = new Set<string>();

  function newText(shared: string): Text {
    const number = texts.length + 1;
    const isLater = now !== undefined && random(laterOneIn) === 0;
    const text: Text = {
      key: `k${number}`,
      to: `0102${String(number).padStart(7, '0')}`,
      provider: providers[random(providers.length)] ?? 'NGS',
      wait: isLater || random(10) < 7 ? 'QUEUED' : 'SUBMITTED',
      // Some share their words, and so a call to SENS.
      text: random(2) === 0 ? shared : `text ${number}`,
      ...(isLater && { sendAt: now() + laterByMs }),
    };
    texts.push(text);
    return text;
  }

  async function callOnce(url: string, { key, to, provider, wait, text, sendAt }: Text): Promise<void> {
    const later = sendAt === undefined || overdue.has(key) ? {} : { sendAt: new Date(sendAt).toISOString() };
    const input = { idempotencyKey: key, clientRef: key, to, text, wait, providers: [provider], ...later };
    const body = JSON.stringify({ query: print(SendSmsDocument), variables: { input } });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
    let answer: { data?: { sendSms?: { id?: string; code?: string; fields?: readonly { rule: string }[] } } };
    try {
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      answer = await response.json();
    } catch {
      // It died, or its answer did, perhaps behind the headers.
      return;
    }
    const id = answer.data?.sendSms?.id;
    if (answer.data?.sendSms?.fields?.some(({ rule }) => rule === 'IN_THE_PAST')) overdue.add(key);
    // Typed, and with the promise that the same key may be asked again: so it is, where whatever nobody answered is.
    else if (answer.data?.sendSms?.code === 'STORE_UNAVAILABLE') return;
    else if (id === undefined) refusals.push(JSON.stringify(answer));
    else answers.set(key, (answers.get(key) ?? new Set()).add(id));
  }

  const callWithTwins = (url: string, text: Text): Promise<unknown> => {
    const calls = random(twinOneIn) === 0 ? 2 : 1;
    return Promise.all(Array.from({ length: calls }, () => callOnce(url, text)));
  };

  return {
    texts,
    answers,
    refusals,
    async call(url, isOver, count) {
      const underWay = new Set<Promise<unknown>>();
      function begin(text: Text): void {
        const call = callWithTwins(url, text).finally(() => underWay.delete(call));
        underWay.add(call);
      }
      for (const text of texts.filter(({ key }) => !answers.has(key))) begin(text);
      for (let sent = 0; sent < count && !isOver(); ) {
        const burst = 1 + random(burstSize);
        const shared = `burst ${texts.length}`;
        for (let at = 0; at < burst; at += 1) begin(newText(shared));
        sent += burst;
        await delay(random(pauseMs));
        while (underWay.size >= maxUnderWay) await Promise.race(underWay);
      }
      await Promise.all(underWay);
    },
  };
}
