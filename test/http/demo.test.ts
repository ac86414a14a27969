import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createDemo } from '../../src/http/demo.ts';
import { apiKey, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const files = ['/demo', '/demo/demo.css', '/demo/demo.js', '/demo/api.js', '/demo/simplewebauthn.js'];

interface Asked {
  readonly host?: string;
  readonly method?: string;
}

/** Over a real socket, since `fetch` names no Host but its own. */
async function ask(url: string, path: string, { host = 'localhost:4000', method = 'GET' }: Asked = {}) {
  const [response] = (await once(request(`${url}${path}`, { method, headers: { host } }).end(), 'response')) as [
    IncomingMessage,
  ];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const setUp = async (env: Record<string, string> = {}) =>
  startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });

describe('the demo', () => {
  it('serves each file with its type, never from a cache, and lets the browser ask nobody else', async () => {
    const { url } = await setUp();
    const types = [];
    for (const path of files) {
      const { status, headers } = await ask(url, path);
      expect(status).toBe(200);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      const policy = headers['content-security-policy']?.toString() ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      types.push(headers['content-type']);
    }
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'text/css; charset=utf-8',
      ...Array(3).fill('text/javascript; charset=utf-8'),
    ]);
  });

  it('names in its page no file that is not served, and no other host', async () => {
    const { url } = await setUp();
    const { body } = await ask(url, '/demo');
    const named = [...body.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, path]) => path);
    expect(named).toEqual(['/demo/demo.css', '/demo/simplewebauthn.js', '/demo/demo.js']);
    for (const path of files) {
      const { body } = await ask(url, path);
      for (const [, from] of body.matchAll(/^import .* from '([^']+)'/gm)) expect(files).toContain(from);
    }
  });

  it.each(['127.0.0.1:4000', '[::1]:4000', '127.0.0.1'])('sends a browser from %s to localhost', async (host) => {
    const { url } = await setUp();
    const { status, headers } = await ask(url, '/demo', { host });
    expect([status, headers.location]).toEqual([302, `http://localhost${host.endsWith(':4000') ? ':4000' : ''}/demo`]);
  });

  it('shows the key only where the sandbox made it, and where the simulators listen', async () => {
    const own = await setUp();
    expect((await ask(own.url, '/demo')).body).not.toContain(apiKey);
    const made = await setUp({ GWANMUN_API_KEY: '', SENDER_NUMBERS: '' });
    const { body } = await ask(made.url, '/demo');
    expect(body).toMatch(/<meta name="gwanmun-api-key" content="gwanmun_sandbox_[\w-]{32}" \/>/);
    expect(body).toContain(`<meta name="gwanmun-simulators" content="${made.app.providers.controlUrl}" />`);
  });

  it('lets no key out of its place in the page', async () => {
    const demo = createDemo({ apiKey: '"><script>$&', simulatorsUrl: undefined });
    const written: string[] = [];
    const response = { writeHead: () => response, end: (body: string) => written.push(body) };
    demo.serve('/demo', { method: 'GET', headers: { host: 'localhost' } } as never, response as never);
    expect(written.join('')).toContain('content="&quot;&gt;&lt;script&gt;$&amp;"');
  });

  it('answers 405 to what is no reading, 421 to a host elsewhere, and 404 beside its files', async () => {
    const { url } = await setUp();
    expect((await ask(url, '/demo', { method: 'POST' })).status).toBe(405);
    expect((await ask(url, '/demo', { host: 'demo.example.com' })).status).toBe(421);
    for (const path of ['/demo/', '/demo/index.html', '/demo/../server.ts', '/demo/%2e%2e/server.ts'])
      expect((await ask(url, path)).status).toBe(404);
  });

  it('is not there in production', async () => {
    const { url } = await setUp({ GWANMUN_PROFILE: 'production' });
    for (const path of files) expect((await ask(url, path)).status).toBe(404);
  });
});
