/** The simulators of NGS and SENS as a process: says on its first line, as JSON, with which settings a gateway finds them. */
import { createNgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { createSensSimulator } from '../../src/simulators/sens/simulator.ts';

const registeredNumbers = ['15880000'];
const account = { id: 'testid', password: 'testpwd' };
const keys = { serviceId: 'ncp:sms:kr:1:svc', accessKey: 'AK', secretKey: 'SK' };
const ngs = createNgsSimulator({ ...account, registeredNumbers, certFloorMs: 0 });
const sens = createSensSimulator({ ...keys, registeredNumbers });
const [{ host, port }, { url }] = await Promise.all([ngs.start(), sens.start()]);

process.stdout.write(
  `${JSON.stringify({
    NGS_HOST: host,
    NGS_PORT: String(port),
    NGS_ID: account.id,
    NGS_PASSWORD: account.password,
    NGS_SENDER_CODE: '101280092',
    SENS_SERVICE_ID: keys.serviceId,
    SENS_ACCESS_KEY: keys.accessKey,
    SENS_SECRET_KEY: keys.secretKey,
    SENS_BASE_URL: url,
  })}\n`,
);
