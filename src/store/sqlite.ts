/**
 * A thin, checked way to libsql: the only file that imports it. libsql 0.5 aborts the process on a boolean, Date or
 * lone object among the parameters, lets missing and extra ones pass, and ignores its option `readonly`
 *: so exactly one array of checked values goes in, and rows come out as arrays.
 */
import Database from 'libsql';

export type SqlValue = string | number | bigint | Uint8Array | null;
export type SqlRow = readonly SqlValue[];

export interface SqlStatement {
  run(...parameters: SqlValue[]): void;
  get(...parameters: SqlValue[]): SqlRow | undefined;
  all(...parameters: SqlValue[]): readonly SqlRow[];
}

export interface SqlDatabase {
  prepare(sql: string): SqlStatement;
  exec(sql: string): void;
  /** The first column of the first row. */
  pragma(source: string): SqlValue | undefined;
  inTransaction(): boolean;
  close(): void;
}

export function openSqlite(path: string): SqlDatabase {
  const database = new Database(path);

  function prepare(sql: string): SqlStatement {
    const statement = database.prepare(sql);
    const expected = sql.split('?').length - 1;
    if (statement.reader) statement.raw();
    const check = (parameters: SqlValue[]) => {
      if (parameters.length !== expected) {
        throw new TypeError(`The statement takes ${expected} parameters, not ${parameters.length}: ${sql}`);
      }
      parameters.forEach(checkValue);
      return parameters;
    };
    return {
      run: (...parameters) => void statement.run(check(parameters)),
      // libsql's own `get` leaves the statement open on its row, and with it a read transaction that holds up every
      // checkpoint (measured on 0.5.29): so the rows are always read to the end.
      get: (...parameters) => statement.all(check(parameters))[0] as SqlRow | undefined,
      all: (...parameters) => statement.all(check(parameters)) as SqlRow[],
    };
  }

  return {
    prepare,
    exec: (sql) => void database.exec(sql),
    pragma: (source) => prepare(`PRAGMA ${source}`).get()?.[0],
    inTransaction: () => database.inTransaction,
    close: () => void database.close(),
  };
}

/** SQLite's name of the failure, for example `SQLITE_FULL`; undefined where the error is not libsql's. */
export function sqliteCode(error: unknown): string | undefined {
  if (error instanceof Database.SqliteError) return error.code;
  // What `all` meets before its first row comes unconverted.
  return error instanceof Error && 'libsqlError' in error && 'code' in error ? String(error.code) : undefined;
}

function checkValue(value: SqlValue): void {
  const isFit =
    value === null ||
    (typeof value === 'string' && !value.includes('\0')) ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    typeof value === 'bigint' ||
    value instanceof Uint8Array;
  if (!isFit) throw new TypeError(`SQLite takes no ${typeof value} like this as a parameter.`);
}
