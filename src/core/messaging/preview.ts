/** What a text becomes on the wire of a provider, before anything is sent: kind, bytes, limit and what stands in the way. */
import type { FieldProblem } from '../errors.ts';
import type { MessageKind } from '../provider.ts';

export interface UnencodableCharacter {
  /** In UTF-16 units of the normalised text. */
  readonly index: number;
  readonly character: string;
  /** `U+20A9`. */
  readonly codePoint: string;
  readonly suggestion?: string;
}

export interface MessagePreview {
  readonly kind: MessageKind;
  readonly bytes: number;
  readonly limit: number;
  /** The exact text bytes that go on the wire. */
  readonly wire: Uint8Array;
  readonly fitsKsx1001: boolean;
  readonly unencodable: readonly UnencodableCharacter[];
  readonly problems: readonly FieldProblem[];
}
