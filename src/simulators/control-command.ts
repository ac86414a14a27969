/** A command of the simulators' control API, and its refusal: what those of every simulator are made of. */

export interface ControlCommand {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly about: string;
  /** A query string or a JSON body that works. */
  readonly example?: string | object;
  /** Takes the query or the body as it came. Throws ZodError or ControlRefusal. */
  readonly run: (input: unknown) => unknown;
}

export class ControlRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ControlRefusal';
    this.status = status;
    this.code = code;
  }
}
