/**
 * Reads named settings out of an environment and gathers every fault, so that an operator mends them in one go. A fault
 * names the variable and the rule, never the value: half of them are secrets. Which settings there are is not known here.
 */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

export interface ConfigFault {
  readonly variable: string;
  readonly message: string;
}

/** How one setting is read. `read` is undefined where it is absent or faulty; a fault is then noted. */
export interface Setting<T> {
  readonly name: string;
  readonly optional: boolean;
  /** Its value may stand in a file of its own, and is never quoted or printed. */
  readonly isSecret: boolean;
  isGiven(environment: Environment): boolean;
  read(environment: Environment): T | undefined;
}

export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

export type Settings<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export interface Environment {
  readonly faults: readonly ConfigFault[];
  fault(variable: string, message: string): void;
  /** Blank counts as absent: that is how compose files write it. */
  text(name: string): string | undefined;
  /** The content of NAME, or of the file that NAME_FILE names. */
  secret(name: string): string | undefined;
  hasSecret(name: string): boolean;
}

const MAX_FILE_BYTES = 1_048_576;

export function createEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const faults: ConfigFault[] = [];
  const environment: Environment = {
    faults,
    fault: (variable, message) => void faults.push({ variable, message }),
    text: (name) => env[name]?.trim() || undefined,
    secret(name) {
      const direct = environment.text(name);
      const file = environment.text(`${name}_FILE`);
      if (direct !== undefined && file !== undefined) {
        environment.fault(name, `is given twice: unset it or ${name}_FILE`);
        return undefined;
      }
      if (file === undefined) return direct;
      const content = readFile(environment, `${name}_FILE`, file)?.trim();
      if (content === '') environment.fault(`${name}_FILE`, `names the empty file ${file}`);
      return content || undefined;
    },
    hasSecret: (name) => environment.text(name) !== undefined || environment.text(`${name}_FILE`) !== undefined,
  };
  return environment;
}

export function setting<T>(name: string, schema: z.ZodType<T>): Setting<T> {
  return {
    name,
    optional: false,
    isSecret: false,
    isGiven: (environment) => environment.text(name) !== undefined,
    read: (environment) => check(environment, name, schema, environment.text(name)),
  };
}

export function secretSetting<T>(name: string, schema: z.ZodType<T>): Setting<T> {
  return {
    name,
    optional: false,
    isSecret: true,
    isGiven: (environment) => environment.hasSecret(name),
    read: (environment) => check(environment, name, schema, environment.secret(name)),
  };
}

/** The setting is the path of a JSON file; faults name the place inside it. */
export function jsonFileSetting<T>(name: string, schema: z.ZodType<T>): Setting<T> {
  return {
    name,
    optional: false,
    isSecret: false,
    isGiven: (environment) => environment.text(name) !== undefined,
    read(environment) {
      const path = environment.text(name);
      const content = path === undefined ? undefined : readFile(environment, name, path);
      if (content === undefined) return undefined;
      let json: unknown;
      try {
        json = JSON.parse(content);
      } catch (error) {
        // The parser's own words quote the file.
        const at = /at position \d+/.exec(String(error))?.[0];
        environment.fault(name, `${path} is not JSON${at === undefined ? '' : ` (${at})`}`);
        return undefined;
      }
      return check(environment, name, schema, json);
    },
  };
}

export function optional<T>(of: Setting<T>): Setting<T | undefined>;
export function optional<T>(of: Setting<T>, fallback: T): Setting<T>;
export function optional<T>(of: Setting<T>, fallback?: T): Setting<T | undefined> {
  return {
    name: of.name,
    optional: true,
    isSecret: of.isSecret,
    isGiven: of.isGiven,
    read: (environment) => (of.isGiven(environment) ? of.read(environment) : fallback),
  };
}

/** Undefined where one is missing or faulty; every fault is then noted, a missing one with the reason `neededFor`. */
export function readAll<Table extends SettingTable>(
  environment: Environment,
  table: Table,
  neededFor: string,
): Settings<Table> | undefined {
  const values: Record<string, unknown> = {};
  const faultsBefore = environment.faults.length;
  for (const [key, each] of Object.entries(table)) {
    if (each.optional || each.isGiven(environment)) values[key] = each.read(environment);
    else environment.fault(each.name, `is missing: ${neededFor}`);
  }
  return environment.faults.length === faultsBefore ? (values as Settings<Table>) : undefined;
}

function check<T>(environment: Environment, name: string, schema: z.ZodType<T>, value: unknown): T | undefined {
  if (value === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const place = z.core.toDotPath(issue.path);
    environment.fault(name, place === '' ? issue.message : `${place}: ${issue.message}`);
  }
  return undefined;
}

function readFile(environment: Environment, variable: string, path: string): string | undefined {
  try {
    if (statSync(path).size > MAX_FILE_BYTES) {
      environment.fault(variable, `names ${path}, which is longer than ${MAX_FILE_BYTES} bytes`);
      return undefined;
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    environment.fault(variable, `names ${path}, which cannot be read (${code})`);
    return undefined;
  }
}
