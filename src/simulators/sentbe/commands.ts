/** What the control API can do at the Sentbe simulator alone: what a person would read, and what Sentbe's staff would do. */
import { z } from 'zod';
import { type ControlCommand, ControlRefusal } from '../control-command.ts';
import { SentbeRefusal } from './envelope.ts';
import type { SentbeSimulator } from './simulator.ts';
import { TRANSFER_STATUSES } from './transfers.ts';
import { verificationsChange } from './users.ts';

const id = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/, 'an id')]).transform(Number);
const codeQuery = z.strictObject({ userId: id, type: z.enum(['MOBILE', 'BANK']).default('MOBILE') });
const statusInput = z.strictObject({ transferId: id, status: z.enum(TRANSFER_STATUSES) });
const verificationInput = z.strictObject({ userId: id, ...verificationsChange.shape });
const name = z.string().min(1).max(100);
const memberInput = z.strictObject({ firstName: name, lastName: name, phoneNumber: name });
const callbackInput = z.strictObject({ body: z.string().max(200_000) });

/** `sentbe` throws where it is not simulated. */
export const sentbeCommands = (sentbe: () => SentbeSimulator): readonly ControlCommand[] => [
  {
    method: 'GET',
    path: '/sentbe/codes',
    about: 'The last code that Sentbe sent to a user by SMS (MOBILE), or in a deposit of one won (BANK).',
    example: '?userId=1001&type=MOBILE',
    run(input) {
      const { userId, type } = codeQuery.parse(input);
      const code = sentbe().lastCode(userId, type);
      if (code === undefined) throw new ControlRefusal(404, 'NO_CODE', 'No code was sent there.');
      return code;
    },
  },
  {
    method: 'GET',
    path: '/sentbe/transfers',
    about: 'The transfers of both corridors, newest first.',
    run: () => ({ transfers: sentbe().transfers() }),
  },
  {
    method: 'POST',
    path: '/sentbe/transfers/status',
    about: 'Moves a transfer to a status, and calls it back.',
    example: { transferId: 3001, status: 'AML filtered' },
    run(input) {
      const { transferId, status } = statusInput.parse(input);
      try {
        const transfer = sentbe().setStatus(transferId, status);
        if (transfer === undefined) throw new ControlRefusal(404, 'NO_TRANSFER', 'There is no such transfer.');
        return transfer;
      } catch (fault) {
        if (!(fault instanceof SentbeRefusal)) throw fault;
        throw new ControlRefusal(400, fault.code, fault.message);
      }
    },
  },
  {
    method: 'POST',
    path: '/sentbe/verifications',
    about: 'Approves or rejects what a user has handed in, as the staff would: mobile, documents, bank.',
    example: { userId: 1001, documents: 'completed', bank: 'completed' },
    run(input) {
      const { userId, ...change } = verificationInput.parse(input);
      const given = Object.fromEntries(Object.entries(change).filter(([, status]) => status !== undefined));
      const user = sentbe().setVerifications(userId, given);
      if (user === undefined) throw new ControlRefusal(404, 'NO_USER', 'There is no such user.');
      return { userId, verifications: user.verifications };
    },
  },
  {
    method: 'POST',
    path: '/sentbe/members',
    about: 'Someone who joined Sentbe by themselves, to be registered by registrations/mobile.',
    example: { firstName: 'Gildong', lastName: 'Hong', phoneNumber: '010-1234-5678' },
    run(input) {
      const { firstName, lastName, phoneNumber } = memberInput.parse(input);
      return { userId: sentbe().addMember({ first_name: firstName, last_name: lastName, phone_number: phoneNumber }) };
    },
  },
  {
    method: 'POST',
    path: '/sentbe/callbacks',
    about: 'Sends a callback as it stands, once: any text.',
    example: { body: '{"token":"forged","external_id":"1","status":"Complete"}' },
    run: async (input) => ({ httpStatus: (await sentbe().sendCallback(callbackInput.parse(input).body)) ?? null }),
  },
];
