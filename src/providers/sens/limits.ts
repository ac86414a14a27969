/**
 * What SENS SMS v2 carries (SENS SMS v2, send and files), and the refusal of what it does not, before a byte leaves: the
 * service itself cuts a text that is too long without a word. What a caller is told beforehand is core's.
 */
import type { ContentLimits, Submission } from '../../core/provider.ts';
import { encodeMs949 } from '../../korean/ms949.ts';
import { recipientOf } from './recipient.ts';

/** Limits of its own, not NGS's: its subjects are shorter. */
export const SENS_LIMITS: ContentLimits = {
  kinds: ['SMS', 'LMS', 'MMS'],
  smsMaxBytes: 90,
  smsAbroad: true,
  longMaxBytes: 2000,
  subjectMaxBytes: 40,
  mms: {
    types: ['JPG'],
    maxImages: 3,
    maxImageBytes: 300 * 1024,
    maxFileNameLength: 40,
    maxWidth: 1500,
    maxHeight: 1440,
  },
};

/** Recipients of one call. */
export const MAX_RECIPIENTS = 100;

interface Refusal {
  readonly code: string;
  readonly text: string;
}

/** Undefined where SENS carries it. Width and height are read where the image is: in core. */
export function refusalOf(submission: Submission): Refusal | undefined {
  const { kind, text, subject, images = [] } = submission;
  if (!SENS_LIMITS.kinds.includes(kind)) return refusal('KIND_NOT_CARRIED', `SENS carries no ${kind}.`);
  const recipient = recipientOf(submission.to);
  if (recipient === undefined) return refusal('NOT_A_NUMBER', 'The recipient is no number that can be dialled.');
  if (kind !== 'SMS' && recipient.countryCode !== '82') {
    return refusal('DOMESTIC_ONLY', `SENS carries ${kind} within Korea only.`);
  }
  return (
    refusalOfText('content', text, kind === 'SMS' ? SENS_LIMITS.smsMaxBytes : SENS_LIMITS.longMaxBytes) ??
    refusalOfSubject(kind, subject) ??
    refusalOfImages(kind, images)
  );
}

function refusalOfSubject(kind: Submission['kind'], subject: string | undefined): Refusal | undefined {
  if (subject === undefined) return undefined;
  if (kind === 'SMS') return refusal('SUBJECT_NOT_CARRIED', 'A SMS has no subject.');
  return subject === '' ? undefined : refusalOfText('subject', subject, SENS_LIMITS.subjectMaxBytes);
}

function refusalOfText(field: string, text: string, maxBytes: number): Refusal | undefined {
  if (text === '') return refusal('EMPTY', `${field}: there is none.`);
  let bytes: number;
  try {
    bytes = encodeMs949(text).length;
  } catch (error) {
    if (error instanceof RangeError) return refusal('UNENCODABLE', `${field}: ${error.message}`);
    throw error;
  }
  return bytes > maxBytes
    ? refusal('TOO_LONG', `${field}: ${bytes} bytes, at most ${maxBytes} are carried.`)
    : undefined;
}

function refusalOfImages(kind: Submission['kind'], images: NonNullable<Submission['images']>): Refusal | undefined {
  const { types, maxImages, maxImageBytes } = SENS_LIMITS.mms;
  if (kind !== 'MMS') {
    return images.length > 0 ? refusal('IMAGES_NOT_CARRIED', `A ${kind} has no images.`) : undefined;
  }
  // It would go out as LMS (SENS SMS v2, send).
  if (images.length === 0) return refusal('NO_IMAGE', 'A MMS has an image.');
  if (images.length > maxImages) {
    return refusal('TOO_MANY_IMAGES', `${images.length} images, at most ${maxImages} are carried.`);
  }
  for (const { type, bytes } of images) {
    if (!types.includes(type)) return refusal('IMAGE_TYPE', `SENS carries no ${type}.`);
    if (bytes.length > maxImageBytes) {
      return refusal('IMAGE_TOO_LARGE', `${bytes.length} bytes of image, at most ${maxImageBytes} are carried.`);
    }
  }
  return undefined;
}

const refusal = (code: string, text: string): Refusal => ({ code, text });
