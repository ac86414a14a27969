/** Prints the JSON Schema of the tenants file to schema/tenants.schema.json; with --check only says whether it is that. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { tenantsFile } from './tenants-file.ts';

const path = new URL('../schema/tenants.schema.json', import.meta.url);
// What an operator writes, and not what it is read into. What spans several places is checked by the gateway alone.
const schema = z.toJSONSchema(tenantsFile, { io: 'input', unrepresentable: 'any' });
const printed = `${JSON.stringify({ title: 'The tenants file of Gwanmun', ...schema }, null, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(path, printed);
else if (readFileSync(path, 'utf8') !== printed) {
  process.stderr.write('schema/tenants.schema.json is not what the code says: run npm run schema:print\n');
  process.exitCode = 1;
}
