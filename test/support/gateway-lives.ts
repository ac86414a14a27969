/**
 * The lives of one gateway on one body of data, one after the other: each is loaded while the one before lives, followed by those
 * who outlive it, and ended by its crash point or by its test. Between two lives the clock goes ahead.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Clock } from '../../src/core/clock.ts';
import type { BrokenPromise } from './breaking-store.ts';
import type { CompiledSource } from './compiled-source.ts';
import { type GatewayLife, loadGateway } from './gateway-life.ts';

export interface GatewayLives {
  /** By which gateway, simulators and callers go. */
  readonly clock: Clock;
  /** When each life began, by its own clock. */
  readonly starts: readonly number[];
  /** The crash points that ended one, in order. */
  readonly reached: readonly string[];
  /** Lives that did not come to their crash point. */
  missed(): number;
  /** Lets time pass while no gateway lives. */
  pass(ms: number): Promise<void>;
  /** One life to its end. `act` is left out where the gateway died before it listened. */
  live(
    order: { readonly crashAt?: string | undefined; readonly isLast?: boolean },
    act: (life: GatewayLife, url: string) => Promise<void>,
  ): Promise<void>;
  /** A life that is killed at this pass of a point, for example `dispatch.claimed 3`, or at a time. */
  kill(at: { readonly point: string } | { readonly afterMs: number }, act: Act): Promise<void>;
  dispose(): Promise<void>;
}

/** What is asked of a gateway until it is gone. */
type Act = (url: string, isOver: () => boolean) => Promise<void>;

export interface GatewayLivesOptions {
  readonly source: CompiledSource;
  readonly env: () => Readonly<Record<string, string>>;
  readonly followers: readonly { follow(url: string): Promise<void> }[];
  readonly broken?: BrokenPromise | undefined;
  /** Where the store is a Redis. It keeps leases by a clock of its own, which does not go ahead. */
  readonly redisUrl?: string | undefined;
}

/** How long a life may take to come to its crash point, once it has been asked for all. */
const patienceMs = 8_000;

export function createGatewayLives(options: GatewayLivesOptions): GatewayLives {
  const { source, followers, broken, redisUrl } = options;
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
  const starts: number[] = [];
  const reached: string[] = [];
  let missed = 0;
  let spare: GatewayLife | undefined;

  const live: GatewayLives['live'] = async ({ crashAt, isLast = false }, act) => {
    const life = spare ?? loadGateway(source);
    spare = isLast ? undefined : loadGateway(source);
    starts.push(clock.now());
    const url = await life.begin({ env: options.env(), clockAheadMs: aheadMs, crashAt, broken });
    if (url !== undefined) {
      const followed = Promise.all(followers.map((follower) => follower.follow(url)));
      // What a follower objects to is told below, once the life is over.
      followed.catch(() => undefined);
      await act(life, url);
      await followed;
    }
    await life.over;
    const point = life.crashedAt();
    if (point !== undefined) reached.push(point);
    else if (crashAt !== undefined) missed += 1;
  };

  return {
    clock,
    starts,
    reached,
    missed: () => missed,
    live,
    async pass(ms) {
      aheadMs += ms;
      if (redisUrl !== undefined) await forgetLeases(redisUrl);
    },
    async kill(at, act) {
      await live({ crashAt: 'point' in at ? at.point : undefined }, async (life, url) => {
        const acted = act(url, life.isOver);
        if ('point' in at) await acted;
        await Promise.race([life.over, delay('point' in at ? patienceMs : at.afterMs)]);
        await life.end('SIGKILL');
        await acted;
      });
    },
    dispose: async () => spare?.end('SIGKILL'),
  };
}

/** Any time that is let pass is longer than a lease and its rest. */
async function forgetLeases(url: string): Promise<void> {
  const redis = new Redis(url);
  try {
    const [leases, rests] = await Promise.all([redis.keys('*:lease:*'), redis.keys('*:rest:*')]);
    if (leases.length + rests.length > 0) await redis.del(...leases, ...rests);
  } finally {
    redis.disconnect();
  }
}
