/**
 * A remittance provider with a memory: it keeps what it executed, and answers as the test says. `script` may be changed at
 * any time; what it leaves out succeeds. Every call is remembered, in order, with what it was given.
 */
import { ProviderRejected, ProviderUnavailable } from '../../src/core/errors.ts';
import type {
  LostTransfers,
  NewTransfer,
  ProviderTransfer,
  RemittanceProvider,
  TransferState,
} from '../../src/core/remittance/provider.ts';

type Method =
  | 'registerUser'
  | 'findUser'
  | 'user'
  | 'verifyUser'
  | 'uploadDocument'
  | 'addRecipient'
  | 'quote'
  | 'transfer'
  | 'cancelTransfer'
  | 'lookUpTransfer'
  | 'findTransfers';
type Script = { -readonly [Name in Method]?: RemittanceProvider[Name] };

export interface Executed {
  readonly id: string;
  readonly given: NewTransfer;
  readonly sentAt: number;
  state: TransferState;
}

export interface ScriptedRemittance extends RemittanceProvider {
  readonly script: Script;
  readonly calls: { readonly method: Method; readonly given: readonly unknown[] }[];
  /** What it took, answered or not. */
  readonly executed: Executed[];
  callsOf(method: Method): (readonly unknown[])[];
  /** What it does with a transfer by itself. */
  execute(transfer: NewTransfer): ProviderTransfer;
}

export const rejected = (code = 'E0013'): ProviderRejected =>
  new ProviderRejected('Refused.', { provider: 'SENTBE', code, text: 'no', at: 1 });
export const lostAnswer = (): ProviderUnavailable =>
  new ProviderUnavailable('Lost.', { outcome: 'UNKNOWN', origin: { provider: 'SENTBE', code: 'ECONNRESET', at: 1 } });
export const notAccepted = (): ProviderUnavailable =>
  new ProviderUnavailable('Away.', {
    outcome: 'NOT_ACCEPTED',
    origin: { provider: 'SENTBE', code: 'ECONNREFUSED', at: 1 },
  });

export function scriptedRemittance(now: () => number = Date.now, partner = 'partner'): ScriptedRemittance {
  const script: Script = {};
  const calls: ScriptedRemittance['calls'] = [];
  const executed: Executed[] = [];
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return String(ids);
  };
  const view = ({ id, given, sentAt, state }: Executed): ProviderTransfer => ({
    id,
    state,
    status: state.toLowerCase(),
    send: { amount: '119090', currency: 'KRW' },
    receive: { amount: String(given.receiveAmount), currency: given.receiveCurrency },
    createdAt: sentAt,
    virtualAccount: '은행 (50) | 066-40 | 센트비',
  });
  const viewOf = (id: string): ProviderTransfer | undefined => {
    const found = executed.find((each) => each.id === id);
    return found && view(found);
  };
  function execute(given: NewTransfer): ProviderTransfer {
    const transfer: Executed = { id: `t${nextId()}`, given, sentAt: now(), state: 'REQUESTED' };
    executed.push(transfer);
    return view(transfer);
  }
  /** As Sentbe: rows have no external id, and those of another time are not seen. */
  async function find(lost: LostTransfers): Promise<readonly ProviderTransfer[]> {
    return executed
      .filter(({ given, sentAt }) => {
        const { userId, recipientId, receiveAmount, receiveCurrency } = given;
        const isPair = userId === lost.userId && recipientId === lost.recipientId;
        const isAmount = receiveAmount === lost.receiveAmount && receiveCurrency === lost.receiveCurrency;
        return isPair && isAmount && sentAt >= lost.madeFrom && sentAt <= lost.madeTo;
      })
      .map(view);
  }
  const verifications = { mobile: 'standby', documents: 'standby', bank: 'standby' };
  const defaults: { readonly [Name in Method]: RemittanceProvider[Name] } = {
    registerUser: async () => ({ id: `u${nextId()}`, verifications }),
    findUser: async () => undefined,
    user: async (_corridor, id) => ({ id, verifications }),
    verifyUser: async () => {},
    uploadDocument: async () => {},
    addRecipient: async () => ({ id: `r${nextId()}` }),
    quote: async (_corridor, { receiveAmount, receiveCurrency }) => ({
      send: { amount: '119090', currency: 'KRW' },
      receive: { amount: String(receiveAmount), currency: receiveCurrency },
      commission: { amount: '5000', currency: 'KRW' },
      rateListId: '1',
    }),
    transfer: async (_corridor, transfer) => execute(transfer),
    async cancelTransfer(id) {
      const found = executed.find((each) => each.id === id);
      if (found === undefined) throw rejected('E0002');
      found.state = 'CANCELED';
      return view(found);
    },
    lookUpTransfer: async (_corridor, id) => viewOf(id),
    findTransfers: async (_corridor, lost) => find(lost),
  };
  const asked = <Name extends Method>(method: Name): RemittanceProvider[Name] =>
    (async (...given: unknown[]) => {
      calls.push({ method, given });
      const play = (script[method] ?? defaults[method]) as (...given: unknown[]) => Promise<unknown>;
      return play(...given);
    }) as unknown as RemittanceProvider[Name];

  return {
    provider: 'SENTBE',
    account: 'default',
    partner,
    callTimeoutMs: 1_000,
    script,
    calls,
    executed,
    execute,
    callsOf: (method) => calls.filter((call) => call.method === method).map(({ given }) => given),
    registerUser: asked('registerUser'),
    findUser: asked('findUser'),
    user: asked('user'),
    verifyUser: asked('verifyUser'),
    uploadDocument: asked('uploadDocument'),
    addRecipient: asked('addRecipient'),
    quote: asked('quote'),
    transfer: asked('transfer'),
    cancelTransfer: asked('cancelTransfer'),
    lookUpTransfer: asked('lookUpTransfer'),
    findTransfers: asked('findTransfers'),
    health: () => ({ provider: 'SENTBE', account: 'default', configured: true, healthy: true, simulated: false }),
    onChange: () => () => {},
    async stop() {},
  };
}
