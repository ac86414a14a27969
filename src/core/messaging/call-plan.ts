/** Which waiting messages go together in one call to a provider, oldest first. Pure: it claims nothing and sends nothing. */

export interface Waiting {
  readonly key: string;
  /** Equal for what may go in one call. */
  readonly callKey: string;
  readonly to: string;
}

/** Calls in the order of their oldest message; a message joins the first one that it may share. */
export function planCalls<Item extends Waiting>(waiting: readonly Item[], maxSize: number): Item[][] {
  const calls: Item[][] = [];
  const byKey = new Map<string, { readonly call: Item[]; readonly recipients: Set<string> }[]>();
  for (const item of waiting) {
    const open = byKey.get(item.callKey) ?? [];
    byKey.set(item.callKey, open);
    // Two texts to one recipient could not be told apart by their results.
    let place = open.find(({ call, recipients }) => call.length < maxSize && !recipients.has(item.to));
    if (place === undefined) {
      place = { call: [], recipients: new Set() };
      open.push(place);
      calls.push(place.call);
    }
    place.call.push(item);
    place.recipients.add(item.to);
  }
  return calls;
}
