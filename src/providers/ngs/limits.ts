/** What NGS 2.0.1 carries (sections 4.3 and 6): limits of its own, not SENS's. */
import type { ContentLimits } from '../../core/provider.ts';

const mmsImageBytes = 300 * 1024;

export const NGS_LIMITS: ContentLimits = {
  kinds: ['SMS', 'LMS', 'MMS', 'ALIMTALK', 'ALIMTALK_IMAGE', 'FRIENDTALK', 'FRIENDTALK_IMAGE', 'FRIENDTALK_WIDE'],
  smsMaxBytes: 90,
  // Its international types are for later, says the document (section 4.3).
  smsAbroad: false,
  longMaxBytes: 2000,
  subjectMaxBytes: 64,
  // BMP and GIF stand in the prose of section 6.1, but no MTYPE carries them. The text is one of the four attachments.
  mms: { types: ['JPG', 'PNG'], maxImages: 3, maxImageBytes: mmsImageBytes },
  kakao: {
    // These have an image only as the MMS that stands in for them (FAILOVER 3).
    ALIMTALK: { maxCharacters: 1000, maxImageBytes: mmsImageBytes },
    ALIMTALK_IMAGE: { maxCharacters: 1000, maxImageBytes: mmsImageBytes },
    FRIENDTALK: { maxCharacters: 1000, maxImageBytes: mmsImageBytes },
    FRIENDTALK_IMAGE: { maxCharacters: 400, maxImageBytes: 500 * 1024 },
    FRIENDTALK_WIDE: { maxCharacters: 76, maxImageBytes: 2 * 1024 * 1024, maxWidth: 800, maxHeight: 600 },
  },
};
