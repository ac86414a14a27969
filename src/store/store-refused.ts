/** Why a driver would not open its data: written for the operator, naming the place and what to do about it. */
export class StoreRefused extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreRefused';
  }
}
