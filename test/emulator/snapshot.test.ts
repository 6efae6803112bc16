import { describe, expect, test } from 'vitest';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { SnapshotUnreadable } from '../../lib/emulator/snapshot.ts';
import { a, account, alias, drop, put, txt, upsert, weighted } from './account.ts';

function furnished(insyncDelayMs = 0) {
  const made = account({ insyncDelayMs });
  const { core, zoneId, change } = made;
  const check = core.createHealthCheck({ callerReference: 'one', config: { Type: 'TCP', Regions: ['eu'] } });
  core.setHealth(check.id, false);
  core.createHostedZone({ name: 'other.test', callerReference: 'second', comment: 'the other' });
  change(
    put({ ...weighted('w.example.test', 'one', '192.0.2.1'), healthCheckId: check.id }),
    put(alias('r.example.test', zoneId, 'w.example.test')),
    put(txt('*.example.test', 'wild')),
    put(a('geo.example.test', '192.0.2.1', { setIdentifier: 'x', routing: { Region: 'us-east-1' } })),
  );
  return { ...made, check };
}

function everything(core: Route53) {
  return {
    zones: core.listHostedZones(),
    records: core.listHostedZones().zones.map(({ id }) => core.records(id)),
    healthChecks: core.listHealthChecks(),
  };
}

describe('a snapshot', () => {
  test('brings everything back through JSON', () => {
    const { core, check } = furnished();
    const other = account().core;
    other.restore(JSON.parse(JSON.stringify(core.snapshot())));
    expect(everything(other)).toEqual(everything(core));
    expect(other.isHealthy(check.id)).toBe(false);
    expect(other.snapshot()).toEqual(core.snapshot());
  });

  test('keeps when a change becomes INSYNC, or that nobody knows', () => {
    const { core, zoneId } = furnished(Number.POSITIVE_INFINITY);
    const changes = [put(a('x.example.test', '192.0.2.1'))];
    const { id } = core.changeResourceRecordSets(zoneId, { changes, comment: 'why' });
    const other = account({ insyncDelayMs: 5 }).core;
    other.restore(JSON.parse(JSON.stringify(core.snapshot())));
    expect(other.getChange(id)).toEqual({ ...core.getChange(id), status: 'PENDING' });
    // What was committed before the restart is what the name servers answer with after it.
    expect(other.served(zoneId)).toEqual(core.records(zoneId));
    other.settle(id);
    expect(other.getChange(id).status).toBe('INSYNC');
  });

  test('keeps protections, in a form that no older Pawl takes for its own', () => {
    const { core, zoneId } = furnished();
    expect(core.snapshot().format).toBe('pawl-route53/1');
    core.createResourceRecordSetProtections(zoneId, [{ name: 'r.example.test', type: 'A', comment: 'why' }]);
    expect(core.snapshot().format).toBe('pawl-route53/2');
    const other = account().core;
    other.restore(JSON.parse(JSON.stringify(core.snapshot())));
    expect(other.protections(zoneId)).toEqual([{ name: 'r.example.test', type: 'A', comment: 'why' }]);
    expect(other.snapshot()).toEqual(core.snapshot());
  });

  test('keeps whether accelerated recovery is on', () => {
    const { core, zoneId } = furnished();
    core.updateHostedZoneFeatures(zoneId, { acceleratedRecovery: true });
    expect(core.snapshot().format).toBe('pawl-route53/2');
    const other = account().core;
    other.restore(JSON.parse(JSON.stringify(core.snapshot())));
    expect(other.getHostedZone(zoneId).acceleratedRecovery).toBe(true);
    expect(other.snapshot()).toEqual(core.snapshot());
  });

  test('keeps the load balancers that were made or taken away', () => {
    const { core } = furnished();
    const [first] = core.aliasTargets();
    if (first === undefined) throw new Error('There is no load balancer.');
    core.setAliasTarget(first, false);
    expect(core.snapshot().format).toBe('pawl-route53/2');
    const other = account().core;
    other.restore(JSON.parse(JSON.stringify(core.snapshot())));
    expect(other.hasAliasTarget(first)).toBe(false);
    expect(other.snapshot()).toEqual(core.snapshot());
  });

  test('of an account that knew no load balancers goes on with those of its records, in the older form', () => {
    const { core, change } = account({ unregisteredTargets: 'accepted' });
    const balancer = alias('lb.example.test', 'Z1H1FL5HABSF5', 'dualstack.old-1.us-west-2.elb.amazonaws.com');
    const elsewhere = alias('api.example.test', 'ZAPIGATEWAY', 'd-1.execute-api.us-west-2.amazonaws.com');
    core.setAliasTarget({ zoneId: 'ZAPIGATEWAY', name: 'd-1.execute-api.us-west-2.amazonaws.com' }, true);
    change(put(balancer), put(elsewhere));
    const { aliasTargets: _, ...older } = core.snapshot();
    const other = account().core;
    other.restore(JSON.parse(JSON.stringify({ ...older, format: 'pawl-route53/1' })));
    const [zone] = other.zones();
    const again = [drop(balancer), put(balancer)];
    const replaced = [drop(elsewhere), put({ ...elsewhere, name: 'new.example.test' })];
    other.changeResourceRecordSets(zone?.id ?? '', { changes: [...again, ...replaced] });
    expect(other.snapshot().format).toBe('pawl-route53/1');
  });

  test.each([
    ['nothing', null],
    ['another format', { format: 'pawl-route53/3', zones: [], changes: [], healthChecks: [] }],
    ['a missing part', { format: 'pawl-route53/1', zones: [], changes: [] }],
    ['an unknown part', { format: 'pawl-route53/1', zones: [], changes: [], healthChecks: [], more: 1 }],
    [
      'a name that is none',
      {
        format: 'pawl-route53/1',
        zones: [{ id: 'Z', name: 'a..b', callerReference: 'x', records: [] }],
        changes: [],
        healthChecks: [],
      },
    ],
  ])('that holds %s is refused, and nothing has changed', (_what, json) => {
    const { core } = furnished();
    const before = everything(core);
    expect(() => core.restore(json)).toThrow(SnapshotUnreadable);
    expect(everything(core)).toEqual(before);
  });
});

describe('a clone', () => {
  test('goes its own way, and so does what it was made from', () => {
    const { core, zoneId, check } = furnished(1_000);
    const copy = core.clone();
    const before = everything(core);
    copy.changeResourceRecordSets(zoneId, {
      changes: [drop(txt('*.example.test', 'wild')), upsert(a('new.example.test', '192.0.2.1'))],
    });
    copy.setHealth(check.id, true);
    copy.configure({ insyncDelayMs: 0 });
    copy.createHostedZone({ name: 'third.test', callerReference: 'third' });
    expect(everything(core)).toEqual(before);
    expect(core.settings().insyncDelayMs).toBe(1_000);
    const afterwards = everything(copy);
    core.changeResourceRecordSets(zoneId, { changes: [put(txt('later.example.test', 'x'))] });
    expect(everything(copy)).toEqual(afterwards);
  });

  test('has its own share of the rate from there on', () => {
    const { core, zoneId } = account();
    core.configure({ throttle: { burst: 2, perSecond: 1 } });
    core.getHostedZone(zoneId);
    const copy = core.clone();
    copy.getHostedZone(zoneId);
    core.getHostedZone(zoneId);
    expect(() => copy.getHostedZone(zoneId)).toThrow('Rate exceeded');
    expect(() => core.getHostedZone(zoneId)).toThrow('Rate exceeded');
  });

  test('may have a clock and ids of its own', () => {
    const { core, zoneId } = account({ insyncDelayMs: 10 });
    const copy = core.clone({ now: () => 5, id: (prefix) => `${prefix}-copy` });
    const change = copy.changeResourceRecordSets(zoneId, {
      changes: [put(a('x.example.test', '192.0.2.1'))],
    });
    expect(change).toEqual({ id: 'C-copy', status: 'PENDING', submittedAt: 5 });
  });
});
