/** Callers of a cluster: each goes to any gateway that is there, and to another with the same key where one gave no answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import { SendSmsDocument } from '../generated/operations.ts';
import type { Callers, Text } from './callers.ts';

export const apiKey = 'test-key-0123456789';
const callPatienceMs = 5_000;

export function createClusterCallers(urls: () => readonly string[], random: (below: number) => number) {
  const texts: Text[] = [];
  const answers = new Map<string, Set<string>>();
  const refusals: string[] = [];
  let isStopped = false;

  async function send(text: Text): Promise<void> {
    const { key, to, provider, wait } = text;
    const input = { idempotencyKey: key, clientRef: key, to, text: text.text, wait, providers: [provider] };
    const body = JSON.stringify({ query: print(SendSmsDocument), variables: { input } });
    while (!isStopped && !answers.has(key)) {
      const at = urls();
      const url = at[random(at.length)];
      const id = url && (await ask(url, body));
      if (id !== undefined) answers.set(key, new Set([id]));
      else await delay(100);
    }
  }

  async function ask(url: string, body: string): Promise<string | undefined> {
    try {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
      const signal = AbortSignal.timeout(callPatienceMs);
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal });
      const answer = (await response.json()) as {
        data?: { sendSms?: { id?: string; retry?: string; __typename: string } };
      };
      return answer.data?.sendSms?.id;
    } catch {
      // It stands still, or died, or is cut off: the same key goes to another.
      return undefined;
    }
  }

  function begin(perSecond: number): { end(): Promise<void> } {
    const underWay: Promise<void>[] = [];
    const timer = setInterval(() => {
      for (let at = 0; at < Math.ceil(perSecond / 20); at += 1) {
        const number = texts.length + 1;
        const text: Text = {
          key: `k${number}`,
          to: `0102${String(number).padStart(7, '0')}`,
          provider: 'NGS',
          wait: random(10) < 7 ? 'QUEUED' : 'SUBMITTED',
          text: `text ${number}`,
        };
        texts.push(text);
        underWay.push(send(text));
      }
    }, 50);
    return {
      async end() {
        clearInterval(timer);
        await Promise.all(underWay);
      },
    };
  }

  const callers: Callers = { texts, answers, refusals, call: async () => undefined };
  return {
    ...callers,
    begin,
    stop() {
      isStopped = true;
    },
  };
}
