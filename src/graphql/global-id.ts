/** Global IDs: the type and our own id of it, in base64url. Reading never throws: garbage names no type. */

export function encodeGlobalId(typename: string, id: string | number | bigint): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url');
}

export function decodeGlobalId(globalId: string): { readonly typename: string; readonly id: string } {
  const text = Buffer.from(globalId, 'base64url').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? { typename: '', id: '' } : { typename: text.slice(0, colon), id: text.slice(colon + 1) };
}

/** Our own id behind a global ID of this type; an id that nothing has where it is garbage or of another type. */
export function localId(typename: string, globalId: string): string {
  const decoded = decodeGlobalId(globalId);
  return decoded.typename === typename ? decoded.id : '';
}
