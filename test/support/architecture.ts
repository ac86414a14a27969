/**
 * The rules that hold the source together, as tables, and the reader that holds files against them. It reads texts and
 * no disk, so that a test can feed it a broken file.
 */

/** Paths below src/, each with its text. */
export type Sources = ReadonlyMap<string, string>;

interface ImportRule {
  readonly name: string;
  /** The files it speaks of. The first rule that matches a file is its rule. */
  readonly of: RegExp;
  /** What of src/ they may import, for its values or its types. */
  readonly may: readonly RegExp[];
  readonly builtins?: readonly string[];
  readonly packages?: readonly string[];
}

const core = /^core\//;
const korean = /^korean\//;
const ngsWire = /^providers\/ngs\/(packets|codec|frame-decoder|cipher)\.ts$/;
/** The one form that the configuration and a provider share: what a file of result codes must hold. */
const resultCodes = /^providers\/ngs\/result-codes\.ts$/;
/** The form of an application's id and secret, which the configuration refuses as the provider does. */
const commerceCredentials = /^providers\/naver-commerce\/credentials\.ts$/;
const configuration =
  /^(config|provider-accounts|front-door-settings|privacy-settings|trusted-documents-file|operator-settings|environment|provider-settings|tenants-file|sandbox)\.ts$/;
const simulatorParts = /^simulators\/[a-z-]+\.ts$/;
const everything = /./;

/** Who may import what. What no row names is refused, so a new folder or package begins with a row here. */
export const importRules: readonly ImportRule[] = [
  {
    name: 'core knows no socket, no GraphQL and no driver',
    of: core,
    may: [core, korean],
    // Not for its hooks: for the id of the request that code runs for.
    builtins: ['node:async_hooks', 'node:crypto'],
    // Pure functions: of the header of an image, and of a number abroad.
    packages: ['image-size', 'libphonenumber-js'],
  },
  {
    name: 'korean is pure functions',
    of: korean,
    may: [korean],
    packages: ['iconv-lite'],
  },
  {
    name: 'the NGS wire is pure functions',
    of: /^providers\/ngs\/(codec|frame-decoder|packets|cipher|window|pacer)\.ts$/,
    may: [core, korean, /^providers\/ngs\/(codec|frame-decoder|packets|cipher|window|pacer)\.ts$/],
    builtins: ['node:crypto'],
  },
  {
    name: 'the NGS result codes are a table and its form',
    of: resultCodes,
    may: [],
    packages: ['zod'],
  },
  {
    name: 'NGS is no business of another provider',
    of: /^providers\/ngs\//,
    may: [core, korean, /^providers\/ngs\//],
    builtins: ['node:crypto', 'node:net'],
  },
  {
    name: 'SENS is no business of another provider',
    of: /^providers\/sens\//,
    may: [core, korean, /^providers\/sens\//, /^providers\/http-client\.ts$/],
    builtins: ['node:crypto'],
    packages: ['libphonenumber-js', 'lru-cache', 'zod'],
  },
  {
    name: 'SecureKey is no business of another provider',
    of: /^providers\/securekey\//,
    may: [core, /^providers\/securekey\//, /^providers\/http-client\.ts$/],
    builtins: ['node:crypto'],
  },
  {
    name: 'Sentbe is no business of another provider',
    of: /^providers\/sentbe\//,
    may: [core, korean, /^providers\/sentbe\//, /^providers\/http-client\.ts$/],
    builtins: ['node:crypto'],
    packages: ['libphonenumber-js'],
  },
  {
    name: 'the signing of Naver Commerce runs in a thread of its own',
    of: /^providers\/naver-commerce\/signature-worker\.ts$/,
    may: [],
    builtins: ['node:worker_threads'],
    packages: ['bcryptjs'],
  },
  {
    name: 'the form of Naver Commerce credentials is shared with the configuration',
    of: commerceCredentials,
    may: [],
  },
  {
    name: 'Naver Commerce is no business of another provider',
    of: /^providers\/naver-commerce\//,
    may: [core, /^providers\/naver-commerce\//, /^providers\/http-client\.ts$/],
    builtins: ['node:module', 'node:url', 'node:worker_threads'],
    packages: ['zod'],
  },
  {
    name: 'the HTTP client knows no provider',
    of: /^providers\/http-client\.ts$/,
    may: [core],
    packages: ['undici'],
  },
  {
    name: 'store knows the port and its drivers',
    of: /^store\//,
    may: [core, /^store\//],
    builtins: [
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:module',
      'node:path',
      'node:timers/promises',
      'node:url',
      'node:worker_threads',
    ],
    packages: ['libsql', 'ioredis'],
  },
  {
    name: 'quotas are counted apart from the store',
    of: /^quotas\//,
    may: [core, /^quotas\//, /^store\/redis-refusals\.ts$/],
    packages: ['ioredis', 'rate-limiter-flexible'],
  },
  {
    name: 'traces leave by OpenTelemetry alone',
    of: /^ops\/otlp\.ts$/,
    may: [core, /^ops\/spans\.ts$/],
    packages: [
      '@opentelemetry/api',
      '@opentelemetry/exporter-trace-otlp-http',
      '@opentelemetry/resources',
      '@opentelemetry/sdk-trace-base',
    ],
  },
  {
    name: 'what an operator sees is read from outside',
    of: /^ops\//,
    may: [core, /^ops\//, /^graphql\/context\.ts$/, resultCodes, /^providers\/sentbe\/error-codes\.ts$/],
    // Of yoga only the form of a plugin.
    packages: ['graphql', 'graphql-yoga', 'prom-client'],
  },
  {
    name: 'the schema printer writes one file',
    of: /^graphql\/print\.ts$/,
    may: [/^graphql\/schema\.ts$/],
    builtins: ['node:fs'],
    packages: ['graphql'],
  },
  {
    name: 'graphql only hands over to core',
    of: /^graphql\//,
    may: [core, korean, /^graphql\//],
    packages: [
      'graphql',
      '@pothos/core',
      '@pothos/plugin-errors',
      '@pothos/plugin-relay',
      '@pothos/plugin-scope-auth',
      'dataloader',
    ],
  },
  {
    name: 'http carries operations to graphql',
    of: /^http\//,
    may: [core, /^graphql\//, /^http\//],
    builtins: ['node:crypto', 'node:fs', 'node:http', 'node:module', 'node:net', 'node:stream', 'node:url'],
    packages: [
      'graphql',
      'graphql-yoga',
      'graphql-ws',
      'lru-cache',
      'ws',
      '@graphql-yoga/render-graphiql',
      '@simplewebauthn/browser',
    ],
  },
  {
    name: 'the NGS simulator is a reading of its own',
    of: /^simulators\/ngs\//,
    may: [core, korean, ngsWire, simulatorParts, /^simulators\/ngs\//],
    builtins: ['node:crypto', 'node:net'],
    packages: ['iconv-lite', 'zod'],
  },
  {
    name: 'the SENS simulator is a reading of its own',
    of: /^simulators\/sens\//,
    may: [core, korean, simulatorParts, /^simulators\/sens\//],
    builtins: ['node:crypto', 'node:http'],
    packages: ['iconv-lite', 'zod'],
  },
  {
    name: 'the SecureKey simulator is a reading of its own',
    of: /^simulators\/securekey\//,
    may: [core, korean, simulatorParts, /^simulators\/securekey\//],
    builtins: ['node:crypto', 'node:http'],
    packages: ['@simplewebauthn/server', 'otpauth', 'qrcode', 'zod'],
  },
  {
    name: 'the Naver Commerce simulator is a reading of its own',
    of: /^simulators\/naver-commerce\//,
    may: [core, korean, simulatorParts, /^simulators\/naver-commerce\//],
    builtins: ['node:crypto', 'node:http'],
    // Another bcrypt than the one that signs: the two check each other.
    packages: ['hash-wasm', 'zod'],
  },
  {
    name: 'the Sentbe simulator is a reading of its own',
    of: /^simulators\/sentbe\//,
    may: [core, korean, simulatorParts, /^simulators\/sentbe\//],
    builtins: ['node:crypto', 'node:http'],
    packages: ['zod'],
  },
  {
    name: 'what simulators share knows no provider client',
    of: simulatorParts,
    may: [core, korean, /^simulators\//],
    builtins: ['node:http', 'node:net'],
    packages: ['zod'],
  },
  {
    name: 'configuration runs nothing of what it configures',
    of: configuration,
    may: [core, korean, configuration, resultCodes, commerceCredentials],
    builtins: ['node:crypto', 'node:fs', 'node:path'],
    packages: ['zod'],
  },
  { name: 'the log is a writer', of: /^log\.ts$/, may: [core], packages: ['pino'] },
  {
    name: 'the process sees the app, not its parts',
    of: /^(main|welcome|shutdown|reload)\.ts$/,
    may: [core, /^(app|config|log|shutdown|welcome|reload)\.ts$/, /^store\/store-refused\.ts$/],
  },
  {
    name: 'the keys of a tenants file are made apart from the gateway',
    of: /^(key|key-command|tenants-schema)\.ts$/,
    may: [core, configuration, /^key-command\.ts$/],
    builtins: ['node:fs', 'node:util'],
    packages: ['zod'],
  },
  {
    name: 'the access record is looked through apart from the gateway',
    of: /^access-record\.ts$/,
    may: [core, /^(app|config)\.ts$/, /^store\/store-refused\.ts$/],
  },
  {
    name: 'the composition root sees everything',
    of: /^(app|providers)\.ts$/,
    may: [everything],
    builtins: ['node:crypto', 'node:os'],
  },
];

interface TextRule {
  readonly name: string;
  readonly except?: RegExp;
  /** The code without its comments. */
  readonly broken: (code: string, text: string) => boolean;
}

const maxLines = 320;

export const textRules: readonly TextRule[] = [
  {
    name: 'only config.ts reads process.env',
    except: /^config\.ts$/,
    broken: (code) => /\bprocess\s*(\??\.\s*env\b|\[|[;,)])|from '(node:)?process'/.test(code),
  },
  { name: 'no file is over 320 lines', broken: (_code, text) => text.trimEnd().split('\n').length > maxLines },
  { name: 'no barrels', broken: (code) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^;]*\bfrom\b/m.test(code) },
  { name: 'no default exports', broken: (code) => /^export\s+(default\b|\{[^}]*\bdefault\b)/m.test(code) },
];

/** Every break, as `file: rule: what`. */
export function breaksOf(sources: Sources): string[] {
  const breaks: string[] = [];
  for (const [file, text] of sources) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
    const rule = importRules.find(({ of }) => of.test(file));
    if (rule === undefined) breaks.push(`${file}: stands where no rule says what it may import`);
    else for (const what of refusedBy(rule, file, code)) breaks.push(`${file}: ${rule.name}: ${what}`);
    for (const { name, except, broken } of textRules)
      if (!except?.test(file) && broken(code, text)) breaks.push(`${file}: ${name}`);
  }
  return breaks;
}

function refusedBy(rule: ImportRule, file: string, code: string): string[] {
  return importsOf(code).filter((from) => {
    if (from.startsWith('.')) {
      const target = new URL(from, `file:///${file}`).pathname.slice(1);
      // A way out of src/ is in no row.
      return from.startsWith('../'.repeat(file.split('/').length)) || !rule.may.some((pattern) => pattern.test(target));
    }
    if (from.startsWith('node:')) return !rule.builtins?.includes(from);
    return !rule.packages?.some((name) => from === name || from.startsWith(`${name}/`));
  });
}

/** Static, of values and of types, for effect, dynamic, a type's `import('…')`, re-exports, and the entry of a worker. */
function importsOf(code: string): string[] {
  const quoted = `(?:'([^']+)'|"([^"]+)"|\`([^\`]+)\`)`;
  const forms: readonly RegExp[] = [
    new RegExp(`^(?:import|export)\\s[^'"\`;=]*?\\bfrom\\s*${quoted}`, 'gm'),
    new RegExp(`^import\\s*${quoted}`, 'gm'),
    new RegExp(`\\bimport\\(\\s*${quoted}`, 'g'),
    new RegExp(`\\brequire(?:\\.resolve)?\\(\\s*${quoted}`, 'g'),
    /\bnew URL\(\s*'(\.[^']+)\.[jt]s'/g,
  ];
  return forms.flatMap((form) =>
    [...code.matchAll(form)].map((match) => {
      const from = match[1] ?? match[2] ?? match[3] ?? '';
      // The built worker ends in .js; its source is what the rules know.
      return match[0].includes('new URL') ? `${from}.ts` : from;
    }),
  );
}
