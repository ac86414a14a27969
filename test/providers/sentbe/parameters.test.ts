import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { failureOf, peer, provider, scripted, success } from './account.ts';
import { done, INBOUND_ROW, SAMPLE_RECIPIENT, SAMPLE_TRANSFER } from './people-of-samples.ts';

const won = { ...SAMPLE_TRANSFER, receiveAmount: 1_000_000, receiveCurrency: 'KRW' };

describe('the parameters', () => {
  it.each([
    ['0212345678', 'KR', '02-1234-5678'],
    ['0311234567', 'KR', '031-123-4567'],
    ['05012345678', 'KR', '0501-234-5678'],
    ['+821033691481', 'KR', '010-3369-1481'],
    ['+639171234567', 'PH', '09171234567'],
    ['+12125550123', 'US', '2125550123'],
  ])('writes the phone number %s for %s as %s', async (phone, phone_country_code, phone_number) => {
    const { made, seen } = await scripted(success({ id: 10 }));
    await made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, phone });
    expect(seen[0]?.parameters).toMatchObject({ phone_country_code, phone_number });
  });

  it.each(['+999123', '12', 'abc', '+1999'])('sends nothing of the phone number %s', async (phone) => {
    const { made, seen } = await scripted(success({ id: 10 }));
    const failure = await failureOf(made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, phone }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code: 'PHONE_NUMBER' } });
    // Without the time it happened at, whose digits may be those of the phone number.
    const told = JSON.stringify(failure, (key, value) => (key === 'at' ? undefined : value));
    expect(told).not.toContain(phone);
    expect(seen).toEqual([]);
  });

  it('takes INBOUND money out of the wallets of the settings', async () => {
    const { made, seen } = await scripted((response) => response.end(done(INBOUND_ROW)), {
      wallet: { transferCurrency: 'KRW', feeCurrency: 'USD' },
    });
    await made.quote('INBOUND', won);
    expect(seen[0]?.parameters).toMatchObject({ wallet_info: { transfer_currency: 'KRW', fee_currency: 'USD' } });
  });

  it('refuses what the header does not hold before anything leaves, and sends what just fits', async () => {
    const server = await peer(success({ id: 10 }));
    const made = provider(server.url);
    const fits = (length: number) =>
      made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, firstName: '가'.repeat(length) });
    await fits(1_300);
    const sent = server.seen[0]?.headers['signature'] as string;
    expect(sent.length).toBeGreaterThan(5_000);
    expect(sent.length).toBeLessThanOrEqual(6 * 1_024);
    expect(await failureOf(fits(1_500))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      origin: { provider: 'SENTBE', code: 'HEADER_TOO_LARGE' },
    });
    expect(server.seen).toHaveLength(1);
    // Which is within what any server of node takes.
    expect(http.maxHeaderSize).toBeGreaterThan(8 * 1_024);
  });
});
