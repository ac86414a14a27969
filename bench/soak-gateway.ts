/** The gateway of a soak, in a process of its own: started by soak.ts, which asks it how it is. With SOAK_LEAK it leaks on purpose. */
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { silentLog } from '../src/core/log.ts';

export interface Sample {
  readonly heapMb: number;
  readonly rssMb: number;
  /** Of the loop, since the last sample. */
  readonly delayP99Ms: number;
  readonly files: number;
  readonly streams: number;
}

if (process.send !== undefined) {
  const app = await startApp(loadConfig(process.env), silentLog);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  const kept: number[][] = [];
  if (process.env['SOAK_LEAK'] !== undefined) {
    // 20 KB of numbers; a long text would share its parts.
    setInterval(() => kept.push(Array.from({ length: 2_500 }, (_, at) => at + 0.5)), 200);
  }

  const sample = (): Sample => {
    // Before the collection, which stops the loop by itself.
    const delayP99Ms = delay.percentile(99) / 1e6;
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    const files = readdirSync('/proc/self/fd').length;
    delay.reset();
    return { heapMb: heapUsed / 1_048_576, rssMb: rss / 1_048_576, delayP99Ms, files, streams: app.liveStreams() };
  };

  process.on('message', () => process.send?.(sample()));
  process.on('disconnect', () => void app.stop().then(() => process.exit(0)));
  process.send({ url: app.url });
}
