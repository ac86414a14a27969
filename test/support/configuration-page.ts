/**
 * docs/configuration.md, written from the tables that the gateway reads its environment by: names, defaults and rules are theirs.
 * Only what a setting is for comes from the README, where a test holds every setting to a row.
 */
import { GATEWAY_SETTINGS } from '../../src/config.ts';
import { createEnvironment, type Setting, type SettingTable } from '../../src/environment.ts';
import { FRONT_DOOR_SETTINGS } from '../../src/front-door-settings.ts';
import { OPERATOR_SETTINGS } from '../../src/operator-settings.ts';
import { PRIVACY_SETTINGS } from '../../src/privacy-settings.ts';
import { PROVIDER_SETTINGS } from '../../src/provider-settings.ts';

const chapters: readonly (readonly [title: string, words: string, table: SettingTable])[] = [
  ['The gateway', '', GATEWAY_SETTINGS],
  ['The front door', '', FRONT_DOOR_SETTINGS],
  ['Privacy', '', PRIVACY_SETTINGS],
  ['The operator', '', OPERATOR_SETTINGS],
  ...Object.entries(PROVIDER_SETTINGS).map(
    ([provider, table]) =>
      [
        provider,
        'All that are required, or none: without any it is simulated in the sandbox and off in production.',
        table,
      ] as const,
  ),
];

/** Nothing takes it: every rule then says itself. */
const impossible = '\u0001';

const introduction = `# Configuration

Every setting of the gateway, from the environment. Written from the source by \`npx vitest run test/configuration-docs.test.ts -u\`;
a test holds the two together.

Every fault is reported at once when it starts, by the name of the variable and never with its value. Blank counts as absent. A
secret \`NAME\` may be given as \`NAME_FILE\` instead, the path of a file that holds it. Which settings need each other is said where they do:
production needs \`GWANMUN_DATA_KEY\`, and tenants by \`GWANMUN_TENANTS_FILE\` or by \`GWANMUN_API_KEY\` with \`SENDER_NUMBERS\`. What a
tenants file holds: [tenants.md](tenants.md).
`;

export function configurationPage(readme: string): string {
  const meanings = meaningsOf(readme);
  const parts = chapters.map(([title, words, table]) => {
    const rows = Object.values(table).map((setting) => rowOf(setting, meanings));
    const head = '| name | | default | rule | what for |\n| --- | --- | --- | --- | --- |';
    return `## ${title}\n\n${words === '' ? '' : `${words}\n\n`}${head}\n${rows.join('\n')}\n`;
  });
  return [introduction, ...parts].join('\n');
}

function rowOf(setting: Setting<unknown>, meanings: ReadonlyMap<string, string>): string {
  const kind = [setting.optional ? '' : 'required', setting.isSecret ? 'secret' : ''].filter(Boolean).join(', ');
  const cells = [`\`${setting.name}\``, kind, defaultOf(setting), ruleOf(setting), meanings.get(setting.name) ?? ''];
  return `| ${cells.join(' | ')} |`;
}

function defaultOf(setting: Setting<unknown>): string {
  if (!setting.optional) return '';
  const value = setting.read(createEnvironment({}));
  const isNothing = value === undefined || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isNothing ? '' : `\`${String(value)}\``;
}

/** As the operator would hear it. */
function ruleOf(setting: Setting<unknown>): string {
  const environment = createEnvironment({ [setting.name]: impossible });
  setting.read(environment);
  const said = environment.faults.map(({ message }) => message).filter((message) => !message.includes(impossible));
  return said.length === 0 ? '' : said.join('; ').replaceAll('|', '\\|');
}

/** By variable, from rows such as `| \`HOST\`, \`PORT\` | where to listen |`. */
function meaningsOf(readme: string): ReadonlyMap<string, string> {
  const table = readme.split('## Configuration')[1]?.split('\n## ')[0] ?? '';
  const rows = [...table.matchAll(/^\| (`.*?) \| (.*) \|$/gm)];
  return new Map(
    rows.flatMap(([, names = '', meaning = '']) =>
      [...names.matchAll(/`([A-Z][A-Z0-9_]*)`/g)].map(([, name = '']) => [name, inDocs(meaning)] as const),
    ),
  );
}

const inDocs = (meaning: string): string => meaning.replace(/\]\(docs\//g, '](');
