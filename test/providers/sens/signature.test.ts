import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { signSens } from '../../../src/providers/sens/signature.ts';
import vectors from '../../contract/vectors.json' with { type: 'json' };
import { answer, MESSAGES, peer, provider, TAKEN } from './account.ts';

describe('the signature', () => {
  it.each(vectors.sens)(
    'of $method $url is the golden one',
    ({ method, url, timestamp, accessKey, secretKey, signature }) => {
      expect(signSens({ method, target: url, timestamp }, { accessKey, secretKey })).toBe(signature);
    },
  );

  it('goes over the wire in the documented headers, with colons raw in the target', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const clock: Clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
    const { submit } = await provider(url, { clock });
    await submit();
    expect(seen).toMatchObject([
      {
        method: 'POST',
        target: vectors.sens[0]?.url,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'x-ncp-apigw-timestamp': '1700000000000',
          'x-ncp-iam-access-key': 'AK',
          'x-ncp-apigw-signature-v2': vectors.sens[0]?.signature,
        },
      },
    ]);
    expect(JSON.stringify(seen)).not.toContain('"SK"');
  });

  it('of a look-up covers the query as it is sent', async () => {
    const { url, seen } = await peer(answer(404, ''));
    const clock: Clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
    const { lookUp } = await provider(url, { clock });
    await lookUp('abc');
    expect(seen[0]?.target).toBe(vectors.sens[1]?.url);
    expect(seen[0]?.headers['x-ncp-apigw-signature-v2']).toBe(vectors.sens[1]?.signature);
    await lookUp('a b/c&d=엄');
    const target = `${MESSAGES}?requestId=a%20b%2Fc%26d%3D%EC%97%84`;
    expect(seen[1]).toMatchObject({
      target,
      headers: {
        'x-ncp-apigw-signature-v2': createHmac('sha256', 'SK')
          .update(`GET ${target}\n1700000000000\nAK`)
          .digest('base64'),
      },
    });
  });
});
