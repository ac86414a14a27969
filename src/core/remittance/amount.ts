/** Amounts as decimal text: never a float. */

/** `5000.0` and `5000` are one amount. */
export function isSameAmount(one: string, other: string): boolean {
  const bare = (text: string): string => text.replace(/^0+(?=\d)/, '').replace(/\.0+$|(\.\d*?)0+$/, '$1');
  return bare(one) === bare(other);
}
