import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { SensProviderOptions } from '../../../src/providers/sens/provider.ts';
import { answer, peer, provider, type Reply, TAKEN, TEXT } from './account.ts';

type HttpLimits = NonNullable<SensProviderOptions['http']>;

describe('a submission without a whole answer', () => {
  it('was refused the connection: not taken, and may be tried again', async () => {
    const { url, stop } = await peer(() => {});
    await stop();
    const { submit } = await provider(url);
    expect(await submit()).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: true,
      fault: { provider: 'SENS', code: 'ECONNREFUSED' },
    });
  });

  const cases: [string, HttpLimits, Reply, unknown][] = [
    [
      'executed, then cut',
      {},
      (response) => response.destroy(),
      expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/),
    ],
    ['no headers in time', { headersTimeoutMs: 50 }, () => {}, 'UND_ERR_HEADERS_TIMEOUT'],
    [
      'half a body, then cut',
      {},
      (response) => {
        response.writeHead(202, { 'content-length': '200' }).write('{"requestId":"req-1"');
        setImmediate(() => response.destroy());
      },
      expect.any(String),
    ],
    [
      'a body that drips',
      { totalTimeoutMs: 200 },
      async (response) => {
        while (!response.destroyed) {
          response.write(' ');
          await delay(20);
        }
      },
      'TOTAL_TIMEOUT',
    ],
    [
      'a huge body',
      { maxResponseBytes: 65_536 },
      (response) => response.writeHead(202).end(JSON.stringify({ ...TAKEN, padding: 'x'.repeat(1_000_000) })),
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    ],
    ...(
      [
        ['gzip', zlib.gzipSync],
        ['br', zlib.brotliCompressSync],
        ['deflate', zlib.deflateSync],
      ] as const
    ).map(([encoding, compress]): [string, HttpLimits, Reply, unknown] => [
      `a body in ${encoding}`,
      {},
      (response) => response.writeHead(202, { 'content-encoding': encoding }).end(compress(JSON.stringify(TAKEN))),
      'CONTENT_ENCODING',
    ]),
  ];
  it.each(cases)('(%s) is UNKNOWN, and was sent once', async (_, limits, reply, code) => {
    const { url, seen } = await peer(reply);
    const { submit, made } = await provider(url, { http: limits });
    expect(await submit()).toMatchObject({ outcome: 'UNKNOWN', fault: { provider: 'SENS', code } });
    expect(seen).toHaveLength(1);
    expect(made.health()).toMatchObject({ healthy: false, lastFault: { code } });
  });

  it('reads the same huge body where the limit allows it: the control', async () => {
    const { url } = await peer(answer(202, { ...TAKEN, padding: 'x'.repeat(1_000_000) }));
    const { submit } = await provider(url);
    expect(await submit()).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
  });

  it('is taken for ACCEPTED in 500 runs of execute-then-cut only where the peer answered, and never sent again', async () => {
    const times = new Map<string, number>();
    const { url } = await peer((response, _, body) => {
      const { content } = JSON.parse(body);
      times.set(content, (times.get(content) ?? 0) + 1);
      if (times.size % 2 === 0) response.writeHead(202).end(JSON.stringify({ ...TAKEN, requestId: content }));
      else response.destroy();
    });
    const { submit } = await provider(url);
    for (let run = 0; run < 500; run += 1) {
      const result = await submit({ ...TEXT, text: `run-${run}` });
      const expected = run % 2 === 1 ? { outcome: 'ACCEPTED', reference: `run-${run}` } : { outcome: 'UNKNOWN' };
      expect(result).toMatchObject(expected);
    }
    expect(times.size).toBe(500);
    expect([...times.values()].every((count) => count === 1)).toBe(true);
  });
});
