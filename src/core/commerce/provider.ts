/**
 * The port to a marketplace's seller API: the token call, and the calls that need a token. No sockets here. Every call
 * throws one of CommerceRestricted, RateLimited, ProviderRejected or ProviderUnavailable for what the peer does, and
 * nothing else; of these only ProviderUnavailable with the outcome UNKNOWN means that the call may have had its effect.
 */
import type { Instant } from '../clock.ts';
import type { ProviderFault } from '../outcome.ts';
import type { ProviderHealth } from '../provider.ts';

/** Whose shop a token speaks for: the application's own, or that of a seller by id or UID. */
export type TokenSubject = { readonly type: 'SELF' } | { readonly type: 'SELLER'; readonly sellerAccountId: string };

export interface IssuedToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly expiresAt: Instant;
}

/** The one failure that is not thrown: the token is no longer good (401 GW.AUTHN), whatever else the call wanted. */
export type CommerceAnswer<T> =
  | { readonly tokenRefused: false; readonly value: T }
  | { readonly tokenRefused: true; readonly fault: ProviderFault };

export interface CommerceSeller {
  readonly accountId: string;
  readonly accountUid: string;
  readonly grade?: string;
}

export interface ProductOrder {
  readonly productOrderId: string;
  readonly orderId: string;
  readonly status: string;
  /** NOT_YET, OK or CANCEL: what a confirmation changes, and the only thing that shows whether one was done. */
  readonly placeOrderStatus?: string;
  readonly claimStatus?: string;
  readonly productName: string;
  readonly productOption?: string;
  readonly quantity: number;
  /** KRW. */
  readonly totalPaymentAmount?: number;
  readonly orderedAt?: Instant;
  readonly paidAt?: Instant;
  readonly receiverName?: string;
  /** Absent where it was not dispatched. */
  readonly delivery?: Delivery;
}

/** How it went out, as the marketplace has it. */
export interface Delivery {
  readonly deliveryMethod?: string;
  readonly deliveryCompanyCode?: string;
  readonly trackingNumber?: string;
  readonly sentAt?: Instant;
}

/** A row of the feed of changed product orders; its identity is (productOrderId, changedAt, changeType). */
export interface OrderChange {
  readonly productOrderId: string;
  readonly orderId: string;
  /** lastChangedType: PAYED, DISPATCHED, CLAIM_REQUESTED, … */
  readonly changeType: string;
  readonly status: string;
  readonly changedAt: Instant;
}

export interface OrderChangeQuery {
  /** Both inclusive; at most 24 hours apart. */
  readonly from: Instant;
  readonly to: Instant;
  /** Of the page before; never made up. */
  readonly moreSequence?: string | undefined;
}

export interface OrderChangePage {
  /** Oldest first, then by productOrderId. */
  readonly changes: readonly OrderChange[];
  /** Where the next page begins; absent where this was the last. */
  readonly more?: { readonly from: Instant; readonly sequence: string };
}

export interface Dispatch {
  readonly productOrderId: string;
  readonly deliveryMethod: string;
  readonly deliveryCompanyCode?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly dispatchedAt: Instant;
}

export interface OrderActionResult {
  readonly succeeded: readonly string[];
  readonly failed: readonly { readonly productOrderId: string; readonly code: string; readonly message: string }[];
}

/** One application of a marketplace. */
export interface CommerceProvider {
  readonly provider: 'NAVER_COMMERCE';
  readonly account: string;
  /** Naver's client_id: a token that the account had under another application opens that one's shop, not this one's. */
  readonly applicationId: string;
  readonly maxProductOrdersPerQuery: number;
  readonly maxProductOrdersPerAction: number;

  /** The marketplace's clock as its answers have shown it; ours, before the first of them. */
  now(): Instant;
  issueToken(subject: TokenSubject): Promise<IssuedToken>;
  /** Of a rejection of `issueToken`: whether it is about that subject. Any other stands for the application. */
  isAboutSubject(fault: ProviderFault): boolean;
  seller(accessToken: string): Promise<CommerceAnswer<CommerceSeller>>;
  /** In any order; what it does not know is left out. */
  productOrders(accessToken: string, ids: readonly string[]): Promise<CommerceAnswer<readonly ProductOrder[]>>;
  confirm(accessToken: string, ids: readonly string[]): Promise<CommerceAnswer<OrderActionResult>>;
  dispatch(accessToken: string, orders: readonly Dispatch[]): Promise<CommerceAnswer<OrderActionResult>>;
  orderChanges(accessToken: string, query: OrderChangeQuery): Promise<CommerceAnswer<OrderChangePage>>;

  health(): ProviderHealth;
  /** Called whenever the health may have changed. Returns the release. */
  onChange(listener: () => void): () => void;
  /** Takes no new call, lets those under way finish (bounded). */
  stop(): Promise<void>;
}
