/** The accounts of the simulator: its own, which SELF means, and the sellers that an account_id names. */
import { createHash } from 'node:crypto';

/** The answer of GET /v1/seller/account. */
export interface Seller {
  readonly accountId: string;
  readonly accountUid: string;
  /** Its values are not published. */
  readonly grade: string;
}

export interface Sellers {
  readonly own: Seller;
  /** By account id or UID, which name the same seller; undefined for a stranger. */
  find(idOrUid: string): Seller | undefined;
}

/** Without a list, every account_id is a seller's. */
export function createSellers(ownAccountId: string, listed: readonly string[] | undefined): Sellers {
  const own = sellerOf(ownAccountId);
  const known = listed?.map(sellerOf);
  return {
    own,
    find: (idOrUid) =>
      known === undefined
        ? sellerOf(idOrUid)
        : known.find(({ accountId, accountUid }) => accountId === idOrUid || accountUid === idOrUid),
  };
}

const sellerOf = (accountId: string): Seller => ({
  accountId,
  accountUid: `ncp_${createHash('sha256').update(accountId).digest('hex').slice(0, 20)}`,
  grade: 'SEED',
});
