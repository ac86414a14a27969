/** The devices of the SecureKey simulator's users, and the pushes that wait on them for an answer. */
import type { Clock, Instant } from '../../core/clock.ts';
import { newRequestId } from './envelope.ts';
import type { SecureKeySettings } from './settings.ts';

export type PushResponse = 'approve' | 'deny';
export type PushStatus = 'pending' | 'approved' | 'denied' | 'expired';

export interface PushDevice {
  readonly deviceId: string;
  readonly userId: string;
  readonly fcmToken: string;
  readonly platform: 'ios' | 'android' | 'web';
  readonly deviceName: string | undefined;
}

export interface Push {
  readonly requestId: string;
  readonly userId: string;
  readonly title: string;
  readonly body: string | undefined;
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
  readonly status: PushStatus;
}

export interface Pushes {
  /** A token that is known moves to the user who names it last. */
  register(device: Omit<PushDevice, 'deviceId'>): PushDevice;
  /** Undefined for a user without a device. */
  send(push: Pick<Push, 'userId' | 'title' | 'body'>): Push | undefined;
  find(requestId: string): Push | undefined;
  /** What it was before: only one that was pending is answered by this. */
  respond(requestId: string, response: PushResponse): { readonly before: PushStatus; readonly push: Push } | undefined;
  /** Newest first. */
  list(): readonly Push[];
}

export function createPushes(clock: Clock, settings: () => SecureKeySettings, maxPushes = 10_000): Pushes {
  const devices = new Map<string, PushDevice>();
  const pushes = new Map<string, Push>();

  function find(requestId: string): Push | undefined {
    const push = pushes.get(requestId);
    if (push === undefined) return undefined;
    return push.status === 'pending' && clock.now() >= push.expiresAt ? { ...push, status: 'expired' } : push;
  }

  return {
    register(device) {
      const known = devices.get(device.fcmToken);
      const registered = { ...device, deviceId: known?.deviceId ?? newRequestId(clock.now()) };
      devices.set(device.fcmToken, registered);
      return registered;
    },
    send({ userId, title, body }) {
      if (![...devices.values()].some((device) => device.userId === userId)) return undefined;
      const sentAt = clock.now();
      const expiresAt = sentAt + settings().pushTtlMs;
      const push: Push = { requestId: newRequestId(sentAt), userId, title, body, sentAt, expiresAt, status: 'pending' };
      pushes.set(push.requestId, push);
      const [oldest] = pushes.keys();
      if (pushes.size > maxPushes && oldest !== undefined) pushes.delete(oldest);
      return push;
    },
    find,
    respond(requestId, response) {
      const push = find(requestId);
      if (push?.status !== 'pending') return push && { before: push.status, push };
      const answered: Push = { ...push, status: response === 'approve' ? 'approved' : 'denied' };
      pushes.set(requestId, answered);
      return { before: 'pending', push: answered };
    },
    list: () => [...pushes.keys()].reverse().flatMap((requestId) => find(requestId) ?? []),
  };
}
