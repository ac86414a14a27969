/**
 * The signing thread: base64(bcrypt(clientId_timestamp)) with the client secret as the salt (Naver Commerce, 전자서명).
 * At cost 10 one signature takes a whole core for some 100 ms, which the main loop must never give.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { hashSync } from 'bcryptjs';

export interface SignatureSettings {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface ToSignatureWorker {
  readonly id: number;
  readonly timestamp: number;
}

export interface FromSignatureWorker {
  readonly id: number;
  readonly signature: string;
}

function serve(port: MessagePort, { clientId, clientSecret }: SignatureSettings): void {
  port.on('message', ({ id, timestamp }: ToSignatureWorker) => {
    const hash = hashSync(`${clientId}_${timestamp}`, clientSecret);
    const signature = Buffer.from(hash, 'utf8').toString('base64');
    port.postMessage({ id, signature } satisfies FromSignatureWorker);
  });
}

if (parentPort !== null) serve(parentPort, workerData as SignatureSettings);
