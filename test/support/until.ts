/** Waits for a fact. Fails by the test's own time limit where the fact never comes. */
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(POLL_MS);
}
