/**
 * A scripted NGS server over real sockets, for tests of our sessions: it behaves unless a test replaces one of its
 * answers. It judges nothing (the simulator does that); it only records what came, and when each connection ended.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type DumbFields, type DumbName, dumbEncrypt, dumbKey, dumbPacket, dumbRead } from './ngs-bytes.ts';

type LineName = 'AUTH' | 'DLV' | 'REP';

interface PeerLine {
  readonly name: LineName;
  readonly socket: Socket;
  /** The packet in the bytes of this session: encrypted once a BIND of TYPE P came. */
  pack(name: DumbName, fields?: DumbFields): Buffer;
  send(name: DumbName, fields?: DumbFields): void;
}

interface Received {
  readonly line: LineName;
  readonly name: DumbName;
  readonly fields: DumbFields;
  readonly tail: Buffer;
  readonly atMs: number;
}

/** Each may be replaced at any time; an empty function hangs. */
export interface PeerScript {
  connected(line: PeerLine): void;
  cert(line: PeerLine, fields: DumbFields): void;
  bind(line: PeerLine, fields: DumbFields): void;
  deliver(line: PeerLine, fields: DumbFields): void;
  link(line: PeerLine): void;
  reportAck(line: PeerLine, fields: DumbFields): void;
}

export interface NgsPeer {
  readonly port: number;
  readonly script: PeerScript;
  readonly received: readonly Received[];
  /** Chunks as they came on DLV, to see how packets were gathered into writes. */
  readonly deliverChunks: readonly Buffer[];
  all(name: DumbName): readonly Received[];
  /** The newest open connection of that name. */
  line(name: LineName): PeerLine;
  open(name: LineName): number;
  close(): Promise<void>;
}

export const PASSWORD = 'testpwd';

export async function startNgsPeer(script: Partial<PeerScript> = {}): Promise<NgsPeer> {
  const received: Received[] = [];
  const deliverChunks: Buffer[] = [];
  const lines: PeerLine[] = [];
  const servers = {} as Record<LineName, Server>;
  const portOf = (name: LineName): number => (servers[name].address() as AddressInfo).port;

  const answers: PeerScript = {
    connected() {},
    cert(line) {
      line.send('CERT_ACK', {
        RESULT: '0',
        CERT_KEY: 'K'.repeat(64),
        SERVER_IP: '127.0.0.1',
        DELIVER_PORT: String(portOf('DLV')),
        REPORT_PORT: String(portOf('REP')),
      });
    },
    bind(line) {
      line.send('BIND_ACK', { RESULT: '0', SMS_TPS: '80', MMS_TPS: '30', KKO_TPS: '30' });
    },
    deliver(line, { DA_ADDR = '', SERIAL = '' }) {
      line.send('DELIVER_ACK', { RESULT: '0', DA_ADDR, SERIAL });
    },
    link(line) {
      line.send('LINK_ACK');
    },
    reportAck() {},
    ...script,
  };

  function answer(line: PeerLine, name: DumbName, fields: DumbFields): void {
    if (name === 'CERT') answers.cert(line, fields);
    if (name === 'BIND') answers.bind(line, fields);
    if (name === 'DELIVER' || name === 'DELIVER_KAKAO') answers.deliver(line, fields);
    if (name === 'LINK') answers.link(line);
    if (name === 'REPORT_ACK') answers.reportAck(line, fields);
  }

  function serve(name: LineName): Server {
    return createServer((socket) => {
      let key: Buffer | undefined;
      const line: PeerLine = {
        name,
        socket,
        pack(packet, fields) {
          const plain = dumbPacket(packet, fields);
          return key === undefined ? plain : dumbEncrypt(plain, key);
        },
        send: (packet, fields) => {
          if (!socket.destroyed) socket.write(line.pack(packet, fields));
        },
      };
      lines.push(line);
      let pending: Buffer = Buffer.alloc(0);
      socket.on('data', (chunk) => {
        if (name === 'DLV') deliverChunks.push(chunk);
        const { packets, rest } = dumbRead(Buffer.concat([pending, chunk]), key);
        pending = rest;
        for (const packet of packets) {
          received.push({ line: name, ...packet, atMs: performance.now() });
          if (packet.fields['TYPE'] === 'P') key = dumbKey(PASSWORD, Number(packet.fields['KEYPOS']));
          answer(line, packet.name, packet.fields);
        }
      });
      // A reset is one of the ways in which a client leaves.
      socket.on('error', () => {});
      socket.on('close', () => lines.splice(lines.indexOf(line), 1));
      answers.connected(line);
    });
  }

  for (const name of ['AUTH', 'DLV', 'REP'] as const) {
    servers[name] = serve(name).listen(0, '127.0.0.1');
    await once(servers[name], 'listening');
  }

  return {
    port: portOf('AUTH'),
    script: answers,
    received,
    deliverChunks,
    all: (name) => received.filter((each) => each.name === name),
    line(name) {
      const found = lines.findLast((line) => line.name === name);
      if (found === undefined) throw new Error(`No open ${name} connection`);
      return found;
    },
    open: (name) => lines.filter((line) => line.name === name).length,
    async close() {
      for (const { socket } of lines) socket.destroy();
      await Promise.all(Object.values(servers).map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
