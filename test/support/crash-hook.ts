/**
 * Preloaded into every thread of a gateway that is to die: ends the process by SIGKILL at the n-th pass of the crash point that
 * GWANMUN_CRASH_AT names, for example `dispatch.claimed 3`, and says so first.
 */
import { writeSync } from 'node:fs';
import { type Crashable, crashHook } from '../../src/core/crash-points.ts';

let passes = 0;
(globalThis as Crashable)[crashHook] = (point) => {
  const [planned, pass] = (process.env['GWANMUN_CRASH_AT'] ?? '').split(' ');
  if (point !== planned) return;
  passes += 1;
  if (passes !== Number(pass)) return;
  writeSync(1, `crashed at ${point}\n`);
  process.kill(process.pid, 'SIGKILL');
};
