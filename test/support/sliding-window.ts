/** The fullest window among what happened, counted the plain way: the oracle of every limit by the minute. */

/** The most of `at` that lie in any half-open window of `windowMs`, wherever it begins. */
export function fullestWindow(at: readonly number[], windowMs: number): number {
  return Math.max(0, ...at.map((start) => at.filter((each) => each >= start && each < start + windowMs).length));
}
