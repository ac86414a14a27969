/**
 * Callers who come at a rate, whether or not those before them were answered: the load under which a server without bounds
 * collapses. Each has a deadline, and goes away without an answer when it has passed. Plain sockets: fetch costs more than the gateway.
 */
import { connect, type Socket } from 'node:net';
import { apiKey } from './gateway.ts';

/** OTHER: an answer that is neither a message nor the typed refusal; BROKEN: none, and the connection is gone. */
export type AnswerKind = 'MESSAGE' | 'OVERLOADED' | 'LATE' | 'BROKEN' | 'OTHER';

export interface Answer {
  readonly key: string;
  readonly kind: AnswerKind;
  readonly afterMs: number;
  /** Of what is neither. */
  readonly text?: string;
}

export interface OpenLoop {
  call(key: string): Promise<Answer>;
  /** So many calls a second, for so long. `answers`: when all of them are answered or late. */
  run(
    prefix: string,
    perSecond: number,
    seconds: number,
  ): { readonly sent: Promise<void>; readonly answers: Promise<readonly Answer[]> };
  /** So many callers, each with the next call once the last is answered. */
  runClosed(prefix: string, callers: number, seconds: number): Promise<readonly Answer[]>;
  close(): void;
}

const query =
  'mutation ($input: SendSmsInput!) { sendSms(input: $input) { __typename ... on ProviderUnavailable { code outcome retry } } }';
const refusal = /"code":"OVERLOADED"/;
const refusalAdvice = [/"outcome":"NOT_ACCEPTED"/, /"retry":"SAFE_AFTER"/];

export function createOpenLoop(url: string, deadlineMs: number): OpenLoop {
  const { hostname, port } = new URL(url);
  const idle: Socket[] = [];
  const all = new Set<Socket>();

  function open(): Socket {
    const socket = connect(Number(port), hostname).setEncoding('utf8').setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      all.delete(socket);
      const at = idle.indexOf(socket);
      if (at >= 0) idle.splice(at, 1);
    });
    all.add(socket);
    return socket;
  }

  function call(key: string): Promise<Answer> {
    const input = {
      idempotencyKey: key,
      clientRef: key,
      to: '01020000001',
      text: key,
      providers: ['NGS'],
      wait: 'QUEUED',
    };
    const body = JSON.stringify({ query, variables: { input } });
    const socket = idle.pop() ?? open();
    const began = performance.now();
    return new Promise((resolve) => {
      let text = '';
      const timer = setTimeout(() => end('LATE'), deadlineMs);
      const onData = (chunk: string): void => {
        text += chunk;
        if (!isWhole(text)) return;
        const kind = kindOf(text);
        end(kind);
      };
      const onClose = (): void => end('BROKEN');
      function end(kind: AnswerKind): void {
        clearTimeout(timer);
        socket.off('data', onData);
        socket.off('close', onClose);
        const mayStay = kind !== 'LATE' && kind !== 'BROKEN' && !/\r\nconnection: close/i.test(text);
        if (mayStay) idle.push(socket);
        else socket.destroy();
        resolve({ key, kind, afterMs: performance.now() - began, ...(kind === 'OTHER' && { text }) });
      }
      socket.on('data', onData);
      socket.once('close', onClose);
      socket.write(
        `POST /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nX-API-Key: ${apiKey}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
    });
  }

  return {
    call,
    run(prefix, perSecond, seconds) {
      const answers: Promise<Answer>[] = [];
      const total = Math.round(perSecond * seconds);
      const sending = async (): Promise<void> => {
        const began = performance.now();
        while (answers.length < total) {
          const due = Math.min(total, ((performance.now() - began) / 1_000) * perSecond);
          while (answers.length < due) answers.push(call(`${prefix}${answers.length}`));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const sent = sending();
      return { sent, answers: sent.then(() => Promise.all(answers)) };
    },
    async runClosed(prefix, callers, seconds) {
      const answers: Answer[] = [];
      const end = performance.now() + seconds * 1_000;
      const callOn = async (caller: number): Promise<void> => {
        for (let nth = 0; performance.now() < end; nth += 1) answers.push(await call(`${prefix}${caller}-${nth}`));
      };
      await Promise.all(Array.from({ length: callers }, (_, caller) => callOn(caller)));
      return answers;
    },
    close() {
      for (const socket of all) socket.destroy();
    },
  };
}

function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length === undefined ? text.endsWith('0\r\n\r\n') : Buffer.byteLength(text.slice(head + 4)) >= Number(length);
}

function kindOf(text: string): AnswerKind {
  if (text.includes('"__typename":"Message"')) return 'MESSAGE';
  return refusal.test(text) && refusalAdvice.every((advice) => advice.test(text)) ? 'OVERLOADED' : 'OTHER';
}
