/** How a message that NGS took ends, and what its REPORT says of it (2.0.1, section 4.4). */
import { carrierOf, type Ending } from '../recipients.ts';
import type { NgsContent } from './content.ts';
import type { NgsResultCodes } from './results.ts';
import { ms949Bytes } from './text.ts';

/** The document's own sample, and in no public list of Kakao's codes. */
const KAKAO_ERROR = 'K2103';
const MAX_SMS_BYTES = 90;

export interface NgsEnding {
  readonly result: string;
  readonly message: string;
  readonly telcoInfo: string;
}

export function ngsEndingOf(ending: Ending, to: string, content: NgsContent, codes: NgsResultCodes): NgsEnding {
  const failed = (result: string, message = ''): NgsEnding => ({ result, message, telcoInfo: 'ETC' });
  const delivered = (message = ''): NgsEnding => ({ result: codes.E_OK, message, telcoInfo: carrierOf(to) });
  const { kakao } = content;
  if (kakao === undefined) {
    if (ending === 'NO_SUBSCRIBER') return failed(codes.E_NO_SUBSCRIBER);
    return delivered(ending === 'SPAM' ? 'SS' : '');
  }
  if (ending === 'NO_SUBSCRIBER') return failed(codes.E_NO_SUBSCRIBER, KAKAO_ERROR);
  if (ending === 'KAKAO_FAILED' || (ending === 'KAKAO_FALLBACK' && kakao.failover === '0')) {
    return failed(codes.E_KAKAO_FAIL, KAKAO_ERROR);
  }
  if (ending === 'KAKAO_FALLBACK') return delivered(`${KAKAO_ERROR},T${fallbackKind(content)}`);
  if (ending === 'SPAM' && kakao.failover !== '0') return delivered(`SS,${KAKAO_ERROR},T${fallbackKind(content)}`);
  return { result: codes.E_OK, message: '', telcoInfo: 'KKO' };
}

/** The kind that FAILOVER makes of the message: by its size, and by its images where they are not ignored. */
function fallbackKind({ kakao, text, substitute, images }: NgsContent): 'S' | 'L' | 'M' {
  if (images !== undefined && kakao?.failover !== '2') return 'M';
  return ms949Bytes(substitute ?? text) <= MAX_SMS_BYTES ? 'S' : 'L';
}
