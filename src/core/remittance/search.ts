/**
 * Finding remittances whose answer was lost among the provider's transfers. Those that nothing tells apart (one pair, one
 * amount, sent within minutes of one another) are matched as a set: as many unclaimed transfers as there are of them.
 */
import type { Clock } from '../clock.ts';
import type { ProviderTransfer, RemittanceProvider } from './provider.ts';
import { fits, isSending, type Remittance } from './transfer.ts';
import type { RemittanceStore } from './transfer-store.ts';
import { createTurns } from './turns.ts';

/** As it stands after; undefined where it was not found. @throws GatewayError where the provider does not say */
export type SearchTransfer = (remittance: Remittance) => Promise<Remittance | undefined>;

type Match = readonly [remittance: Remittance, transfer: ProviderTransfer];
type Search = { readonly number: number; readonly keys: ReadonlySet<string> };

/** How far the provider's clock may be off. */
const skewMs = 5 * 60_000;

export function createTransferSearch(options: {
  readonly remittances: RemittanceStore;
  readonly provider: RemittanceProvider;
  readonly clock: Clock;
}): SearchTransfer {
  const { remittances, provider, clock } = options;
  /** Two that were sent further apart are looked for in times that do not meet. */
  const withinMs = 2 * skewMs + provider.callTimeoutMs;
  const inTurn = createTurns();
  const last = new Map<string, Search>();
  let searches = 0;

  const keyOf = ({ tenant, id }: Remittance): string => remittances.key(tenant, id);

  async function search(remittance: Remittance): Promise<Set<string>> {
    const alike = await remittances.alike(remittance, withinMs);
    const askedAt = clock.now();
    const keys = new Set(alike?.map(keyOf));
    // One that is under way may be in the list already, and its answer says which it is.
    if (alike === undefined || alike.some((each) => isSending(each, askedAt))) return keys;
    const listed = await candidatesFor(alike);
    // Asked behind the search: whatever made a transfer that was listed had been stored before it.
    const now = await remittances.alike(remittance, withinMs);
    const isSame = now !== undefined && now.length === alike.length && now.every((each) => keys.has(keyOf(each)));
    if (listed === undefined || !isSame) return keys;
    const unclaimed = await remittances.unclaimed(provider, listed);
    const at = clock.now();
    for (const [each, transfer] of matches(alike, unclaimed)) {
      await remittances.record(keyOf(each), { type: 'READ', at, askedAt, transfer });
    }
    return keys;
  }

  function candidatesFor(alike: readonly Remittance[]): Promise<readonly ProviderTransfer[] | undefined> {
    const sentAt = alike.map(({ createdAt }) => createdAt);
    const [{ corridor, providerUserId, providerRecipientId, receiveAmount, receiveCurrency }] = alike as [Remittance];
    return provider.findTransfers(corridor, {
      externalIds: alike.map(({ providerExternalId }) => providerExternalId),
      userId: providerUserId,
      recipientId: providerRecipientId,
      receiveAmount,
      receiveCurrency,
      madeFrom: Math.min(...sentAt) - skewMs,
      madeTo: Math.max(...sentAt) + provider.callTimeoutMs + skewMs,
    });
  }

  /** By external ids where rows have them. The others in the order of time, and only where each has one. */
  function matches(alike: readonly Remittance[], transfers: readonly ProviderTransfer[]): readonly Match[] {
    const named = new Map(transfers.map((transfer) => [transfer.externalId, transfer]));
    const certain = alike.flatMap((each): Match[] => {
      const transfer = named.get(each.providerExternalId);
      return transfer === undefined ? [] : [[each, transfer]];
    });
    const left = alike.filter((each) => !named.has(each.providerExternalId));
    const unnamed = transfers
      .filter(({ externalId }) => externalId === undefined)
      .sort((one, other) => (one.createdAt ?? 0) - (other.createdAt ?? 0) || byId(one, other));
    const paired = left.flatMap((each, at): Match[] => {
      const transfer = unnamed[at];
      return transfer !== undefined && isInTime(each, transfer) && fits(each, transfer) ? [[each, transfer]] : [];
    });
    const isWhole = unnamed.length === left.length && paired.length === left.length;
    return isWhole ? [...certain, ...paired] : certain;
  }

  function isInTime({ createdAt: sentAt }: Remittance, { createdAt = 0 }: ProviderTransfer): boolean {
    return createdAt >= sentAt - skewMs && createdAt <= sentAt + provider.callTimeoutMs + skewMs;
  }

  return async (remittance) => {
    const key = keyOf(remittance);
    const { corridor, providerUserId, providerRecipientId, receiveAmount, receiveCurrency } = remittance;
    const turn = JSON.stringify([corridor, providerUserId, providerRecipientId, receiveAmount, receiveCurrency]);
    const asked = searches;
    await inTurn(turn, async () => {
      const before = last.get(turn);
      // One that began since was for this one too.
      if (before !== undefined && before.number > asked && before.keys.has(key)) return;
      searches += 1;
      const number = searches;
      last.delete(turn);
      last.set(turn, { number, keys: await search(remittance) });
      if (last.size > 100) last.delete(last.keys().next().value as string);
    });
    const [after] = await remittances.load([key]);
    return after?.transferId === undefined ? undefined : after;
  };
}

/** Of one length by length first: ids are numbers that rise. */
const byId = ({ id: one }: ProviderTransfer, { id: other }: ProviderTransfer): number =>
  one.length - other.length || (one < other ? -1 : 1);
