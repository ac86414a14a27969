import { describe, expect, it } from 'vitest';
import { jpeg } from '../support/images.ts';
import { MESSAGES, SERVICE, START, signature, startSensSimulator } from '../support/sens-simulator.ts';

const FILES = `${SERVICE}/files`;
const FILE = { fileName: 'a.jpg', fileBody: jpeg(100).toString('base64') };
const RESERVED = { reserveTime: '2026-03-02 13:00' };

describe('spoilt answers of the SENS simulator', () => {
  it('cut on ack takes the message and breaks off half-way through the answer; the control comes whole', async () => {
    const { simulator, post, taken } = await startSensSimulator();
    simulator.arm({ provider: 'SENS', kind: 'cut', on: 'ack' });
    await expect(post()).rejects.toThrow();
    expect(taken()).toHaveLength(1);
    expect((await post()).json).toMatchObject({ statusCode: '202' });
  });

  it('garbage on ack takes the message and answers 202 with what is no JSON', async () => {
    const { simulator, post, taken } = await startSensSimulator();
    simulator.arm({ provider: 'SENS', kind: 'garbage', on: 'ack' });
    const answer = await post();
    expect(answer.status).toBe(202);
    expect(() => JSON.parse(answer.text)).toThrow();
    expect(taken()).toHaveLength(1);
  });

  it('split sends the answer in many pieces, and all of it', async () => {
    const { simulator, call, post, url } = await startSensSimulator();
    const { requestId } = (await post()).json;
    const target = `${MESSAGES}?requestId=${requestId}`;
    const whole = await call('GET', target);
    simulator.arm({ provider: 'SENS', kind: 'split', on: 'lookup' });
    expect((await call('GET', target)).text).toBe(whole.text);

    simulator.arm({ provider: 'SENS', kind: 'split', on: 'lookup' });
    const timestamp = String(START);
    const response = await fetch(`${url}${target}`, {
      headers: {
        'x-ncp-apigw-timestamp': timestamp,
        'x-ncp-iam-access-key': 'AK',
        'x-ncp-apigw-signature-v2': signature('GET', target, timestamp),
      },
    });
    let pieces = 0;
    for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>) pieces += 1;
    expect(pieces).toBeGreaterThan(10);
  });

  it.each(['file', 'lookup', 'unsubscribe'] as const)('cut, garbage and reject strike %s, too', async (on) => {
    const { simulator, call } = await startSensSimulator();
    const act = () => {
      if (on === 'file') return call('POST', FILES, FILE);
      return call('GET', on === 'lookup' ? `${MESSAGES}?requestId=x` : `${SERVICE}/unsubscribes`);
    };
    for (const kind of ['cut', 'drop', 'garbage', 'reject'] as const) simulator.arm({ provider: 'SENS', kind, on });
    await expect(act()).rejects.toThrow();
    await expect(act()).rejects.toThrow();
    const spoilt = await act();
    expect(() => JSON.parse(spoilt.text)).toThrow();
    expect((await act()).status).toBe(500);
    expect((await act()).status).toBe(on === 'lookup' ? 404 : 200);
  });
});

describe('faults on a cancellation at the SENS simulator', () => {
  it('strike before it, when the reservation stands, or after it, when it does not', async () => {
    const { simulator, post, call } = await startSensSimulator();
    const { requestId } = (await post(RESERVED)).json;
    const cancel = () => call('DELETE', `${SERVICE}/reservations/${requestId}`);
    const status = async () =>
      (await call('GET', `${SERVICE}/reservations/${requestId}/reserve-status`)).json.reserveStatus;
    simulator.arm({ provider: 'SENS', kind: 'drop', on: 'cancel' });
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'cancel', status: 503 });
    simulator.arm({ provider: 'SENS', kind: 'drop', on: 'cancelAck' });
    await expect(cancel()).rejects.toThrow();
    expect((await cancel()).status).toBe(503);
    expect(await status()).toBe('READY');
    await expect(cancel()).rejects.toThrow();
    expect(await status()).toBe('CANCELED');
  });
});

describe('a fault with "after"', () => {
  it('lets so many pass before it strikes', async () => {
    const { simulator, post } = await startSensSimulator();
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'send', status: 429, after: 2, count: 2 });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await post()).status);
    expect(statuses).toEqual([202, 202, 429, 429, 202]);
  });
});
