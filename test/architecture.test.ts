import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breaksOf, importRules, textRules } from './support/architecture.ts';

const folder = new URL('../src/', import.meta.url);
const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name.replaceAll('\\', '/'), readFileSync(new URL(name, folder), 'utf8')]),
);

/** For each rule a file that breaks it. */
const brokenOnPurpose: Readonly<Record<string, readonly [file: string, text: string][]>> = {
  'core knows no socket, no GraphQL and no driver': [
    ['core/a.ts', "import { createServer } from 'node:net';"],
    ['core/a.ts', "import {\n  parse,\n  type GraphQLError,\n} from 'graphql';"],
    ['core/a.ts', "import type { SensOptions } from '../providers/sens/provider.ts';"],
    ['core/messaging/a.ts', "import '../../store/redis.ts';"],
    ['core/a.ts', "const late = await import('ioredis');"],
    ['core/a.ts', "export function open(with: import('../http/server.ts').HttpServer): void {}"],
    ['core/a.ts', "import { loadConfig } from '../config.ts';"],
    ['core/a.ts', "import packageJson from '../../package.json' with { type: 'json' };"],
  ],
  'korean is pure functions': [
    ['korean/a.ts', "import { previewMessage } from '../core/messaging/preview.ts';"],
    ['korean/a.ts', "import { readFileSync } from 'node:fs';"],
  ],
  'the NGS wire is pure functions': [
    ['providers/ngs/codec.ts', "import { Socket } from 'node:net';"],
    ['providers/ngs/window.ts', "import type { Socket } from 'node:net';"],
    ['providers/ngs/pacer.ts', "import { createConnection } from './connection.ts';"],
  ],
  'the NGS result codes are a table and its form': [
    ['providers/ngs/result-codes.ts', "import { createSession } from './session.ts';"],
  ],
  'NGS is no business of another provider': [
    ['providers/ngs/session.ts', "import { createSensProvider } from '../sens/provider.ts';"],
    ['providers/ngs/provider.ts', "import { openEmbeddedStore } from '../../store/embedded.ts';"],
  ],
  'SENS is no business of another provider': [
    ['providers/sens/provider.ts', "import { encodePacket } from '../ngs/codec.ts';"],
    ['providers/sens/answer.ts', "import { GraphQLError } from 'graphql';"],
    ['providers/sens/provider.ts', "import { request } from 'undici';"],
  ],
  'SecureKey is no business of another provider': [
    ['providers/securekey/provider.ts', "import { createSensProvider } from '../sens/provider.ts';"],
    ['providers/securekey/api.ts', "import { request } from 'undici';"],
    ['providers/securekey/webhook-source.ts', "import { openEmbeddedStore } from '../../store/embedded.ts';"],
  ],
  'Sentbe is no business of another provider': [
    ['providers/sentbe/callback-source.ts', "import { parse } from '../securekey/answer.ts';"],
    ['providers/sentbe/signature.ts', "import CryptoJS from 'crypto-js';"],
    ['providers/sentbe/api.ts', "import { startSentbe } from '../../simulators/sentbe/simulator.ts';"],
  ],
  'the signing of Naver Commerce runs in a thread of its own': [
    ['providers/naver-commerce/signature-worker.ts', "import { createSigner } from './signer.ts';"],
  ],
  'the form of Naver Commerce credentials is shared with the configuration': [
    ['providers/naver-commerce/credentials.ts', "import { z } from 'zod';"],
  ],
  'Naver Commerce is no business of another provider': [
    ['providers/naver-commerce/provider.ts', "import { createSensProvider } from '../sens/provider.ts';"],
    // On the main loop.
    ['providers/naver-commerce/signer.ts', "import { hashSync } from 'bcryptjs';"],
    [
      'providers/naver-commerce/answer.ts',
      "import { gatewayRefusal } from '../../simulators/naver-commerce/gateway.ts';",
    ],
  ],
  'the HTTP client knows no provider': [['providers/http-client.ts', "import { sign } from './sens/provider.ts';"]],
  'store knows the port and its drivers': [
    ['store/redis.ts', "import { createSender } from '../app.ts';"],
    ['store/embedded.ts', "new Worker(new URL('../providers/sens/provider.js', import.meta.url));"],
  ],
  'quotas are counted apart from the store': [
    ['quotas/open-tally.ts', "import { openRedisStore } from '../store/redis.ts';"],
    ['quotas/open-tally.ts', "import type { Context } from '../graphql/context.ts';"],
  ],
  'traces leave by OpenTelemetry alone': [['ops/otlp.ts', "import { createMetrics } from './metrics.ts';"]],
  'what an operator sees is read from outside': [
    ['ops/facts.ts', "import { openRedisStore } from '../store/redis.ts';"],
    ['ops/spans.ts', "import { trace } from '@opentelemetry/api';"],
    ['ops/operations.ts', "import { createPipeline } from '../http/pipeline.ts';"],
  ],
  'the schema printer writes one file': [['graphql/print.ts', "import { startApp } from '../app.ts';"]],
  'graphql only hands over to core': [
    ['graphql/operations.ts', "import { createNgsProvider } from '../providers/ngs/provider.ts';"],
    ['graphql/messaging.ts', "import type { RedisStore } from '../store/redis.ts';"],
    ['graphql/context.ts', "import { createHttpServer } from '../http/server.ts';"],
    ['graphql/errors.ts', "import { createYoga } from 'graphql-yoga';"],
  ],
  'http carries operations to graphql': [
    ['http/server.ts', "import { createSensProvider } from '../providers/sens/provider.ts';"],
    ['http/server.ts', "import { openRedisStore } from '../store/redis.ts';"],
  ],
  'the NGS simulator is a reading of its own': [
    ['simulators/ngs/simulator.ts', "import { createSession } from '../../providers/ngs/session.ts';"],
  ],
  'the SENS simulator is a reading of its own': [
    ['simulators/sens/simulator.ts', "import { signatureOf } from '../../providers/sens/signature.ts';"],
    ['simulators/sens/simulator.ts', "import { createNgsSimulator } from '../ngs/simulator.ts';"],
  ],
  'the SecureKey simulator is a reading of its own': [
    [
      'simulators/securekey/webhooks.ts',
      "import { signatureOf } from '../../providers/securekey/webhook-signature.ts';",
    ],
    ['simulators/securekey/service.ts', "import { createMailbox } from '../sens/mailbox.ts';"],
  ],
  'the Naver Commerce simulator is a reading of its own': [
    ['simulators/naver-commerce/signature.ts', "import { hash } from 'bcryptjs';"],
    ['simulators/naver-commerce/simulator.ts', "import { createSensSimulator } from '../sens/simulator.ts';"],
  ],
  'the Sentbe simulator is a reading of its own': [
    ['simulators/sentbe/signature.ts', "import { openSignature } from '../../providers/sentbe/signature.ts';"],
    ['simulators/sentbe/signature.ts', "import CryptoJS from 'crypto-js';"],
  ],
  'what simulators share knows no provider client': [
    ['simulators/control.ts', "import { encodePacket } from '../providers/ngs/codec.ts';"],
  ],
  'configuration runs nothing of what it configures': [
    ['config.ts', "import { createNgsSimulator } from './simulators/ngs/simulator.ts';"],
    ['provider-settings.ts', "import { createSensProvider } from './providers/sens/provider.ts';"],
  ],
  'the log is a writer': [['log.ts', "import { loadConfig } from './config.ts';"]],
  'the process sees the app, not its parts': [['main.ts', "import { openRedisStore } from './store/redis.ts';"]],
  'the keys of a tenants file are made apart from the gateway': [['key.ts', "import { startApp } from './app.ts';"]],
  'the access record is looked through apart from the gateway': [
    ['access-record.ts', "import { openRedisStore } from './store/redis.ts';"],
  ],
  'the composition root sees everything': [['app.ts', "import { createServer } from 'node:net';"]],
  'only config.ts reads process.env': [
    ['http/server.ts', "const port = process.env['PORT'];"],
    ['http/server.ts', "const { PORT } = process['env'];"],
    ['http/server.ts', 'const { env } = process;\nconst port = process . env.PORT;'],
  ],
  'no file is over 320 lines': [['http/server.ts', '\n'.repeat(320).concat('export const last = true;\n')]],
  'no barrels': [
    ['http/index.ts', "export * from './server.ts';"],
    ['http/index.ts', "export {\n  createHttpServer,\n} from './server.ts';"],
    ['http/index.ts', "export type { HttpServer } from './server.ts';"],
  ],
  'no default exports': [
    ['http/server.ts', 'export default function serve(): void {}'],
    ['http/server.ts', 'export { serve as default };'],
  ],
};

describe('the architecture', () => {
  it('holds in every source file', () => {
    expect(sources.size).toBeGreaterThan(50);
    expect(breaksOf(sources)).toEqual([]);
  });

  it('has a rule for every source file, and no rule without one', () => {
    const unused = importRules.filter(({ of }) => ![...sources.keys()].some((file) => of.test(file)));
    expect(unused.map(({ name }) => name)).toEqual([]);
    expect(breaksOf(new Map([['telemetry/a.ts', '']]))).toEqual([
      'telemetry/a.ts: stands where no rule says what it may import',
    ]);
  });

  describe.each([...importRules, ...textRules])('the rule "$name"', ({ name }) => {
    const examples = (brokenOnPurpose[name] ?? []).map(([file, text]) => ({
      file,
      text,
      shown: text.trim().slice(0, 70),
    }));

    it('was broken on purpose', () => {
      expect(examples.length).toBeGreaterThan(0);
    });

    it.each(examples)('reports, in $file, $shown', ({ file, text }) => {
      expect(breaksOf(new Map([[file, text]]))).toEqual([expect.stringContaining(`${file}: ${name}`)]);
    });
  });

  it('lets pass what is allowed', () => {
    const allowed: [string, string][] = [
      ['core/a.ts', "import { createHash } from 'node:crypto';\nimport type { Instant } from './clock.ts';"],
      ['simulators/ngs/wire.ts', "import { decodePacket } from '../../providers/ngs/codec.ts';"],
      ['config.ts', "const port = process.env['PORT'];"],
      [
        'http/server.ts',
        "// Reads no process.env.\n/* import 'ioredis' */\nconst origin = 'http://gateway'; // from 'a'",
      ],
      ['http/server.ts', '\n'.repeat(319).concat('export const last = true;\n')],
      ['graphql/a.ts', 'export const fields = {};\nexport { fields as parts };'],
    ];
    for (const entry of allowed) expect(breaksOf(new Map([entry]))).toEqual([]);
  });
});
