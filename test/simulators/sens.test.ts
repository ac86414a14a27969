import { describe, expect, it } from 'vitest';
import vectors from '../contract/vectors.json' with { type: 'json' };
import { SENS_BODY as BODY, MESSAGES, START, startSensSimulator as startSimulator } from '../support/sens-simulator.ts';

describe('the SENS simulator at its gateway', () => {
  it.each(vectors.sens)('accepts the golden signature of $method $url', async (vector) => {
    const { clock, call } = await startSimulator();
    clock.at = Number(vector.timestamp);
    const headers = { 'x-ncp-apigw-timestamp': vector.timestamp, 'x-ncp-apigw-signature-v2': vector.signature };
    const answer = await call(vector.method, vector.url, vector.method === 'POST' ? BODY : undefined, headers);
    expect(answer.status).toBe(vector.method === 'POST' ? 202 : 404);
  });

  it.each([
    ['a wrong signature', { 'x-ncp-apigw-signature-v2': 'AAAA' }],
    ['no signature', { 'x-ncp-apigw-signature-v2': null }],
    ['another access key', { 'x-ncp-iam-access-key': 'XX' }],
    ['no access key', { 'x-ncp-iam-access-key': null }],
    ['no timestamp', { 'x-ncp-apigw-timestamp': null }],
    ['a timestamp that is no number', { 'x-ncp-apigw-timestamp': 'yesterday' }],
    ['a timestamp 300,001 ms behind', { 'x-ncp-apigw-timestamp': String(START - 300_001) }],
    ['a timestamp 300,001 ms ahead', { 'x-ncp-apigw-timestamp': String(START + 300_001) }],
  ])('answers 401 in the gateway shape for %s', async (_, headers) => {
    const { call, simulator } = await startSimulator();
    const answer = await call('POST', MESSAGES, BODY, headers);
    expect(answer.status).toBe(401);
    expect(answer.json.error).toMatchObject({ errorCode: '200', message: 'Authentication Failed' });
    expect(simulator.ledger.entries()).toMatchObject([{ event: 'POST messages', outcome: 'REFUSED' }]);
  });

  it('accepts a timestamp exactly 300,000 ms off', async () => {
    const { call } = await startSimulator();
    const headers = { 'x-ncp-apigw-timestamp': String(START - 300_000) };
    expect((await call('POST', MESSAGES, BODY, headers)).status).toBe(202);
  });

  it('verifies the raw target: the query and its escapes belong to the signature', async () => {
    const { call } = await startSimulator();
    const escaped = MESSAGES.replaceAll(':', '%3A');
    expect((await call('POST', escaped, BODY)).status).toBe(202);
    expect((await call('POST', escaped, BODY, {}, MESSAGES)).status).toBe(401);
    expect((await call('GET', `${MESSAGES}?requestId=a`, undefined, {}, MESSAGES)).status).toBe(401);
  });

  it('answers 404 for another path, another service and a send to one message', async () => {
    const { call } = await startSimulator();
    expect((await call('GET', '/')).json.error.errorCode).toBe('300');
    expect((await call('POST', '/sms/v2/services/other/messages', BODY)).status).toBe(404);
    expect((await call('POST', `${MESSAGES}/1`, BODY)).status).toBe(404);
  });

  it('answers 413 for a body over 1 MiB', async () => {
    const { post } = await startSimulator();
    const answer = await post({ content: 'x'.repeat(1_100_000) });
    expect([answer.status, answer.json.error.errorCode]).toEqual([413, '430']);
  });
});

describe('a send at the SENS simulator', () => {
  it('answers 202 as documented and shows what it took', async () => {
    const { post, taken } = await startSimulator();
    const answer = await post();
    expect(answer).toMatchObject({
      status: 202,
      date: 'Mon, 02 Mar 2026 03:04:05 GMT',
      json: { requestTime: '2026-03-02T12:04:05.678', statusCode: '202', statusName: 'success' },
    });
    expect(taken()).toMatchObject([
      {
        event: 'POST messages',
        reference: answer.json.requestId,
        fields: { from: '15880000', to: '01020001234', content: '안녕하세요', type: 'SMS', contentType: 'COMM' },
      },
    ]);
  });

  it.each([
    ['type', { type: 'FAX' }],
    ['contentType', { contentType: 'SPAM' }],
    ['countryCode', { countryCode: '+82' }],
    ['countryCode', { type: 'LMS', countryCode: '1' }],
    ['from', { from: '1588-0000' }],
    ['from', { from: '15889999' }],
    ['from', { from: undefined }],
    ['subject', { subject: 'hello' }],
    ['content', { content: undefined }],
    ['messages', { messages: [] }],
    ['messages', { messages: Array.from({ length: 101 }, () => ({ to: '01020001234' })) }],
    ['messages.0.to', { messages: [{ to: '010-2000-1234' }] }],
    ['files', { files: [{ fileId: 'x' }] }],
    ['files', { type: 'MMS', files: [{ fileId: 'unknown' }] }],
    ['reserveTime', { reserveTime: '2026-03-02 12:03' }],
    ['reserveTime', { reserveTime: '2026-06-31 12:00' }],
    ['reserveTime', { reserveTime: 'tomorrow' }],
    ['reserveTime', { reserveTime: '2026-03-03 12:00', reserveTimeZone: 'Mars/Olympus' }],
  ])('answers 400 naming %s for %j', async (field, changes) => {
    const { post, taken } = await startSimulator();
    const answer = await post(changes);
    expect(answer.status).toBe(400);
    expect(answer.json.errorMessage).toMatch(new RegExp(`^${field}\\b`));
    expect(taken()).toEqual([]);
  });

  it.each([
    ['text/plain', JSON.stringify(BODY)],
    ['application/json; charset=euc-kr', JSON.stringify(BODY)],
    ['application/json', '{'],
    ['application/json', '[]'],
    ['application/json', 'null'],
  ])('answers 400 for %s with %s', async (contentType, body) => {
    const { call } = await startSimulator();
    expect((await call('POST', MESSAGES, body, { 'content-type': contentType })).status).toBe(400);
  });

  it('takes lower-case types, 100 recipients, LMS with its subject, and MMS without a file as LMS', async () => {
    const { post, taken } = await startSimulator();
    const messages = Array.from({ length: 100 }, (_, i) => ({ to: `0102000${1000 + i}`, content: `nr ${i}` }));
    expect((await post({ type: 'sms', messages })).status).toBe(202);
    expect((await post({ type: 'LMS', subject: '제목' })).status).toBe(202);
    expect((await post({ type: 'MMS' })).status).toBe(202);
    const entries = taken();
    expect(entries).toHaveLength(102);
    expect(entries[99]?.fields).toMatchObject({ to: '01020001099', content: 'nr 99' });
    expect(entries[100]?.fields).toMatchObject({ type: 'LMS', subject: '제목' });
    expect(entries[101]?.fields).toMatchObject({ type: 'LMS' });
  });

  it('cuts 91 bytes to 90 without splitting a character, and refuses them with strictLength', async () => {
    const { post, taken, simulator } = await startSimulator();
    await post({ content: `${'가'.repeat(45)}x` });
    await post({ content: `x${'가'.repeat(45)}` });
    expect(taken()).toMatchObject([
      { fields: { content: '가'.repeat(45) } },
      { fields: { content: `x${'가'.repeat(44)}` } },
    ]);
    simulator.configure({ strictLength: true });
    expect((await post({ content: `${'가'.repeat(45)}x` })).json.errorMessage).toMatch(/^content/);
    expect((await post({ content: '가'.repeat(45) })).status).toBe(202);
  });
});

describe('look-ups at the SENS simulator', () => {
  it('shows READY, PROCESSING and COMPLETED as the clock goes on', async () => {
    const { post, call, clock } = await startSimulator({ deliverAfterMs: 1000 });
    const { requestId } = (await post()).json;
    const row = async () => (await call('GET', `${MESSAGES}?requestId=${requestId}`)).json;
    expect(await row()).toMatchObject({ statusCode: '202', itemCount: 1, hasMore: false });
    const ready = (await row()).messages[0];
    expect(ready).toMatchObject({ requestId, status: 'READY', to: '01020001234', from: '15880000' });
    expect(ready).not.toHaveProperty('statusCode');
    expect(ready).not.toHaveProperty('completeTime');
    clock.at += 250;
    expect((await row()).messages[0]).toMatchObject({ status: 'PROCESSING' });
    clock.at += 750;
    expect((await row()).messages[0]).toMatchObject({
      status: 'COMPLETED',
      statusCode: '0',
      statusName: 'success',
      completeTime: '2026-03-02T12:04:06.678',
      telcoCode: 'KTF',
    });
    const one = await call('GET', `${MESSAGES}/${ready.messageId}`);
    expect(one.json).toMatchObject({ statusCode: '200', messages: [{ status: 'COMPLETED', content: '안녕하세요' }] });
  });

  it.each([
    ['an emoji', { content: 'hi 😀' }, '3022'],
    ['a number that is no mobile', { messages: [{ to: '0212345678' }] }, '3003'],
    ['the number without a subscriber', { messages: [{ to: '01099990001' }] }, '3001'],
    ['the number that filters spam', { messages: [{ to: '01099990003' }] }, '3012'],
  ])('completes with a carrier code for %s', async (_, changes, statusCode) => {
    const { post, call } = await startSimulator({ deliverAfterMs: 0 });
    const { requestId } = (await post(changes)).json;
    const { messages } = (await call('GET', `${MESSAGES}?requestId=${requestId}`)).json;
    expect(messages).toMatchObject([{ status: 'COMPLETED', statusCode, statusName: 'fail' }]);
  });

  it('holds a reservation READY until its time in its zone', async () => {
    const { post, call, clock } = await startSimulator({ deliverAfterMs: 0 });
    const times = { reserveTime: '2026-03-08 03:30', reserveTimeZone: 'America/New_York' };
    const { requestId } = (await post(times)).json;
    const status = async () =>
      (await call('GET', `${MESSAGES}?requestId=${requestId}`)).json.messages[0].status as string;
    clock.at = Date.parse('2026-03-08T07:29:59Z');
    expect(await status()).toBe('READY');
    clock.at = Date.parse('2026-03-08T07:30:00Z');
    expect(await status()).toBe('COMPLETED');
  });

  it('pages through a time window, each message once, also while more arrive', async () => {
    const { post, call } = await startSimulator();
    const send = (from: number, count: number) =>
      post({ messages: Array.from({ length: count }, (_, i) => ({ to: `0102000${1000 + from + i}` })) });
    await send(0, 45);
    const window = 'requestStartTime=2026-03-02+12%3A00%3A00&requestEndTime=2026-03-02%2012:30:00';
    const seen: string[] = [];
    let nextToken = '';
    for (let page = 0; page < 4; page += 1) {
      const { json } = await call('GET', `${MESSAGES}?${window}${nextToken && `&nextToken=${nextToken}`}`);
      seen.push(...json.messages.map((message: { to: string }) => message.to));
      expect(json.pageSize).toBe(20);
      if (page === 1) await send(45, 25);
      expect(json.hasMore).toBe(page < 3);
      nextToken = json.nextToken;
    }
    expect(seen).toEqual(Array.from({ length: 70 }, (_, i) => `0102000${1000 + i}`));
    const filtered = await call('GET', `${MESSAGES}?${window}&to=01020001007`);
    expect(filtered.json.itemCount).toBe(1);
  });

  it('finds by completion only what is completed', async () => {
    const { post, call, clock } = await startSimulator({ deliverAfterMs: 1000 });
    await post();
    const window = 'completeStartTime=2026-03-02+12:00:00&completeEndTime=2026-03-02+12:30:00';
    expect((await call('GET', `${MESSAGES}?${window}`)).json.itemCount).toBe(0);
    clock.at += 1000;
    expect((await call('GET', `${MESSAGES}?${window}`)).json.itemCount).toBe(1);
  });

  it.each([
    ['pageSize=20'],
    ['requestId=a&requestStartTime=2026-03-01+00:00:00&requestEndTime=2026-03-02+00:00:00'],
    ['requestStartTime=2026-03-01+00:00:00'],
    ['requestStartTime=2026-03-01&requestEndTime=2026-03-02'],
    ['requestStartTime=2026-03-02+00:00:00&requestEndTime=2026-03-01+00:00:00'],
    ['requestStartTime=2026-01-01+00:00:00&requestEndTime=2026-03-01+00:00:00'],
    ['requestStartTime=2025-11-01+00:00:00&requestEndTime=2025-11-02+00:00:00'],
    ['completeStartTime=2026-03-01+00:00:00&completeEndTime=2026-03-02+00:00:01'],
    ['requestId=a&pageSize=101'],
    ['requestId=a&pageSize=0'],
    ['requestId=a&nextToken=%21'],
  ])('answers 400 for the query "%s"', async (query) => {
    const { call } = await startSimulator();
    expect((await call('GET', `${MESSAGES}?${query}`)).status).toBe(400);
  });

  it('answers 404 for a stranger, or an empty list where it is told to', async () => {
    const { call, simulator } = await startSimulator();
    expect((await call('GET', `${MESSAGES}/stranger`)).status).toBe(404);
    expect((await call('GET', `${MESSAGES}?requestId=stranger`)).status).toBe(404);
    simulator.configure({ unknownRequestId: 'EMPTY_LIST' });
    expect((await call('GET', `${MESSAGES}?requestId=stranger`)).json).toMatchObject({ messages: [], itemCount: 0 });
  });
});

describe('faults armed at the SENS simulator', () => {
  it('drop on send cuts the connection and takes nothing; the next send passes', async () => {
    const { simulator, post, taken } = await startSimulator();
    simulator.arm({ provider: 'SENS', kind: 'drop', on: 'send' });
    await expect(post()).rejects.toThrow();
    expect(taken()).toEqual([]);
    expect((await post()).status).toBe(202);
    expect(taken()).toHaveLength(1);
  });

  it('drop on ack cuts the connection after the message was taken', async () => {
    const { simulator, post, taken } = await startSimulator();
    simulator.arm({ provider: 'SENS', kind: 'drop', on: 'ack' });
    await expect(post()).rejects.toThrow();
    expect(taken()).toHaveLength(1);
    expect(simulator.ledger.entries().at(-1)).toMatchObject({ outcome: 'FAULT', reference: taken()[0]?.reference });
  });

  it('delay on ack answers only later, with the message taken before', async () => {
    const { simulator, post, taken } = await startSimulator();
    simulator.arm({ provider: 'SENS', kind: 'delay', on: 'ack', ms: 60_000 });
    let answered = false;
    const answer = post().then(
      () => {
        answered = true;
      },
      () => undefined,
    );
    await expect.poll(() => taken().length).toBe(1);
    expect((await post()).status).toBe(202);
    expect(answered).toBe(false);
    await simulator.stop();
    await answer;
  });

  it('reject answers with the status, code and shape asked for, as often as asked for', async () => {
    const { simulator, post, taken } = await startSimulator();
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'send', status: 429, code: '420', count: 2 });
    for (const shape of ['service', 'errors', 'text', 'html', 'empty'] as const) {
      simulator.arm({ provider: 'SENS', kind: 'reject', on: 'send', status: 503, shape });
    }
    const first = await post();
    expect([first.status, first.json.error.errorCode]).toEqual([429, '420']);
    expect(simulator.faults.list()[0]).toMatchObject({ count: 2, remaining: 1 });
    expect((await post()).status).toBe(429);
    expect((await post()).json).toEqual({ status: '503', errorMessage: 'Armed fault' });
    expect((await post()).json.errors).toMatchObject([{ status: 503 }]);
    expect((await post()).text).toBe('Armed fault');
    expect((await post()).text).toContain('<html>');
    expect(await post()).toMatchObject({ status: 503, text: '' });
    expect(taken()).toEqual([]);
    expect(simulator.faults.list()).toEqual([]);
    expect((await post()).status).toBe(202);
  });

  it('reject on ack answers an error for a message that was taken', async () => {
    const { simulator, post, taken } = await startSimulator();
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'ack', status: 504 });
    expect((await post()).json.error.errorCode).toBe('510');
    expect(taken()).toHaveLength(1);
  });

  it('strikes a look-up and a result without touching sends', async () => {
    const { simulator, post, call, clock } = await startSimulator({ deliverAfterMs: 1000 });
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'report', code: '3004' });
    simulator.arm({ provider: 'SENS', kind: 'delay', on: 'report', ms: 5000 });
    simulator.arm({ provider: 'SENS', kind: 'drop', on: 'report' });
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'lookup', status: 500 });
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) ids.push((await post()).json.requestId);
    const row = async (id: string | undefined) => {
      const { status, json } = await call('GET', `${MESSAGES}?requestId=${id}`);
      return status === 200 ? [json.messages[0].status, json.messages[0].statusCode] : status;
    };
    expect(await row(ids[0])).toBe(500);
    clock.at += 1000;
    expect(await Promise.all(ids.map(row))).toEqual([
      ['COMPLETED', '3004'],
      ['READY', undefined],
      ['PROCESSING', undefined],
      ['COMPLETED', '0'],
    ]);
    clock.at += 5000;
    expect(await row(ids[1])).toEqual(['COMPLETED', '0']);
    expect(await row(ids[2])).toEqual(['PROCESSING', undefined]);
  });
});
