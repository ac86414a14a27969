/**
 * The simulators' control API: a small HTTP server on loopback that shows the ledger, arms faults and changes
 * settings. It guards its door and its inputs; what the commands do is in control-commands.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { listenFailure } from '../core/port-unavailable.ts';
import { type ControlCommand, ControlRefusal } from './control-command.ts';
import { createControlCommands, type Simulator } from './control-commands.ts';
import { type Answer, createLoopbackServer, readBody, send } from './http-exchange.ts';

const MAX_BODY_BYTES = 262_144;
/** What a page elsewhere cannot fake by pointing its own name at 127.0.0.1 (DNS rebinding). */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

export interface SimulatorControl {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws PortUnavailable */
export async function startSimulatorControl(options: {
  /** 0 for a free one. */
  readonly port: number;
  readonly simulators: readonly Simulator[];
}): Promise<SimulatorControl> {
  const commands = createControlCommands(options.simulators);
  const server = createLoopbackServer(async (request, response) => {
    send(response, await answer(request, response, commands));
  });
  const at = { setting: 'GWANMUN_SIMULATOR_PORT', host: '127.0.0.1', port: options.port };
  const { url } = await server.start(options.port).catch((error: unknown) => {
    throw listenFailure(at, error);
  });
  return { url, stop: server.stop };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  commands: readonly ControlCommand[],
): Promise<Answer> {
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
    return refusal(403, 'FORBIDDEN_HOST', 'Call this API by 127.0.0.1 or localhost.');
  }
  // A form on a page elsewhere could otherwise post here without any preflight.
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${request.headers.host}`) {
    return refusal(403, 'FORBIDDEN_ORIGIN', 'Pages of other origins may not call this API.');
  }
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const here = commands.filter((command) => command.path === path);
  const command = here.find(({ method }) => method === request.method);
  if (here.length === 0) return refusal(404, 'NOT_FOUND', 'There is nothing here. GET / tells what there is.');
  if (command === undefined) {
    const allowed = here.map(({ method }) => method).join(', ');
    response.setHeader('allow', allowed);
    return refusal(405, 'METHOD_NOT_ALLOWED', `${path} knows ${allowed}.`);
  }
  if (body === undefined) return refusal(413, 'TOO_LARGE', `The body is over ${MAX_BODY_BYTES} bytes.`);
  let input: unknown;
  if (command.method === 'POST') {
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
      return refusal(415, 'NOT_JSON', 'Content-Type: application/json is required.');
    }
    try {
      input = JSON.parse(body.toString('utf8'));
    } catch {
      return refusal(400, 'NOT_JSON', 'The body is no JSON.');
    }
  } else {
    input = Object.fromEntries(new URLSearchParams(query));
  }
  try {
    return pretty(200, await command.run(input));
  } catch (fault) {
    if (fault instanceof ControlRefusal) return refusal(fault.status, fault.code, fault.message);
    if (!(fault instanceof z.ZodError)) throw fault;
    const fields = fault.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }));
    const message = fields.map((field) => `${field.path.join('.') || 'input'}: ${field.message}`).join(' ');
    return refusal(400, 'INVALID_INPUT', message, fields);
  }
}

const refusal = (status: number, code: string, message: string, fields?: readonly object[]): Answer =>
  pretty(status, { error: { code, message, ...(fields !== undefined && { fields }) } });

/** Read by people with curl as often as by programs. */
const pretty = (status: number, value: unknown): Answer => ({
  status,
  body: `${JSON.stringify(value, null, 2)}\n`,
});
