/**
 * A file system of a megabyte that is really full when it is: a tmpfs, so only for who may mount one. Holds the data folder of a
 * gateway that must live through it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface SmallDisk {
  /** A folder on it that does not exist yet. */
  readonly folder: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives it 16 MB in all. */
  grow(): void;
}

/** In `.ci/run` a skipped test is a failed one: there it must be root, or may not. */
export const mayMount = ((): boolean => {
  const at = mkdtempSync(join(tmpdir(), 'gwanmun-may-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at]).status === 0;
  if (mounted) execFileSync('umount', [at]);
  rmSync(at, { recursive: true });
  return mounted;
})();

export function mountSmallDisk(): SmallDisk {
  const at = mkdtempSync(join(tmpdir(), 'gwanmun-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at]);
  onTestFinished(() => {
    execFileSync('umount', ['-l', at]);
    rmSync(at, { recursive: true });
  });
  return {
    folder: join(at, 'data'),
    fill() {
      const file = openSync(join(at, 'ballast'), 'a');
      const bytes = Buffer.alloc(4_096);
      try {
        while (statfsSync(at).bavail > 0) writeSync(file, bytes);
      } finally {
        closeSync(file);
      }
    },
    grow: () => void execFileSync('mount', ['-o', 'remount,size=16m', at]),
  };
}
