/** Query.node. What is no ID of ours, or of another tenant, is null: both look the same. */
import { builder } from './builder.ts';
import { CommerceProductOrderType } from './commerce.ts';
import { decodeGlobalId } from './global-id.ts';
import { MessageType, NgsReportType } from './message-types.ts';
import { OtpChallengeType } from './otp.ts';
import { PasskeyType } from './passkeys.ts';
import { PushApprovalType, PushDeviceType } from './push.ts';
import { RemittanceType } from './remittance.ts';
import { RemittanceRecipientType, RemittanceUserType } from './remittance-people.ts';
import { InboundWebhookType } from './webhooks.ts';

const nodeTypes = {
  Message: MessageType,
  NgsReport: NgsReportType,
  InboundWebhook: InboundWebhookType,
  OtpChallenge: OtpChallengeType,
  Passkey: PasskeyType,
  PushApproval: PushApprovalType,
  PushDevice: PushDeviceType,
  CommerceProductOrder: CommerceProductOrderType,
  Remittance: RemittanceType,
  RemittanceUser: RemittanceUserType,
  RemittanceRecipient: RemittanceRecipientType,
} as const;

builder.queryField('node', (t) =>
  t.node({
    args: { id: t.arg.id({ required: true }) },
    id: (_root, args) => {
      const { typename, id } = decodeGlobalId(args.id);
      const type = Object.hasOwn(nodeTypes, typename) ? nodeTypes[typename as keyof typeof nodeTypes] : undefined;
      return type === undefined ? null : { type, id };
    },
  }),
);
