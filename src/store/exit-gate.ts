/**
 * Keeps the process from ending while the writing thread is inside SQLite: node would end the thread there, libsql would panic,
 * and whoever watches the process would see SIGABRT in place of its exit code. A word of shared memory, so that the thread
 * that ends the process can wait for it without another turn of its loop.
 */

export type ExitGate = Int32Array<SharedArrayBuffer>;

const idle = 0;
const inside = 1;
const shut = 2;

/** Begins inside: the thread opens the database before anything is asked of it. */
export function createExitGate(): ExitGate {
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  gate[0] = inside;
  return gate;
}

/** Runs `work` inside; not at all once the gate is shut. */
export function passExitGate(gate: ExitGate, work: () => void): void {
  if (Atomics.compareExchange(gate, 0, idle, inside) !== idle) return;
  try {
    work();
  } finally {
    leaveExitGate(gate);
  }
}

export function leaveExitGate(gate: ExitGate): void {
  Atomics.store(gate, 0, idle);
  Atomics.notify(gate, 0);
}

/** Waits until the thread is outside, and lets it in no more. False where it did not come out in time. */
export function shutExitGate(gate: ExitGate, withinMs: number): boolean {
  const until = performance.now() + withinMs;
  while (Atomics.compareExchange(gate, 0, idle, shut) === inside) {
    const leftMs = until - performance.now();
    if (leftMs <= 0 || Atomics.wait(gate, 0, inside, leftMs) === 'timed-out') return false;
  }
  return true;
}
