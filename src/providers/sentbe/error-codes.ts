/**
 * Sentbe's error codes (Errors, inbound and outbound), and what each says of the call: whether it certainly did nothing.
 * The document gives a meaning and no more, so only a meaning that leaves no doubt counts as certain.
 */

/**
 * REFUSED: it judged what it was sent, and did nothing. KEY_REFUSED: it refuses this gateway itself, and did nothing.
 * UNCERTAIN: something failed inside while it worked, so a part may have been done.
 */
export type CodeClass = 'REFUSED' | 'KEY_REFUSED' | 'UNCERTAIN';

interface ErrorCode {
  readonly means: string;
  readonly class: CodeClass;
  /** The user, recipient or transfer that a look-up names does not exist. */
  readonly isAbsence?: true;
}

export const ERROR_CODES: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  // "What is not defined below": an exception at any point, also behind the last write.
  ['E0000', { means: 'an internal error', class: 'UNCERTAIN' }],
  ['E0001', { means: 'authentication failed: the partner, its key or its IP address', class: 'KEY_REFUSED' }],
  ['E0002', { means: 'no such user, recipient or transfer', class: 'REFUSED', isAbsence: true }],
  ['E0003', { means: 'a wrong access_id', class: 'KEY_REFUSED' }],
  // Ours are made by one function, so this is a wrong secret_key.
  ['E0004', { means: 'SIGNATURE cannot be decrypted', class: 'KEY_REFUSED' }],
  ['E0005', { means: 'a parameter is missing, wrong or not permitted', class: 'REFUSED' }],
  ['E0006', { means: 'no such method or path', class: 'REFUSED' }],
  ['E0007', { means: 'the currency is not available', class: 'REFUSED' }],
  ['E0008', { means: 'a wrong calc_by', class: 'REFUSED' }],
  ['E0009', { means: 'the state of the transfer does not allow it', class: 'REFUSED' }],
  ['E0010', { means: 'the recipient cannot be changed', class: 'REFUSED' }],
  ['E0011', { means: 'a wrong country', class: 'REFUSED' }],
  ['E0012', { means: 'the bank or receive method is not supported', class: 'REFUSED' }],
  // Also of an external_id that is there already: what is there is of another call.
  ['E0013', { means: 'a wrong external_id', class: 'REFUSED' }],
  ['E0014', { means: 'the balance is too low', class: 'REFUSED' }],
  ['E0101', { means: 'the user is not registered with the partner', class: 'REFUSED', isAbsence: true }],
  ['E0102', { means: 'a value that is not in its list', class: 'REFUSED' }],
  ['E0103', { means: 'the format of the identification number', class: 'REFUSED' }],
  ['E0104', { means: 'it exists already', class: 'REFUSED' }],
  ['E0105', { means: 'it does not exist', class: 'REFUSED', isAbsence: true }],
  ['E0106', { means: 'the user is registered with the partner already', class: 'REFUSED' }],
  ['E0107', { means: 'the same user exists already', class: 'REFUSED' }],
  // The bank's API was lost on the way: the won may have been paid in.
  ['E0108', { means: 'no connection to the open banking platform', class: 'UNCERTAIN' }],
  ['E0109', { means: 'wrong parameters of the external user', class: 'REFUSED' }],
  // Whether a transfer is written before or after it is calculated is not said.
  ['E0110', { means: 'no connection to the calculator of amounts', class: 'UNCERTAIN' }],
  ['E0111', { means: 'the user must be brought up to date', class: 'REFUSED' }],
  ['E0112', { means: 'the user is not verified', class: 'REFUSED' }],
  ['E0113', { means: 'agreements are missing', class: 'REFUSED' }],
  ['E0114', { means: 'the verification was agreed to already', class: 'REFUSED' }],
  // Whether it was written before its creation failed is not said.
  ['E0115', { means: 'the transfer could not be created', class: 'UNCERTAIN' }],
]);
