/** The enums that messages, previews and reports share. */
import { builder } from './builder.ts';

export const SmsProviderEnum = builder.enumType('SmsProvider', { values: ['SENS', 'NGS'] as const });

const endedFriendTalk = { deprecationReason: 'Kakao ended FriendTalk on 2025-12-31' };
export const MessageKindEnum = builder.enumType('MessageKind', {
  values: {
    SMS: {},
    LMS: {},
    MMS: {},
    ALIMTALK: {},
    ALIMTALK_IMAGE: {},
    FRIENDTALK: endedFriendTalk,
    FRIENDTALK_IMAGE: endedFriendTalk,
    FRIENDTALK_WIDE: endedFriendTalk,
  } as const,
});

export const MessagePurposeEnum = builder.enumType('MessagePurpose', { values: ['NORMAL', 'AD', 'AUTH'] as const });

export const MessageStateEnum = builder.enumType('MessageState', {
  description:
    'QUEUED: durable with us. SUBMITTING: intent stored, bytes may have left. SUBMITTED: the provider took it.\n' +
    'UNCONFIRMED: sent, outcome unknown; a report or a look-up settles it; never sent again by itself.\n' +
    'DELIVERED, FAILED: provider evidence. EXPIRED: our deadline passed without evidence (late evidence still wins).',
  values: ['QUEUED', 'SUBMITTING', 'SUBMITTED', 'UNCONFIRMED', 'DELIVERED', 'FAILED', 'EXPIRED', 'CANCELLED'] as const,
});

export const CarrierEnum = builder.enumType('Carrier', { values: ['SKT', 'KT', 'LGU', 'KAKAO', 'ETC'] as const });

export const KakaoMethodEnum = builder.enumType('KakaoMethod', {
  description: 'NGS METHOD p, r, P.',
  values: ['PUSH', 'REALTIME', 'POLLING'] as const,
});

export const TextEncodingEnum = builder.enumType('TextEncoding', { values: ['EUC_KR', 'UTF_8'] as const });

export const KakaoFallbackEnum = builder.enumType('KakaoFallback', {
  values: ['NONE', 'CONVERT', 'SUBSTITUTE', 'SUBSTITUTE_MMS'] as const,
});

export const SendWaitEnum = builder.enumType('SendWait', {
  description:
    'How long sendSms waits before it answers: durable with us, or answered by the provider (bounded by 10 s).',
  values: ['QUEUED', 'SUBMITTED'] as const,
});
