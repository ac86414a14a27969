/** Prints the schema to schema/schema.graphql, sorted; with --check only says whether that file is what it would print. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

const path = new URL('../../schema/schema.graphql', import.meta.url);
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) writeFileSync(path, printed);
else if (readFileSync(path, 'utf8') !== printed) {
  process.stderr.write('schema/schema.graphql is not what the code says: run npm run schema:print\n');
  process.exitCode = 1;
}
