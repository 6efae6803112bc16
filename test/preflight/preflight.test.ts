import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { preflight } from '../../lib/preflight/preflight.ts';
import type { SurveyedZone } from '../../lib/preflight/survey.ts';
import { NotAsked } from '../../lib/preflight/survey.ts';
import type { Said } from './surveyed.ts';
import { BOOTSTRAP, DEPLOYED, deployment, surveyed } from './surveyed.ts';

const ALB = 'api-1.eu-west-1.elb.amazonaws.com';
const NLB = 'net-1.elb.us-east-2.amazonaws.com';

async function found(said: Said, aliases?: readonly string[]) {
  const report = await preflight(surveyed(said), {
    deployment: deployment(),
    aliases: aliases?.map(dnsName),
  });
  const unmet = report.preconditions.filter(({ standing }) => standing === 'unmet');
  return { verdict: report.verdict, unmet: unmet.map(({ id, detail }) => `${id}: ${detail}`), report };
}

describe('a preflight', () => {
  it('is ready where the account has all that the stack needs', async () => {
    const { verdict, unmet, report } = await found({});
    expect({ verdict, unmet }).toEqual({ verdict: 'ready', unmet: [] });
    expect(report.preconditions.map(({ id, standing }) => `${id} ${standing}`)).toEqual([
      'stack met',
      'bootstrap met',
      'deployer met',
      'concurrency met',
      'alias-targets later',
      'alarm-topic later',
      'zone met',
      'delegation met',
      'record-room met',
      'accelerated-recovery met',
      'rate met',
    ]);
  });

  it.each<[string, Said, string]>([
    [
      'a stack that still changes',
      { stack: { ...DEPLOYED, status: 'UPDATE_IN_PROGRESS' } },
      'stack: pawl is UPDATE_IN_PROGRESS: wait until that has ended, or end it',
    ],
    [
      'a stack whose deletion failed',
      { stack: { ...DEPLOYED, status: 'DELETE_FAILED' } },
      'stack: pawl is DELETE_FAILED: wait until that has ended, or end it',
    ],
    [
      'an old bootstrap',
      { bootstrap: { ...BOOTSTRAP, outputs: new Map([['BootstrapVersion', '5']]) } },
      'bootstrap: version 5, below 6: run "npx cdk bootstrap" again',
    ],
    [
      'a new account, which cannot reserve concurrency',
      { concurrency: { limit: 10, unreserved: 10 } },
      'concurrency: 14 of 0 that can be reserved (limit 10, 10 unreserved, of which 100 stay)',
    ],
    ['a zone that is not there', { zone: 'none' }, 'zone: there is no hosted zone Z1 in this account'],
    [
      'a zone of another name',
      { zone: { name: dnsName('example.org') } },
      'zone: Z1 is the hosted zone example.org, not example.test',
    ],
    [
      'a zone that nobody delegates to',
      { delegation: 'none' },
      'delegation: nothing above example.test delegates it',
    ],
    [
      'a delegation to another zone of the name',
      { delegation: ['ns-1.awsdns-01.com', 'ns-9.awsdns-09.org'] },
      'delegation: the zone above names ns-9.awsdns-09.org, not of this zone, and leaves out ns-2.awsdns-02.net',
    ],
  ])('refuses %s', async (_, said, line) => {
    const { verdict, unmet } = await found(said);
    expect(verdict).toBe('refused');
    expect(unmet).toContain(line);
  });

  it.each<[string, Said, string]>([
    ['a deploying role of others', { assumes: false }, 'deployer'],
    ['a zone that is nearly full', { records: 9_500 }, 'record-room'],
    [
      'a zone without accelerated recovery',
      { zone: { acceleratedRecovery: 'disabled' } },
      'accelerated-recovery',
    ],
    ['recovery that is not there yet', { zone: { acceleratedRecovery: 'ENABLING' } }, 'accelerated-recovery'],
    ['an account whose rate is in use', { throttled: 2 }, 'rate'],
    ['alarms that nobody hears', { stack: DEPLOYED, confirmed: 0 }, 'alarm-topic'],
  ])('is ready, and advises, at %s', async (_, said, id) => {
    const { verdict, unmet } = await found(said);
    expect(verdict).toBe('ready');
    expect(unmet.map((line) => line.split(':')[0])).toEqual([id]);
  });

  it('looks at the rate once an account, however many zones there are', async () => {
    const surveys = surveyed();
    const asked: (string | undefined)[] = [];
    const zones = {
      ...surveys.zones,
      throttledOf: async ({ readerRoleArn }: SurveyedZone) => {
        asked.push(readerRoleArn);
        return 0;
      },
    };
    const role = (name: string) => `arn:aws:iam::222233334444:role/${name}`;
    const there = { roleArn: role('writes'), readerRoleArn: role('reads') };
    const cell = (name: string) => ({ zone: 'example.test', zoneId: 'Z1', names: [`${name}.example.test`] });
    const cells = {
      a: cell('a'),
      b: cell('b'),
      c: { ...cell('c'), ...there },
      d: { ...cell('d'), ...there },
    };
    await preflight({ ...surveys, zones }, { deployment: deployment({ cells }) });
    expect(asked).toEqual([undefined, role('reads')]);
  });

  it('takes a stack that was never whole, which the CDK deletes', async () => {
    const { verdict } = await found({ stack: { ...DEPLOYED, status: 'ROLLBACK_COMPLETE' } });
    expect(verdict).toBe('ready');
  });

  it('asks of a stack that is there only what its cells are more than they were', async () => {
    const { report } = await found({ stack: DEPLOYED, concurrency: { limit: 1_000, unreserved: 100 } });
    expect(report.preconditions.find(({ id }) => id === 'concurrency')).toMatchObject({ standing: 'met' });
  });

  it('finds load balancers in their Regions, and whatever else by its name', async () => {
    const there = await found({ loadBalancers: [ALB], resolves: [NLB] }, [ALB, NLB]);
    expect(there.unmet).toEqual([]);
    const gone = await found({ loadBalancers: [ALB] }, [ALB, NLB]);
    expect(gone).toMatchObject({ verdict: 'refused', unmet: [`alias-targets: not found: ${NLB}`] });
    const blind = await found({ loadBalancers: 'not-asked', resolves: [ALB] }, [ALB]);
    expect(blind.unmet).toEqual([]);
  });

  it('asks a private zone for no delegation and no recovery', async () => {
    const { verdict, report } = await found({ zone: { private: true, nameServers: [] }, delegation: 'none' });
    const later = report.preconditions.filter(
      ({ standing, cell }) => standing === 'later' && cell !== undefined,
    );
    expect(verdict).toBe('ready');
    expect(later.map(({ id }) => id)).toEqual(['delegation', 'accelerated-recovery']);
  });

  it('never takes for met what it could not ask', async () => {
    const whole = surveyed({ stack: DEPLOYED });
    for (const [of, verbs] of Object.entries(whole)) {
      // A preflight asks for no addresses: a command does that asks a zone's own name servers.
      for (const verb of Object.keys(verbs).filter((each) => each !== 'addresses')) {
        const refuses = async () => {
          throw new NotAsked('away');
        };
        const surveys = { ...whole, [of]: { ...verbs, [verb]: refuses } };
        const aliases = verb === 'resolves' || verb === 'loadBalancers' ? [dnsName(ALB)] : [];
        const { verdict, preconditions } = await preflight(surveys, { deployment: deployment(), aliases });
        const unknown = preconditions.filter(({ standing }) => standing === 'unknown');
        // A load balancer that cannot be asked for is looked up by its name, and this one is not there.
        if (verb === 'loadBalancers') expect(verdict).toBe('refused');
        else
          expect({ verb, verdict, some: unknown.length > 0 }).toEqual({
            verb,
            verdict: 'unknown',
            some: true,
          });
      }
    }
  });

  it('describes a zone once, however many preconditions ask', async () => {
    let described = 0;
    const whole = surveyed();
    const zones = {
      ...whole.zones,
      describe: async (zone: Parameters<typeof whole.zones.describe>[0]) => {
        described += 1;
        return whole.zones.describe(zone);
      },
    };
    await preflight({ ...whole, zones }, { deployment: deployment() });
    expect(described).toBe(1);
  });
});
