/**
 * Preloaded into every thread of a gateway that is to die: ends the process by SIGKILL at the n-th pass of the crash point that
 * GWANMUN_CRASH_AT names, for example `dispatch.claimed 3`, and says so first. At the one that GWANMUN_DISK_FAILS_AT names,
 * SQLite fails as it does where a sync failed.
 */
import { writeSync } from 'node:fs';
import { type Crashable, crashHook } from '../../src/core/crash-points.ts';

const passes = { GWANMUN_CRASH_AT: 0, GWANMUN_DISK_FAILS_AT: 0 };

/** Whether this is the planned pass. */
function isPlanned(variable: keyof typeof passes, point: string): boolean {
  const [planned, pass] = (process.env[variable] ?? '').split(' ');
  if (point !== planned) return false;
  passes[variable] += 1;
  return passes[variable] === Number(pass);
}

(globalThis as Crashable)[crashHook] = (point) => {
  if (isPlanned('GWANMUN_DISK_FAILS_AT', point)) {
    writeSync(1, `disk failed at ${point}\n`);
    // As libsql says it.
    throw Object.assign(new Error('disk I/O error'), { libsqlError: true, code: 'SQLITE_IOERR_FSYNC' });
  }
  if (!isPlanned('GWANMUN_CRASH_AT', point)) return;
  writeSync(1, `crashed at ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
};
