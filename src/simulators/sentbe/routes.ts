/** Sentbe's endpoints (Sentbe partner API, both corridors): their paths, and whom each one asks. */
import { z } from 'zod';
import { SentbeRefusal } from './envelope.ts';
import type { Corridor } from './models.ts';
import { ignorePage, type Parameters, pageOf, read } from './parameters.ts';
import { inboundAmount, outboundAmount, priceInbound, priceOutbound } from './pricing.ts';
import { type Recipients, recipientParams, recipientView } from './recipients.ts';
import { BANKS, listOf, remittanceCodes } from './reference-data.ts';
import type { SentbeSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';
import { type Transfers, transferView } from './transfers.ts';
import { type Users, userView } from './users.ts';
import type { VerificationApi } from './verifications.ts';

type Method = 'GET' | 'POST';
/** `at` holds what stands in the path where the template has a name. */
type Serve = (parameters: Parameters, at: Readonly<Record<string, string>>) => unknown;

export interface Route {
  /** `GET outbound/transfers/:id`: the name by which faults and the ledger know it. */
  readonly endpoint: string;
  readonly method: Method;
  readonly parts: readonly string[];
  /** Undefined for the upload of a document, which is no JSON. */
  readonly serve: Serve | undefined;
}

export type Found =
  | { readonly route: Route; readonly at: Readonly<Record<string, string>> }
  | { readonly route: undefined; readonly isKnownPath: boolean };

export interface Routes {
  find(method: string | undefined, target: string): Found;
}

const none = z.object({});

export function createRoutes(api: {
  readonly users: Users;
  readonly recipients: Recipients;
  readonly transfers: Transfers;
  readonly verifications: VerificationApi;
  readonly tokens: Tokens;
  readonly settings: () => SentbeSettings;
}): Routes {
  const { users, recipients, transfers, verifications, tokens, settings } = api;
  const idIn = (at: Readonly<Record<string, string>>, name = 'id'): number => {
    const id = at[name] ?? '';
    if (!/^\d{1,15}$/.test(id)) throw new SentbeRefusal('E0002', id.slice(0, 40));
    return Number(id);
  };
  const listed = <Row>(rows: readonly Row[], view: (row: Row) => object, parameters: Parameters): readonly object[] => {
    const ordered = settings().listOrder === 'NEWEST_FIRST' ? rows.toReversed() : rows;
    return pageOf(ordered, parameters).map(view);
  };
  const noParameters = <T>(parameters: Parameters, answer: () => T): T => {
    read(none, parameters);
    return answer();
  };

  const readers = (corridor: Corridor): Readonly<Record<string, Serve>> => ({
    [`GET ${corridor}/users`]: (parameters) => listed(users.of(corridor), userView, parameters),
    [`GET ${corridor}/users/:id`]: (parameters, at) => {
      ignorePage(parameters);
      return userView(users.get(corridor, idIn(at)));
    },
    [`GET ${corridor}/recipients`]: (parameters) => listed(recipients.of(corridor), recipientView, parameters),
    [`GET ${corridor}/recipients/:id`]: (parameters, at) => {
      ignorePage(parameters);
      return recipientView(recipients.get(corridor, idIn(at)));
    },
    [`GET ${corridor}/transfers`]: (parameters) => listed(transfers.of(corridor), transferView, parameters),
    [`GET ${corridor}/transfers/:id`]: (parameters, at) => {
      ignorePage(parameters);
      return transferView(transfers.get(corridor, idIn(at)));
    },
    [`POST ${corridor}/update_user_info`]: (parameters) => userView(users.update(corridor, parameters)),
    // Printed as inbound in the outbound document: both are served.
    [`GET ${corridor}/remittance_codes/:method`]: (parameters, { method = '' }) =>
      pageOf(remittanceCodes(method), parameters),
    [`GET ${corridor}/remittance_codes/:method/:country`]: (parameters, { method = '', country }) =>
      pageOf(remittanceCodes(method, country), parameters),
  });

  const inbound: Readonly<Record<string, Serve>> = {
    'POST inbound/users': (parameters) => userView(users.createInbound(parameters)),
    'POST inbound/recipients': (parameters) => recipientView(recipients.createInbound(parameters)),
    'POST inbound/update_recipient_info': (parameters) => recipientView(recipients.updateInbound(parameters)),
    'GET inbound/banks': (parameters) => noParameters(parameters, () => BANKS),
    'GET inbound/balances': (parameters) => noParameters(parameters, () => balances(settings())),
    'GET inbound/balances/:currency': (parameters, { currency = '' }) =>
      noParameters(parameters, () => {
        const found = balances(settings()).filter((balance) => balance.currency === currency.toUpperCase());
        if (found.length === 0) throw new SentbeRefusal('E0007', currency.slice(0, 10));
        return found;
      }),
    'POST inbound/check_commission': (parameters) =>
      priceInbound(read(z.object(inboundAmount), parameters), settings()),
    'POST inbound/transfers': (parameters) => transferView(transfers.createInbound(parameters)),
  };

  const outbound: Readonly<Record<string, Serve | undefined>> = {
    'POST outbound/users': (parameters) => {
      const user = users.createOutbound(parameters);
      tokens.send(user.id, 'MOBILE');
      return userView(user);
    },
    'POST outbound/registrations/mobile': verifications.registerByMobile,
    'GET outbound/data_list/:list_type': (parameters, { list_type = '' }) =>
      noParameters(parameters, () => listOf(list_type)),
    'POST outbound/banks': verifications.startBank,
    'POST outbound/verifications/document': undefined,
    'POST outbound/verifications/mobile': verifications.sendMobile,
    'POST outbound/verifications/mobile/verify': verifications.verifyMobile,
    'POST outbound/verifications/bank/verify': verifications.verifyBank,
    'GET outbound/params': (parameters) => noParameters(parameters, () => recipientParams()),
    'GET outbound/params/:country': (parameters, { country }) =>
      noParameters(parameters, () => recipientParams(country)),
    'GET outbound/params/:country/:receive_method': (parameters, { country, receive_method }) =>
      noParameters(parameters, () => recipientParams(country, receive_method)),
    'POST outbound/recipients': (parameters) => recipientView(recipients.createOutbound(parameters)),
    'GET outbound/recipients/user/:user_id': (parameters, at) => {
      const { id } = users.get('outbound', idIn(at, 'user_id'));
      const theirs = recipients.of('outbound').filter(({ userId }) => userId === id);
      return listed(theirs, recipientView, parameters);
    },
    'POST outbound/check_commission': (parameters) => {
      const given = read(z.object(outboundAmount), parameters);
      const user = users.get('outbound', given.user_id);
      recipients.ofUser('outbound', given.recipient_id, user.id);
      const price = priceOutbound(given.recieve_amount, given.recieve_amount_currency, settings());
      const { exchangeRateListId } = settings();
      const fees = { credit_usage_amount: 0, total_commission: price.commission };
      return { ...price, ...fees, exchange_rate_list_id: exchangeRateListId };
    },
    'POST outbound/transfers': (parameters) => transferView(transfers.createOutbound(parameters)),
    'GET outbound/transfers/user/:user_id': (parameters, at) => {
      const { id } = users.get('outbound', idIn(at, 'user_id'));
      const theirs = transfers.of('outbound').filter(({ userId }) => userId === id);
      return listed(theirs, transferView, parameters);
    },
    'POST outbound/transfers/cancel': (parameters) => transferView(transfers.cancel(parameters)),
  };

  const all = { ...readers('inbound'), ...readers('outbound'), ...inbound, ...outbound };
  const routes = Object.entries(all).map(([endpoint, serve]): Route => {
    const [method = '', path = ''] = endpoint.split(' ');
    return { endpoint, method: method as Method, parts: path.split('/'), serve };
  });

  return {
    find(method, target) {
      const given = (target.split('?')[0] ?? '').split('/').slice(1);
      const here = routes.filter(({ parts }) => isAt(parts, given));
      const route = here.find((each) => each.method === method);
      if (route === undefined) return { route, isKnownPath: here.length > 0 };
      const named = route.parts.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), given[at] ?? '']] : []));
      return { route, at: Object.fromEntries(named) };
    },
  };
}

const isAt = (parts: readonly string[], given: readonly string[]): boolean =>
  parts.length === given.length &&
  parts.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === given[at]));

const balances = ({ balances: { USD, KRW } }: SentbeSettings) => [
  { amount: USD, currency: 'USD' },
  { amount: KRW, currency: 'KRW' },
];
