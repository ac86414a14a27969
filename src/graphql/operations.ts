/** What an operator's eye needs: every provider account and how it stands. */
import type { NgsSessionHealth, ProviderHealth } from '../core/provider.ts';
import { accountsOf, type Caller } from '../core/tenant.ts';
import { builder } from './builder.ts';
import { ProviderEnum, ProviderFaultType } from './errors.ts';

const NgsSessionStatusType = builder.objectRef<NgsSessionHealth>('NgsSessionStatus').implement({
  fields: (t) => ({
    state: t.exposeString('state', {
      description: 'IDLE, CERTIFYING, BINDING, BOUND, BACKING_OFF, LOCKED_OUT or STOPPED.',
    }),
    encrypted: t.exposeBoolean('encrypted'),
    smsTps: t.exposeInt('smsTps', { nullable: true }),
    mmsTps: t.exposeInt('mmsTps', { nullable: true }),
    kakaoTps: t.exposeInt('kakaoTps', { nullable: true }),
    inFlight: t.exposeInt('inFlight'),
    boundSince: t.expose('boundSince', { type: 'DateTime', nullable: true }),
    owner: t.exposeString('owner', { nullable: true }),
    lastEvent: t.exposeString('lastEvent', { nullable: true }),
  }),
});

const ProviderStatusType = builder.objectRef<ProviderHealth>('ProviderStatus').implement({
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderEnum }),
    account: t.exposeID('account'),
    configured: t.exposeBoolean('configured'),
    healthy: t.exposeBoolean('healthy'),
    simulated: t.exposeBoolean('simulated'),
    detail: t.exposeString('detail', { nullable: true }),
    lastFault: t.expose('lastFault', { type: ProviderFaultType, nullable: true }),
    ngs: t.expose('ngs', { type: NgsSessionStatusType, nullable: true }),
  }),
});

/** An account that is other tenants' is none of theirs; who operates the gateway sees all. */
const mayKnow =
  ({ tenant, scopes }: Caller) =>
  ({ provider, account, configured }: ProviderHealth): boolean =>
    scopes.has('operator') || !configured || accountsOf(tenant, provider).includes(account);

builder.queryField('providers', (t) =>
  t.field({
    type: [ProviderStatusType],
    resolve: (_root, _args, { services, caller }) => services.board.all().filter(mayKnow(caller)),
  }),
);

builder.subscriptionField('providerStatus', (t) =>
  t.field({
    type: ProviderStatusType,
    description: 'Every account as it stands now, then each one again when it changed.',
    subscribe: (_root, _args, { services, caller, ending }) => services.board.follow(ending, mayKnow(caller)),
    resolve: (health) => health,
  }),
);
