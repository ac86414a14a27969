import { describe, expect, it } from 'vitest';
import { answer, outcomeOf, peer, provider, TAKEN, TEXT } from './account.ts';

describe('a submission', () => {
  it('is one SMS to one recipient, and its reference is the requestId', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { made, submit } = await provider(url);
    expect(made.newReference()).toBeUndefined();
    expect(await submit()).toEqual({ outcome: 'ACCEPTED', reference: 'req-1' });
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: 'SMS',
        contentType: 'COMM',
        countryCode: '82',
        from: '15880000',
        content: '안녕하세요\n값 ￦100',
        messages: [{ to: '01022345678' }],
      },
    ]);
  });

  it('of another kind never leaves', async () => {
    const { url, seen } = await peer(answer(202, TAKEN));
    const { submit } = await provider(url);
    expect(await submit({ ...TEXT, kind: 'ALIMTALK' })).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: false,
      fault: { code: 'KIND_NOT_CARRIED' },
    });
    expect(seen).toEqual([]);
  });

  const gateway = (errorCode: string) => ({ error: { errorCode, message: 'Says', details: 'why' } });
  const html = '<html><body><h1>Error</h1></body></html>';
  it.each<[number, unknown, string, string?]>([
    // Taken.
    [202, TAKEN, 'ACCEPTED'],
    [200, TAKEN, 'ACCEPTED'],
    [202, { ...TAKEN, statusCode: '200' }, 'ACCEPTED'],
    [202, { ...TAKEN, statusCode: 202 }, 'ACCEPTED'],
    [202, { ...TAKEN, more: { nested: [1] } }, 'ACCEPTED'],
    [202, `\uFEFF${JSON.stringify(TAKEN)}`, 'ACCEPTED'],
    // The status says yes, the body does not bear it out.
    [202, '', 'UNKNOWN', 'HTTP_202'],
    [202, html, 'UNKNOWN', 'HTTP_202'],
    [202, '{"requestId":"req-1","statusCo', 'UNKNOWN', 'HTTP_202'],
    [202, 'null', 'UNKNOWN', 'HTTP_202'],
    [202, '[]', 'UNKNOWN', 'HTTP_202'],
    [202, '"ok"', 'UNKNOWN', 'HTTP_202'],
    [202, {}, 'UNKNOWN', 'HTTP_202'],
    [202, { ...TAKEN, requestId: undefined }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: '' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: 7 }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: 'x'.repeat(257) }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, requestId: '\ud800' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusName: 'fail' }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusName: undefined }, 'UNKNOWN', '202'],
    [202, { ...TAKEN, statusCode: '500' }, 'UNKNOWN', '500'],
    [200, { statusCode: '200', statusName: 'success' }, 'UNKNOWN', '200'],
    [200, html, 'UNKNOWN', 'HTTP_200'],
    [200, gateway('200'), 'UNKNOWN', '200'],
    [201, TAKEN, 'UNKNOWN', '202'],
    [204, '', 'UNKNOWN', 'HTTP_204'],
    // Documented refusals, in every shape.
    [400, gateway('100'), 'NOT_ACCEPTED', '100'],
    [400, { status: '400', errorMessage: 'Says why' }, 'NOT_ACCEPTED', '400'],
    [400, { errors: [{ status: 400, message: 'Says why' }] }, 'NOT_ACCEPTED', '400'],
    [400, { message: 'Says why' }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: 'Says why' }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, 'Says why', 'NOT_ACCEPTED', 'HTTP_400'],
    [400, html, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, '', 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: { errorCode: {}, message: [] }, errors: 'none', message: 5 }, 'NOT_ACCEPTED', 'HTTP_400'],
    [400, { error: null, errors: [], code: 'E1' }, 'NOT_ACCEPTED', 'E1'],
    [401, gateway('200'), 'NOT_ACCEPTED', '200'],
    [401, gateway('210'), 'NOT_ACCEPTED', '210'],
    [403, { status: '403', errorMessage: 'Says why' }, 'NOT_ACCEPTED', '403'],
    [404, gateway('300'), 'NOT_ACCEPTED', '300'],
    [413, gateway('430'), 'NOT_ACCEPTED', '430'],
    [429, gateway('400'), 'NOT_ACCEPTED, again', '400'],
    [429, gateway('410'), 'NOT_ACCEPTED, again', '410'],
    [429, gateway('420'), 'NOT_ACCEPTED, again', '420'],
    [429, html, 'NOT_ACCEPTED, again', 'HTTP_429'],
    // A refusal around the body of a yes contradicts itself.
    [400, TAKEN, 'UNKNOWN', '202'],
    [429, TAKEN, 'UNKNOWN', '202'],
    // Nothing says that it was not taken.
    [500, gateway('900'), 'UNKNOWN', '900'],
    [500, { status: '500', errorMessage: 'Says why' }, 'UNKNOWN', '500'],
    [500, '', 'UNKNOWN', 'HTTP_500'],
    [500, TAKEN, 'UNKNOWN', '202'],
    [502, html, 'UNKNOWN', 'HTTP_502'],
    [503, gateway('500'), 'UNKNOWN', '500'],
    [504, gateway('510'), 'UNKNOWN', '510'],
    [301, '', 'UNKNOWN', 'HTTP_301'],
    [307, '', 'UNKNOWN', 'HTTP_307'],
    [408, '', 'UNKNOWN', 'HTTP_408'],
    [409, { message: 'Says why' }, 'UNKNOWN', 'HTTP_409'],
    [422, '', 'UNKNOWN', 'HTTP_422'],
    [599, '', 'UNKNOWN', 'HTTP_599'],
  ])('answered with %i %j is %s', async (status, body, outcome, code) => {
    const { url, seen } = await peer(answer(status, body, { location: '/elsewhere' }));
    const { submit } = await provider(url);
    const result = await submit();
    expect(outcomeOf(result)).toBe(outcome);
    if (result.outcome === 'ACCEPTED') expect(result.reference).toBe('req-1');
    else expect(result.fault).toMatchObject({ provider: 'SENS', code, httpStatus: status, at: expect.any(Number) });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      { error: { errorCode: '200', message: 'Authentication Failed', details: 'Invalid key' } },
      'Authentication Failed Invalid key',
    ],
    [{ error: { errorCode: '200', message: 'Same', details: 'Same' } }, 'Same'],
    [{ error: { details: 'Only details' } }, 'Only details'],
    [{ status: '403', errorMessage: 'No channel' }, 'No channel'],
    [{ errors: [{ message: 'First' }, { message: 'Second' }] }, 'First'],
    ['  Plain words\n', 'Plain words'],
    [html, html],
    ['x'.repeat(10_000), 'x'.repeat(500)],
    ['', undefined],
  ])('keeps the provider’s own words of %j, bounded', async (body, text) => {
    const { url } = await peer(answer(403, body));
    const { submit } = await provider(url);
    const result = await submit();
    expect('fault' in result && result.fault.text).toBe(text);
  });

  it('bounds the code as well', async () => {
    const { url } = await peer(answer(403, { code: 'c'.repeat(1_000) }));
    const { submit } = await provider(url);
    expect(await submit()).toMatchObject({ fault: { code: 'c'.repeat(64) } });
  });
});
