/**
 * The source and the test support as JavaScript in a folder of their own, made once for whoever asks: a gateway that is killed
 * hundreds of times must start without tsx, which takes several times as long as the gateway.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface CompiledSource {
  /** The path of a module, given its own: `test/support/crashing-gateway.ts`. */
  path(module: string): string;
  dispose(): Promise<void>;
}

export async function compileSource(): Promise<CompiledSource> {
  const folder = await mkdtemp(join(tmpdir(), 'gwanmun-compiled-'));
  const settings = {
    extends: join(root, 'tsconfig.json'),
    // What is wrong with a type, another check says.
    compilerOptions: { noEmit: false, noCheck: true, rootDir: root, outDir: folder, types: [] },
    include: [],
    files: [
      'test/support/crashing-gateway.ts',
      'test/support/crash-hook.ts',
      'test/support/measured-gateway.ts',
      'test/support/cluster-gateway.ts',
      'src/main.ts',
      'src/store/embedded-worker.ts',
    ].map((file) => join(root, file)),
  };
  await Promise.all([
    writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings)),
    writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' })),
    symlink(join(root, 'node_modules'), join(folder, 'node_modules')),
    cp(join(root, 'src/http/demo'), join(folder, 'src/http/demo'), { recursive: true }),
  ]);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', join(folder, 'tsconfig.json')]);
  return {
    path: (module) => join(folder, module.replace(/\.ts$/, '.js')),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
