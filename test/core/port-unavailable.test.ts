import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenFailure, PortUnavailable } from '../../src/core/port-unavailable.ts';

const at = { setting: 'HOST, PORT', host: '192.0.2.1', port: 80 };

describe('a failure to listen', () => {
  it('on an address that is not of this machine is said in terms of the setting', async () => {
    const server = createServer().listen(0, '192.0.2.1');
    const [error] = (await once(server, 'error')) as [Error];
    expect(listenFailure(at, error)).toBeInstanceOf(PortUnavailable);
    expect(listenFailure(at, error)).toMatchObject({
      message: expect.stringMatching(/^HOST, PORT: cannot listen on 192\.0\.2\.1 port 80: .*\(EADDRNOTAVAIL\)\.$/),
      cause: error,
    });
  });

  it('for want of the right is, too', () => {
    const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
    expect(listenFailure(at, error)).toMatchObject({
      name: 'PortUnavailable',
      message: expect.stringContaining('EACCES'),
    });
  });

  it('for any other cause stays what it is', () => {
    const error = Object.assign(new Error('listen EMFILE'), { code: 'EMFILE' });
    expect(listenFailure(at, error)).toBe(error);
    expect(listenFailure(at, 'text')).toBe('text');
  });
});
