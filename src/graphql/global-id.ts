/** Global IDs: the type and our own id of it, in base64url. Reading never throws: garbage names no type. */

/** Whatever an id of ours looks like, so that garbage never becomes a key of the store. */
const globalIdForm = /^([A-Za-z]{1,40}):([\w-]{1,64})$/;

export function encodeGlobalId(typename: string, id: string | number | bigint): string {
  return Buffer.from(`${typename}:${id}`).toString('base64url');
}

export function decodeGlobalId(globalId: string): { readonly typename: string; readonly id: string } {
  const [, typename = '', id = ''] = globalIdForm.exec(Buffer.from(globalId, 'base64url').toString('latin1')) ?? [];
  return { typename, id };
}

/** Our own id behind a global ID of this type; an id that nothing has where it is garbage or of another type. */
export function localId(typename: string, globalId: string): string {
  const decoded = decodeGlobalId(globalId);
  return decoded.typename === typename ? decoded.id : '';
}
