/** A gateway in production, where only an operator may ask for the schema, with a key of each kind of caller. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashApiKey } from '../../src/core/api-key.ts';
import { SCOPES, type Scope } from '../../src/core/tenant.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { temporaryFolder } from './temporary-store.ts';

export const callerKeys = {
  /** Every scope but operator. */
  caller: 'front-door-caller-0123456789',
  operator: 'front-door-operator-0123456789',
  reader: 'front-door-reader-0123456789',
  marketeer: 'front-door-marketeer-0123456789',
};

const everyday = SCOPES.filter((scope) => scope !== 'operator');
const scopes: Record<keyof typeof callerKeys, readonly Scope[]> = {
  caller: everyday,
  operator: SCOPES,
  reader: ['messages:read'],
  marketeer: ['commerce:read', 'commerce:write'],
};

export async function startProductionGateway(env: Record<string, string> = {}): Promise<Gateway> {
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  const keys = Object.entries(callerKeys).map(([id, key]) => ({
    id,
    secretSha256: hashApiKey(key),
    scopes: scopes[id as keyof typeof callerKeys],
  }));
  await writeFile(file, JSON.stringify({ tenants: [{ id: 'shop', callerNumbers: ['15880000'], keys }] }));
  return startGateway({
    GWANMUN_PROFILE: 'production',
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
    ...env,
  });
}
