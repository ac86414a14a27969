/**
 * How much this process does at once: requests over HTTP and operations over WebSocket, together. What comes beyond is
 * refused before anything of it was executed, so that what is under way ends soon. Streams are not counted: they wait.
 */
import { overloaded, type ProviderUnavailable } from '../core/errors.ts';

export interface Admission {
  /** Takes a place, and gives how to leave it (once; again is nothing). @throws ProviderUnavailable where there is none */
  enter(): () => void;
  /** Why nobody may enter now; undefined where somebody may. */
  refusal(): ProviderUnavailable | undefined;
}

/** Some two seconds of work on one core, where most of it stores something. */
const defaultMaxUnderWay = 1_000;

export function createAdmission(maxUnderWay = defaultMaxUnderWay): Admission {
  let underWay = 0;
  const refusal = (): ProviderUnavailable | undefined =>
    underWay < maxUnderWay ? undefined : overloaded('This gateway is busy: call again in a second.');
  return {
    refusal,
    enter() {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      underWay += 1;
      let isInside = true;
      return () => {
        if (isInside) underWay -= 1;
        isInside = false;
      };
    },
  };
}
