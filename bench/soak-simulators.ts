/** The simulators of a soak, in a process of their own, with the settings by which a gateway finds them: started by soak.ts. */
import { startSimulatorControl } from '../src/simulators/control.ts';
import { createNaverCommerceSimulator } from '../src/simulators/naver-commerce/simulator.ts';
import { createNgsSimulator } from '../src/simulators/ngs/simulator.ts';
import { createSecureKeySimulator } from '../src/simulators/securekey/simulator.ts';
import { createSensSimulator } from '../src/simulators/sens/simulator.ts';
import { createSentbeSimulator } from '../src/simulators/sentbe/simulator.ts';

export interface SoakSimulators {
  readonly env: Readonly<Record<string, string>>;
  /** Of their control API. */
  readonly controlUrl: string;
}

export const callerNumber = '15880000';
export const webhookSecret = 'soak-webhook-secret-0123456789';

if (process.send !== undefined) {
  const registeredNumbers = [callerNumber];
  const ngsAccount = { id: 'soak', password: 'soak' };
  const sensKeys = { serviceId: 'ncp:sms:kr:1:soak', accessKey: 'AK', secretKey: 'SK' };
  const commerceKeys = { clientId: 'soak-application', clientSecret: '$2a$04$abcdefghijklmnopqrstuu' };
  const sentbeKeys = { partnerId: 'partner_1', accessId: 'access_0123456789', secretKey: 'sentbe-secret-0123456789' };
  const secureKeyKeys = { apiKey: '2fa_soak_key', webhookSecret };
  const ngs = createNgsSimulator({ ...ngsAccount, registeredNumbers, reportDelayMs: 200, tps: { sms: 9_999 } });
  const sens = createSensSimulator({ ...sensKeys, registeredNumbers, deliverAfterMs: 200 });
  const commerce = createNaverCommerceSimulator({ ...commerceKeys, ratePerSecond: 10_000 });
  const sentbe = createSentbeSimulator({ ...sentbeKeys, advanceMs: 1_000, approvalMs: 20 });
  const securekey = createSecureKeySimulator({
    ...secureKeyKeys,
    callsPerMinute: 1_000_000,
    sendsPerMinute: 1_000_000,
  });
  const [address, { url: sensUrl }, { url: commerceUrl }, { url: sentbeUrl }, { url: secureKeyUrl }] =
    await Promise.all([ngs.start(), sens.start(), commerce.start(), sentbe.start(), securekey.start()]);
  const control = await startSimulatorControl({ port: 0, simulators: [ngs, sens, commerce, sentbe, securekey] });
  process.on('disconnect', () => process.exit(0));
  process.send({
    controlUrl: control.url,
    env: {
      SENDER_NUMBERS: callerNumber,
      NGS_HOST: address.host,
      NGS_PORT: String(address.port),
      NGS_ID: ngsAccount.id,
      NGS_PASSWORD: ngsAccount.password,
      NGS_SENDER_CODE: '101280092',
      SENS_SERVICE_ID: sensKeys.serviceId,
      SENS_ACCESS_KEY: sensKeys.accessKey,
      SENS_SECRET_KEY: sensKeys.secretKey,
      SENS_BASE_URL: sensUrl,
      SECUREKEY_API_KEY: secureKeyKeys.apiKey,
      SECUREKEY_BASE_URL: secureKeyUrl,
      SECUREKEY_WEBHOOK_SECRET: secureKeyKeys.webhookSecret,
      COMMERCE_CLIENT_ID: commerceKeys.clientId,
      COMMERCE_CLIENT_SECRET: commerceKeys.clientSecret,
      COMMERCE_BASE_URL: commerceUrl,
      SENTBE_PARTNER_ID: sentbeKeys.partnerId,
      SENTBE_ACCESS_ID: sentbeKeys.accessId,
      SENTBE_SECRET_KEY: sentbeKeys.secretKey,
      SENTBE_BASE_URL: sentbeUrl,
    },
  } satisfies SoakSimulators);
}
