import type { Deployment } from '../../lib/infrastructure/deployment.ts';
import { parseDeployment } from '../../lib/infrastructure/deployment.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { HostedZoneFacts, StackFacts, Surveys } from '../../lib/preflight/survey.ts';
import { NotAsked } from '../../lib/preflight/survey.ts';

const NAME_SERVERS = ['ns-1.awsdns-01.com', 'ns-2.awsdns-02.net'].map(dnsName);

const ZONE: HostedZoneFacts = {
  name: dnsName('example.test'),
  private: false,
  nameServers: NAME_SERVERS,
  acceleratedRecovery: 'enabled',
};

export const BOOTSTRAP: StackFacts = {
  status: 'CREATE_COMPLETE',
  outputs: new Map([['BootstrapVersion', '30']]),
  account: '111122223333',
  region: 'eu-west-1',
};

/** A stack of one cell that is deployed, and whose alarms are heard. */
export const DEPLOYED: StackFacts = {
  ...BOOTSTRAP,
  outputs: new Map([
    ['AlarmTopicArn', 'arn:aws:sns:eu-west-1:111122223333:pawl'],
    ['Cell0', '{}'],
  ]),
};

/** What the surveys say, as far as a test wants it another way. */
export interface Said {
  readonly zone?: Partial<HostedZoneFacts> | 'none';
  readonly records?: number;
  readonly throttled?: number;
  readonly stack?: StackFacts;
  readonly bootstrap?: StackFacts | 'none';
  readonly concurrency?: { readonly limit: number; readonly unreserved: number };
  readonly assumes?: boolean;
  readonly confirmed?: number;
  readonly loadBalancers?: readonly string[] | 'not-asked';
  readonly delegation?: readonly string[] | 'none';
  readonly resolves?: readonly string[];
}

/** An account in which a deployment of one cell has all that it needs, but for what is said otherwise. */
export function surveyed(said: Said = {}): Surveys {
  const { zone = {}, bootstrap = BOOTSTRAP, delegation = NAME_SERVERS, loadBalancers = [] } = said;
  return {
    zones: {
      describe: async () => (zone === 'none' ? undefined : { ...ZONE, ...zone }),
      records: async () => ({ used: said.records ?? 40, limit: 10_000 }),
      throttledOf: async () => said.throttled ?? 0,
    },
    account: {
      stack: async (name) => {
        if (name !== 'CDKToolkit') return said.stack;
        return bootstrap === 'none' ? undefined : bootstrap;
      },
      concurrency: async () => said.concurrency ?? { limit: 1_000, unreserved: 1_000 },
      mayAssume: async () => said.assumes ?? true,
      subscriptions: async () => ({ confirmed: said.confirmed ?? 1, pending: 1 }),
      loadBalancers: async () => {
        if (loadBalancers === 'not-asked') throw new NotAsked('no permission');
        return new Set(loadBalancers);
      },
    },
    names: {
      delegation: async () => (delegation === 'none' ? undefined : delegation.map(dnsName)),
      resolves: async (name) => (said.resolves ?? []).includes(name),
      addresses: async () => [],
    },
  };
}

export function deployment(change: Readonly<Record<string, unknown>> = {}): Deployment {
  return parseDeployment({
    cells: { 'use1-a': { zone: 'example.test', zoneId: 'Z1', names: ['*.example.test'] } },
    ...change,
  });
}
