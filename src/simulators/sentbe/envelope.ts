/** Sentbe's envelopes and its error codes (Sentbe partner API, Errors). No endpoint here. */
import { type Answer, jsonAnswer } from '../http-exchange.ts';

/** The words behind a code vary (the document's sample has `Invalid transfer id` for E0002); only the code counts. */
const MEANINGS = {
  E0000: 'Internal Server Error',
  E0001: 'Authentication error',
  E0002: 'Invalid model id',
  E0003: 'Invalid header key',
  E0004: 'Invalid signature',
  E0005: 'Need more required parameter / Unpermitted parameter',
  E0006: 'Not supported method',
  E0007: 'Not available currency',
  E0009: 'Invalid transfer status',
  E0010: "Can't update recipient information",
  E0011: 'Invalid country code',
  E0012: 'Not supported bank',
  E0013: 'Invalid external transfer id',
  E0014: 'Not enough balance',
  E0101: 'The user is not registered with the partner',
  E0102: 'The value is not in the list',
  E0103: 'Invalid format of the identification number',
  E0104: 'It exists already',
  E0105: 'Missing value',
  E0106: 'The user is registered with the partner already',
  E0107: 'The same user exists',
  E0109: 'Invalid external user parameter',
  E0112: 'The user is not verified',
  E0113: 'An agreement is missing',
  E0114: 'The verification is done already',
  E0115: 'The transfer could not be created',
} as const;
type ErrorCode = keyof typeof MEANINGS;

/** Ends a call with an error envelope. */
export class SentbeRefusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail?: string) {
    super(detail === undefined ? MEANINGS[code] : `${MEANINGS[code]}: ${detail}`);
    this.name = 'SentbeRefusal';
    this.code = code;
  }
}

export const success = (data: unknown): Answer => jsonAnswer(200, { result: true, data });

/** Which HTTP status an error has is published nowhere. */
export const failure = (httpStatus: number, code: string, message: string): Answer =>
  jsonAnswer(httpStatus, { result: false, errors: [{ message, error_code: code }] });

export const meaningOf = (code: string): string =>
  Object.hasOwn(MEANINGS, code) ? MEANINGS[code as ErrorCode] : 'Armed fault';
