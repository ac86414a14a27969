/** Why the gateway cannot listen where it was told to: written for the operator, naming the setting and what to do. */
export class PortUnavailable extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'PortUnavailable';
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there. End it, or choose another port',
  EACCES: 'this user may not listen there. Choose a port from 1024 on',
  EADDRNOTAVAIL: 'this machine has no such address. Choose one of its own',
};

/** What `listen` failed with, said in terms of the setting where it is one of these; else as it is. */
export function listenFailure(at: { setting: string; host: string; port: number }, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const reason = reasons[code];
  if (reason === undefined) return error;
  return new PortUnavailable(`${at.setting}: cannot listen on ${at.host} port ${at.port}: ${reason} (${code}).`, error);
}
