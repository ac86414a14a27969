/**
 * JSON whose numbers stay the text that they were written with: an amount never becomes a float, and an id is the same
 * whether it came as a number or as a string (Sentbe sends both). Pure.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A string, which is kept as it is, or a number. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Undefined where it is no JSON. Every number in it is a string. */
export function parseExactJson(text: string): unknown {
  try {
    // Only of what is JSON is it certain that the pattern sees each string whole.
    JSON.parse(text);
    return JSON.parse(text.replace(stringOrNumber, (token) => (token.startsWith('"') ? token : `"${token}"`)));
  } catch {
    return undefined;
  }
}

export function jsonObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** Not empty, and short enough to be kept. */
export function shortText(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= maxLength ? value : undefined;
}

/** An id of Sentbe's, as text. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value) ? value : undefined;
}
