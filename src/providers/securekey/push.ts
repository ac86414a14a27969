/** Push approvals: a device, a request to it, what became of it (SecureKey, Push 인증). */
import type { VerificationProvider } from '../../core/verification/provider.ts';
import { OPAQUE_ID } from './answer.ts';
import type { SecureKeyApi } from './api.ts';
import { pushAnswerOf, pushAnswerOfCode } from './decision.ts';

type Push = Pick<VerificationProvider, 'registerPushDevice' | 'sendPush' | 'pushAnswer' | 'respondToPush'>;

/** With 401 and 403 only what names the push is the person's answer. */
const surelyAboutPush = /^(PUSH|USER|REQUEST|APPROVAL)_(\w+_)?(DENIED|REJECTED|EXPIRED)$/;

/**
 * `respondPath` is below /api/v1. The document shows only the SDK's call, `push.respond(requestId, 'approve')`, and
 * neither its path nor its wire: the path is a setting, and the body {requestId, response} is our assumption.
 */
export function createSecureKeyPush(api: SecureKeyApi, respondPath: string | undefined): Push {
  const push: Push = {
    async registerPushDevice({ userId, fcmToken, platform, deviceName }) {
      const body = {
        userId,
        fcmToken,
        ...(deviceName === undefined ? {} : { deviceName }),
        platform: platform.toLowerCase(),
      };
      await api.done({ path: '/push/devices', body });
    },

    async sendPush({ userId, title, body }) {
      const call = { path: '/push/send', body: { userId, title, ...(body === undefined ? {} : { body }) } };
      const { data, httpStatus } = await api.done(call);
      const { requestId } = data;
      if (typeof requestId === 'string' && OPAQUE_ID.test(requestId)) return { requestId };
      throw api.unreadable(httpStatus, 'data.requestId is missing.');
    },

    // One sample sends the requestId alone, two send both; whose push it is can only be checked with both.
    async pushAnswer({ requestId, userId }) {
      const isVerdict = (code: string): boolean => surelyAboutPush.test(code);
      const reply = await api.call({ path: '/push/verify', body: { requestId, userId }, bucket: 'poll', isVerdict });
      if (reply.kind === 'DONE') return pushAnswerOf(reply.data);
      if (!reply.enveloped) throw api.rejected(reply.fault);
      return pushAnswerOfCode(reply.fault.code);
    },
  };
  if (respondPath === undefined) return push;
  return {
    ...push,
    async respondToPush({ requestId, decision }) {
      const response = decision === 'APPROVED' ? 'approve' : 'deny';
      await api.done({ path: respondPath, body: { requestId, response } });
    },
  };
}
