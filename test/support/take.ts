/** The next `count` items of a stream, or fewer where it ends. */
export async function take<Item>(stream: AsyncIterator<Item>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const next = await stream.next();
    if (next.done) break;
    items.push(next.value);
  }
  return items;
}

/** Items of a stream up to and with the first one that is wanted. */
export async function takeUntil<Item>(stream: AsyncIterator<Item>, wanted: (item: Item) => boolean): Promise<Item[]> {
  const items: Item[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done) throw new Error(`The stream ended after ${items.length} items.`);
    items.push(next.value);
    if (wanted(next.value)) return items;
  }
}
