/** What the control API can do at the SecureKey simulator alone: what a person would see on their phone, and do there. */
import { z } from 'zod';
import { type ControlCommand, ControlRefusal } from '../control-command.ts';
import { SecureKeyRefusal } from './envelope.ts';
import type { SecureKeySimulator } from './simulator.ts';

const text = z.string().min(1).max(254);
const codeQuery = z.union([z.strictObject({ phone: text }), z.strictObject({ email: text })], {
  error: 'A phone or an email.',
});
const userQuery = z.strictObject({ userId: text });
const answerInput = z
  .strictObject({ requestId: text.optional(), userId: text.optional(), decision: z.enum(['approve', 'deny']) })
  .refine(({ requestId, userId }) => (requestId === undefined) !== (userId === undefined), {
    path: ['requestId'],
    message: 'Either a requestId or a userId.',
  });
const webhookInput = z.strictObject({
  body: z.string().max(200_000),
  signature: z
    .string()
    .regex(/^[\x20-\x7e]{0,500}$/, 'a header value')
    .optional(),
});

/** `securekey` throws where it is not simulated. */
export const secureKeyCommands = (securekey: () => SecureKeySimulator): readonly ControlCommand[] => [
  {
    method: 'GET',
    path: '/securekey/codes',
    about: 'The last code that SecureKey sent to a phone or an email.',
    example: '?phone=01012345678',
    run(input) {
      const code = securekey().lastCode(codeQuery.parse(input));
      if (code === undefined) throw new ControlRefusal(404, 'NO_CODE', 'No code was sent there.');
      return code;
    },
  },
  {
    method: 'GET',
    path: '/securekey/totp',
    about: "What a user's authenticator app shows now.",
    example: '?userId=user_123',
    run(input) {
      const token = securekey().currentTotp(userQuery.parse(input).userId);
      if (token === undefined) throw new ControlRefusal(404, 'NO_TOTP', 'This user has set up no TOTP.');
      return token;
    },
  },
  {
    method: 'GET',
    path: '/securekey/pushes',
    about: 'The pushes, newest first.',
    run: () => ({ pushes: securekey().pushes() }),
  },
  {
    method: 'POST',
    path: '/securekey/pushes/answer',
    about: 'Approves or denies a push as the device would: one by its requestId, or the newest pending one of a user.',
    example: { userId: 'user_123', decision: 'approve' },
    run(input) {
      const { requestId, userId, decision } = answerInput.parse(input);
      const simulator = securekey();
      const newest = simulator.pushes().find((push) => push.userId === userId && push.status === 'pending');
      const answered = requestId ?? newest?.requestId;
      if (answered === undefined) throw new ControlRefusal(404, 'NO_PUSH', 'No push waits for this user.');
      try {
        return simulator.answerPush(answered, decision);
      } catch (fault) {
        if (!(fault instanceof SecureKeyRefusal)) throw fault;
        throw new ControlRefusal(fault.status, fault.code, fault.message);
      }
    },
  },
  {
    method: 'POST',
    path: '/securekey/webhooks',
    about: 'Sends a webhook as it stands, once: any text, signed rightly or by the signature that is given.',
    example: { body: '{"event":"push.responded"}', signature: 'sha256=00' },
    run: async (input) => {
      const { httpStatus = null } = await securekey().sendWebhook(webhookInput.parse(input));
      return { httpStatus };
    },
  },
];
