/** Whose token it is (Naver Commerce, seller/account). */
import { z } from 'zod';
import type { CommerceProvider } from '../../core/commerce/provider.ts';
import type { CommerceApi, CommerceCall } from './api.ts';
import { callWithToken, idText, perhaps, present } from './data-calls.ts';

const call: CommerceCall = { path: '/v1/seller/account', scope: 'the Naver Commerce seller account', method: 'GET' };

const account = z.object({ accountId: idText, accountUid: idText, grade: perhaps(z.string().min(1)) });

export function createSeller(api: CommerceApi): Pick<CommerceProvider, 'seller'> {
  return {
    seller: (accessToken) =>
      callWithToken(api, call, { accessToken }, (body, httpStatus) => {
        const parsed = account.safeParse(body);
        if (!parsed.success) throw api.unreadable(httpStatus, 'It names no account.');
        const { accountId, accountUid, grade } = parsed.data;
        return { accountId, accountUid, ...present({ grade }) };
      }),
  };
}
