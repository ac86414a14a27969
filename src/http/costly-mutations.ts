/**
 * Mutations of which a document may have one of a kind: a second one, under an alias, would be a second guess, prompt or
 * transfer for the price of one request. A send is none: it has its own key, and the batch for many.
 */

/** Of each mutation, so that a new one has to be thought of; undefined is as many as root fields are allowed. */
const KINDS: Readonly<Record<string, string | undefined>> = {
  requestOtp: 'OTP',
  verifyOtp: 'OTP',
  enrollTotp: 'OTP',
  beginPasskeyRegistration: 'PASSKEY',
  registerPasskey: 'PASSKEY',
  beginPasskeyAuthentication: 'PASSKEY',
  authenticatePasskey: 'PASSKEY',
  registerPushDevice: 'PUSH',
  requestPushApproval: 'PUSH',
  respondToPushApproval: 'PUSH',
  registerRemittanceUser: 'REMITTANCE',
  verifyRemittanceUser: 'REMITTANCE',
  uploadRemittanceDocument: 'REMITTANCE',
  addRemittanceRecipient: 'REMITTANCE',
  quoteRemittance: 'REMITTANCE',
  sendRemittance: 'REMITTANCE',
  cancelRemittance: 'REMITTANCE',
  commerceToken: 'TOKEN',
  confirmProductOrders: 'ORDERS',
  dispatchProductOrders: 'ORDERS',
  sendSmsBatch: 'BATCH',
  sendSms: undefined,
  sendKakao: undefined,
  cancelMessage: undefined,
  replayWebhook: undefined,
};

export const costlyKindOf = (mutation: string): string | undefined =>
  Object.hasOwn(KINDS, mutation) ? KINDS[mutation] : undefined;

export const isJudgedMutation = (mutation: string): boolean => Object.hasOwn(KINDS, mutation);
