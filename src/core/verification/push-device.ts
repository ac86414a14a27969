/** registerPushDevice: where the provider can reach a person. Of the token only a keyed hash stays here. */
import type { Clock, Instant } from '../clock.ts';
import { InvalidInput, storeUnavailable } from '../errors.ts';
import { type Store, StoreUnavailable, storeKey } from '../store.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import type { PushPlatform, VerificationProvider } from './provider.ts';
import { providerOrRefusal, textProblem } from './push-request.ts';
import { userIdProblems } from './user-id.ts';

export interface PushDevice {
  readonly id: string;
  readonly tenant: string;
  readonly userId: string;
  readonly platform: PushPlatform;
  readonly deviceName?: string;
  readonly registeredAt: Instant;
}

export interface RegisterPushDeviceInput {
  /** 1 to 128 printable characters. */
  readonly userId: string;
  /** 1 to 4,096 characters. */
  readonly fcmToken: string;
  readonly platform: PushPlatform;
  /** 1 to 100 characters. */
  readonly deviceName?: string | undefined;
}

export interface PushDevices {
  /** The same token of the same person is the same device. @throws GatewayError */
  register(tenant: Tenant, input: RegisterPushDeviceInput): Promise<PushDevice>;
  load(tenant: string, ids: readonly string[]): Promise<readonly (PushDevice | undefined)[]>;
}

export function createPushDevices(options: {
  readonly store: Store;
  readonly provider: VerificationProvider | undefined;
  readonly clock: Clock;
}): PushDevices {
  const { store, clock } = options;
  const keyOf = (tenant: string, id: string): string => storeKey('push-device', tenant, id);

  async function register(tenant: Tenant, input: RegisterPushDeviceInput): Promise<PushDevice> {
    const { userId, fcmToken, platform, deviceName } = input;
    const problems = [
      userIdProblems(userId),
      textProblem('fcmToken', fcmToken, 1, 4_096),
      deviceName === undefined ? [] : textProblem('deviceName', deviceName, 1, 100),
    ].flat();
    if (problems.length > 0) throw new InvalidInput(problems);
    const external = { ...input, userId: externalUserId(tenant, userId) };
    await providerOrRefusal(options.provider).registerPushDevice(external);
    const id = store.keyedHash(`push device ${JSON.stringify([tenant.id, userId, fcmToken])}`);
    const key = keyOf(tenant.id, id);
    for (;;) {
      const stored = await store.get<PushDevice>(key);
      const device: PushDevice = {
        id,
        tenant: tenant.id,
        userId,
        platform,
        ...(deviceName !== undefined && { deviceName }),
        registeredAt: stored?.value.registeredAt ?? clock.now(),
      };
      const expect = [{ key, version: stored?.version ?? 0 }];
      if ((await store.write({ expect, put: [{ key, value: device }] })).committed) return device;
    }
  }

  return {
    register: (tenant, input) =>
      register(tenant, input).catch((error) => {
        throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
      }),
    async load(tenant, ids) {
      const records = await store.getMany<PushDevice>(ids.map((id) => keyOf(tenant, id)));
      return records.map((record) => record?.value);
    },
  };
}
