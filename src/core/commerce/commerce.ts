/**
 * Commerce as the rest of Gwanmun sees it: the accounts of a marketplace, their tokens, their product orders, what is done
 * to these, and the stream of what changed.
 */
import type { Clock } from '../clock.ts';
import { InvalidInput, ProviderUnavailable, Unauthorized, withoutKey } from '../errors.ts';
import type { StreamEnding } from '../events/ending.ts';
import type { StreamItem, Streams } from '../events/follow.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import { createOrderActions, type OrderActions } from './order-actions.ts';
import { createOrderFeed, type OrderFeed, type OrderFeedTimings } from './order-feed.ts';
import {
  type CommerceTokenInput,
  judgeConfirmedIds,
  judgeDispatches,
  judgeQueriedIds,
  judgeSubject,
} from './order-input.ts';
import { type AccountProductOrder, loadProductOrders, productOrderKey } from './product-orders.ts';
import type { CommerceProvider, CommerceSeller, Dispatch, OrderActionResult, OrderChange } from './provider.ts';
import { type CommerceToken, createTokenBroker, type TokenBroker } from './token.ts';

export interface OrderChangeEvent extends OrderChange {
  /**
   * As it stands now: read together with those of the other changes that were read with this one, once for all of them.
   * Undefined where the marketplace does not know it. @throws GatewayError
   */
  productOrder(): Promise<AccountProductOrder | undefined>;
}

/** `account`: undefined is the first one. All @throws InvalidInput or ProviderUnavailable where there is no such account. */
export interface Commerce {
  /** @throws Unauthorized over anything that stays open: a token belongs into one answer to one request. */
  token(input: CommerceTokenInput, transport: 'HTTP' | 'WEBSOCKET'): Promise<CommerceToken>;
  seller(account: string | undefined): Promise<CommerceSeller>;
  /** The keys under which `load` finds them, in their order. @throws InvalidInput */
  productOrderKeys(account: string | undefined, ids: readonly string[]): readonly string[];
  /** Of distinct keys; undefined where there is none, or where it is no key. An error stands for each key it hit. */
  load(keys: readonly string[]): Promise<readonly (AccountProductOrder | undefined | Error)[]>;
  confirm(account: string | undefined, ids: readonly string[]): Promise<OrderActionResult>;
  dispatch(account: string | undefined, orders: readonly Dispatch[]): Promise<OrderActionResult>;
  orderChanges(
    account: string | undefined,
    after: string | undefined,
    ending?: StreamEnding | undefined,
  ): Promise<AsyncIterableIterator<StreamItem<OrderChangeEvent>>>;
  /** Begins to follow the feed of every account, whoever listens. */
  start(): void;
  stop(): Promise<void>;
}

export interface CommerceOptions extends OrderFeedTimings {
  readonly store: Store;
  readonly streams: Streams;
  /** The first is the default one. */
  readonly providers: readonly CommerceProvider[];
  /** Names this process, as of a lease. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface CommerceAccount {
  readonly provider: CommerceProvider;
  readonly tokens: TokenBroker;
  readonly actions: OrderActions;
  readonly feed: OrderFeed;
}

export function createCommerce(options: CommerceOptions): Commerce {
  const { streams, providers, ...parts } = options;
  const accounts = new Map(providers.map((provider) => [provider.account, accountOf(provider)]));

  function accountOf(provider: CommerceProvider): CommerceAccount {
    const tokens = createTokenBroker({ ...parts, provider });
    const actions = createOrderActions({ provider, tokens });
    return { provider, tokens, actions, feed: createOrderFeed({ ...parts, provider, tokens }) };
  }

  /** @throws ProviderUnavailable where there is none at all; InvalidInput where there is none of this name. */
  function chosen(name: string | undefined, path = ['account']): CommerceAccount {
    const [first] = accounts.values();
    if (first === undefined) throw disabled('Naver Commerce is not configured: set COMMERCE_….');
    const account = name === undefined ? first : accounts.get(name);
    if (account !== undefined) return account;
    throw new InvalidInput([{ path, rule: 'UNKNOWN_ACCOUNT', message: 'No such account is configured.' }]);
  }

  const load: Commerce['load'] = (keys) => loadProductOrders((name) => accounts.get(name), keys);

  /** Of the changes of one page: all of them with the first that is asked for, and again where that failed. */
  function pageLoader(keys: readonly string[]): (key: string) => Promise<AccountProductOrder | undefined> {
    let loading: Promise<ReadonlyMap<string, AccountProductOrder | undefined | Error>> | undefined;
    return async (key) => {
      const distinct = [...new Set(keys)];
      loading ??= load(distinct).then((found) => new Map(distinct.map((each, at) => [each, found[at]])));
      const order = (await loading).get(key);
      if (!(order instanceof Error)) return order;
      loading = undefined;
      throw order;
    };
  }

  return {
    async token(input, transport) {
      if (transport === 'WEBSOCKET') throw new Unauthorized([], 'A token is handed out over HTTP only.');
      const { tokens } = chosen(input.account, ['input', 'account']);
      return keyless(tokens.token(judgeSubject(input)));
    },
    async seller(name) {
      const { tokens, provider } = chosen(name);
      return keyless(tokens.withToken({ type: 'SELF' }, (accessToken) => provider.seller(accessToken)));
    },
    productOrderKeys(name, ids) {
      const { provider } = chosen(name);
      judgeQueriedIds(ids);
      return ids.map((id) => productOrderKey(provider.account, id));
    },
    load,
    async confirm(name, ids) {
      const { actions } = chosen(name);
      judgeConfirmedIds(ids);
      return keyless(actions.confirm(ids));
    },
    async dispatch(name, orders) {
      const { actions } = chosen(name);
      judgeDispatches(orders, parts.clock.now());
      return keyless(actions.dispatch(orders));
    },
    async orderChanges(name, after, ending) {
      const { feed, provider } = chosen(name);
      return streams.follow<OrderChangeEvent>({
        log: feed.log,
        after,
        ending,
        async load(entries) {
          const changes = entries.map(({ entry }) => entry as OrderChange);
          const keyOf = ({ productOrderId }: OrderChange) => productOrderKey(provider.account, productOrderId);
          const productOrder = pageLoader(changes.map(keyOf));
          return changes.map((change) => ({ ...change, productOrder: () => productOrder(keyOf(change)) }));
        },
      });
    },
    start() {
      for (const { feed } of accounts.values()) feed.start();
    },
    async stop() {
      await Promise.all([...accounts.values()].map(({ feed }) => feed.stop()));
      await Promise.all([...accounts.values()].map(({ tokens }) => tokens.stop()));
    },
  };
}

/** No call of these has a key: reads change nothing, and an action reads back before it repeats anything. */
function keyless<T>(call: Promise<T>): Promise<T> {
  return call.catch((error) => {
    throw withoutKey(error);
  });
}

function disabled(message: string): ProviderUnavailable {
  return new ProviderUnavailable(message, { code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
}
