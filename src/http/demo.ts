/**
 * The demo of verification at /demo: a page, two modules, a style and @simplewebauthn/browser, all from this process.
 * For the sandbox only, since the page may hold the API key. Its files stand in demo/, beside this one also once built.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface Demo {
  /** Answers what is asked of it; false where the path is none of its own. */
  serve(path: string, request: IncomingMessage, response: ServerResponse): boolean;
}

/** Nothing inline, nothing from elsewhere; `data:` is the QR code and the icon. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const types = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const;

/** `apiKey`: undefined where the page is to ask for one. `simulatorsUrl`: of their control API, where there is one. */
export function createDemo(of: { apiKey: string | undefined; simulatorsUrl: string | undefined }): Demo {
  const read = (name: string): string => readFileSync(new URL(`./demo/${name}`, import.meta.url), 'utf8');
  const page = read('index.html')
    .replace('{{apiKey}}', () => escaped(of.apiKey ?? ''))
    .replace('{{simulatorsUrl}}', () => escaped(of.simulatorsUrl ?? ''));
  const files = new Map<string, { readonly type: string; readonly body: string }>([
    ['/demo', { type: types.html, body: page }],
    ['/demo/demo.css', { type: types.css, body: read('demo.css') }],
    ['/demo/demo.js', { type: types.js, body: read('demo.js') }],
    ['/demo/api.js', { type: types.js, body: read('api.js') }],
    ['/demo/simplewebauthn.js', { type: types.js, body: readSimpleWebAuthn() }],
  ]);

  return {
    serve(path, request, response) {
      const file = files.get(path);
      if (file === undefined) return false;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return true;
      }
      const { host = '' } = request.headers;
      // An IP address cannot be an RP ID (Web Authentication, section 5.1.3): there, no passkey could be made.
      if (path === '/demo' && !/^localhost(:|$)/i.test(host)) {
        response.writeHead(302, { location: `http://localhost${/:\d+$/.exec(host)?.[0] ?? ''}/demo` }).end();
        return true;
      }
      response.writeHead(200, {
        'content-type': file.type,
        'cache-control': 'no-store',
        'content-security-policy': policy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      response.end(file.body);
      return true;
    },
  };
}

const simpleWebAuthnScript = '../dist/bundle/index.umd.min.js';

/** One script without imports. The package's `exports` do not name it, so it is found from what they do name. */
function readSimpleWebAuthn(): string {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@simplewebauthn/browser');
  return readFileSync(new URL(simpleWebAuthnScript, pathToFileURL(main)), 'utf8');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
