/**
 * How the demo speaks with Gwanmun: one operation (`call`), a subscription over SSE (`follow`), and the key that keeps a
 * call that is made again from being a second one (`createIntention`). It knows nothing of the page.
 */

/** A failure comes as data, in the place of what was asked for; `retry` says whether the same call may be made again. */
export class Refused extends Error {
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const failureFields = `
  fragment Failure on Error {
    code message retry retryAt
    ... on InvalidInput { fields { path message } }
    ... on OtpRejected { attemptsLeft expired }
    ... on PasskeyRejected { check }
    ... on MfaRequired { requiredChannels }
  }`;

/** `onAnswer(document, variables, answer)` hears of every answer and every event. */
export function createApi({ apiKey, onAnswer }) {
  async function post(document, variables, accept, signal) {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey()}`, 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: document, variables }),
      signal,
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response.body;
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(errors[0].message);
    return data;
  }

  /** An operation of one field. Throws Refused for a failure, and any other error where no answer came. */
  async function call(document, variables) {
    const whole = document.includes('...Failure') ? document + failureFields : document;
    const [answer] = Object.values(await post(whole, variables, 'application/json'));
    onAnswer(document, variables, answer);
    if (answer?.retry !== undefined) throw new Refused(answer);
    return answer;
  }

  /** A subscription. It ends when the server says so; cut off, it comes back and goes on behind its last cursor. */
  async function* follow(document, variables, signal) {
    let after;
    while (!signal.aborted) {
      try {
        for await (const { data } of messagesOf(
          await post(document, { ...variables, after }, 'text/event-stream', signal),
        )) {
          const [event] = Object.values(data);
          onAnswer(document, { ...variables, after }, event);
          after = event.cursor ?? event.resumeAfter ?? event.toCursor ?? after;
          yield event;
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof TypeError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    }
  }

  return { call, follow };
}

/** Server-sent events as graphql-sse frames them. Throws a TypeError, as fetch does, where their `complete` is missing. */
async function* messagesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let isToResume = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new TypeError('The stream was cut off.');
      const blocks = (text + value).split('\n\n');
      text = blocks.pop();
      for (const block of blocks) {
        if (/^event: complete$/m.test(block) && !isToResume) return;
        const json = /^data: (.+)$/m.exec(block)?.[1];
        if (json === undefined) continue;
        const message = JSON.parse(json);
        if (message.errors !== undefined) throw new Error(message.errors[0].message);
        // This process goes, and there is more behind the cursor.
        isToResume = Object.values(message.data)[0].__typename === 'StreamEnded';
        yield message;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * One key for one intention. It stays as long as the same may be asked again, so that asking again after a lost answer
 * sends nothing twice; other input is another intention.
 */
export function createIntention(form) {
  let idempotencyKey;
  form.addEventListener('input', () => {
    idempotencyKey = undefined;
  });
  return async (act) => {
    idempotencyKey ??= crypto.randomUUID();
    try {
      const answer = await act(idempotencyKey);
      idempotencyKey = undefined;
      return answer;
    } catch (error) {
      if (['AFTER_FIX', 'NEVER'].includes(error.failure?.retry)) idempotencyKey = undefined;
      throw error;
    }
  };
}
