/** What a provider said, and whether it took the message: the only ground for a retry or a failover. */
import type { Instant } from './clock.ts';

export type ProviderName = 'SENS' | 'NGS' | 'SECUREKEY' | 'NAVER_COMMERCE' | 'SENTBE';

/** ACCEPTED: it took it. NOT_ACCEPTED: it certainly did not. UNKNOWN: nobody can say. */
export type Outcome = 'ACCEPTED' | 'NOT_ACCEPTED' | 'UNKNOWN';

/** The provider's own words, unaltered, so that a support ticket can quote them. */
export interface ProviderFault {
  readonly provider: ProviderName;
  readonly code: string;
  readonly text?: string;
  readonly httpStatus?: number;
  readonly traceId?: string;
  readonly at: Instant;
}
