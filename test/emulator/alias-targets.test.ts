import { describe, expect, test } from 'vitest';
import { answer } from '../../lib/emulator/dns/answer.ts';
import { route53AnswerSource } from '../../lib/emulator/dns/route53-answer-source.ts';
import { readFleetFile } from '../../lib/fleet/fleet-file.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { a, account, alias, drop, put, upsert, weighted } from './account.ts';

describe('an alias to a record', () => {
  test('needs its target in the zone, with the same type', () => {
    const { change, refused, zoneId } = account();
    change(put(weighted('t.example.test', 'one', '192.0.2.1')));
    change(put(alias('r.example.test', zoneId, 't.example.test')));
    expect(
      refused('InvalidChangeBatch', put(alias('q.example.test', zoneId, 'gone.example.test'))).message,
    ).toBe(
      `[Tried to create an alias that targets gone.example.test., type A in zone ${zoneId}, but that target was not found]`,
    );
    expect(
      refused('InvalidChangeBatch', put(alias('q.example.test', zoneId, 't.example.test', 'AAAA'))).message,
    ).toContain('targets t.example.test., type AAAA');
  });

  test('may point at another alias, and never at itself', () => {
    const { change, refused, zoneId } = account();
    change(put(a('t.example.test', '192.0.2.1')));
    change(put(alias('r.example.test', zoneId, 't.example.test')));
    change(put(alias('s.example.test', zoneId, 'r.example.test')));
    refused('InvalidChangeBatch', upsert(alias('t.example.test', zoneId, 't.example.test')));
  });

  test('finds a target that the same batch made before it', () => {
    const { change, names, zoneId } = account();
    change(put(a('t.example.test', '192.0.2.1')), put(alias('r.example.test', zoneId, 't.example.test')));
    expect(names()).toEqual(['r.example.test A', 't.example.test A']);
  });

  test('does not find a target that the same batch makes after it, even where it exists already', () => {
    const { change, refused, zoneId } = account();
    const target = a('t.example.test', '192.0.2.1');
    const root = put(alias('r.example.test', zoneId, 't.example.test'));
    refused('InvalidChangeBatch', root, put(target));
    change(put(target));
    refused('InvalidChangeBatch', root, drop(target), put(target));
    change(drop(target), put(target), root);
  });

  test('does not find a target that the same batch has deleted', () => {
    const { change, refused, zoneId } = account();
    const target = a('t.example.test', '192.0.2.1');
    change(put(target));
    refused('InvalidChangeBatch', drop(target), put(alias('r.example.test', zoneId, 't.example.test')));
  });

  test('stays, and points at nothing, when its live target is deleted', () => {
    const { change, names, zoneId } = account();
    const target = a('t.example.test', '192.0.2.1');
    change(put(target), put(alias('r.example.test', zoneId, 't.example.test')));
    change(drop(target));
    expect(names()).toEqual(['r.example.test A']);
  });

  test('of type CNAME points at a CNAME', () => {
    const { change, names, zoneId } = account();
    change(put({ name: 't.example.test', type: 'CNAME', ttl: 60, values: ['host.elsewhere.test'] }));
    change(put(alias('r.example.test', zoneId, 't.example.test', 'CNAME')));
    expect(names()).toEqual(['r.example.test CNAME', 't.example.test CNAME']);
  });

  test('is refused when the target lies outside its zone, or in another zone of the account', () => {
    const { core, refused, zoneId } = account();
    const { zone: other } = core.createHostedZone({ name: 'other.test', callerReference: 'second' });
    core.changeResourceRecordSets(other.id, { changes: [put(a('t.other.test', '192.0.2.1'))] });
    expect(
      refused('InvalidChangeBatch', put(alias('r.example.test', zoneId, 'lb.amazonaws.com'))).message,
    ).toContain('but the alias target name does not lie within the target zone, Tried to');
    refused('InvalidChangeBatch', put(alias('r.example.test', other.id, 't.other.test')));
  });
});

// Route 53's words are as people quote them: github.com/harmony-one/harmony-ops/issues/491 and
// github.com/aws/aws-cli/issues/4687 (a zone id that is not the target's, and one that is nobody's, list two messages),
// github.com/barnybug/cli53/issues/213.
describe('an alias to a load balancer', () => {
  const BALANCERS = 'Z35SXDOTRQ7X7K';
  const LB = 'shop-1-1234567890.us-east-1.elb.amazonaws.com';
  const to = (name: string, zone = BALANCERS) => put(alias('r.example.test', zone, name));
  const tried = (name: string, zone = BALANCERS) =>
    `Tried to create an alias that targets ${name}., type A in zone ${zone}, but`;

  test('is accepted where the load balancer exists, also by its name for both families', () => {
    const { change, core, names } = account();
    change(to(LB));
    change(put(alias('s.example.test', BALANCERS, `dualstack.${LB}`)));
    core.setAliasTarget({ zoneId: BALANCERS, name: 'Dualstack.New-1.us-east-1.elb.amazonaws.com.' }, true);
    change(put(alias('t.example.test', BALANCERS, 'new-1.us-east-1.elb.amazonaws.com')));
    expect(names()).toEqual(['r.example.test A', 's.example.test A', 't.example.test A']);
  });

  test('is refused where none has the name', () => {
    const { refused } = account();
    const other = 'other-1.us-east-1.elb.amazonaws.com';
    expect(refused('InvalidChangeBatch', to(other)).message).toBe(
      `[${tried(other)} that target was not found]`,
    );
  });

  test('is refused in the zone of another Region, of no service, or of another account', () => {
    const { refused } = account();
    for (const zone of ['Z32O12XQLNTSW2', 'Z0NOBODYS']) {
      expect(refused('InvalidChangeBatch', to(LB, zone)).message).toBe(
        `[${tried(LB, zone)} the alias target name does not lie within the target zone, ${tried(LB, zone)} that target was not found]`,
      );
    }
  });

  test('stays when the load balancer goes, answers nothing, and cannot be made again', () => {
    const { change, refused, core, zoneId } = account();
    const healthy = put(weighted('w.example.test', 'one', '192.0.2.1', 1));
    change(to(LB), healthy);
    const ask = () => answer(route53AnswerSource(core), { name: dnsName('r.example.test'), type: 'A' }, 0);
    expect(ask().answers).toHaveLength(2);
    core.setAliasTarget({ zoneId: BALANCERS, name: LB }, false);
    expect(core.records(zoneId).some(({ name }) => name === 'r.example.test')).toBe(true);
    expect(ask()).toMatchObject({ rcode: 'NOERROR', answers: [] });
    refused('InvalidChangeBatch', put(alias('s.example.test', BALANCERS, LB)));
    change(drop(alias('r.example.test', BALANCERS, LB)));
    refused('InvalidChangeBatch', to(LB));
  });

  test('counts as unhealthy when its target is gone and is evaluated', () => {
    const { change, core } = account();
    const evaluated = (identifier: string, name: string) => ({
      ...alias('r.example.test', BALANCERS, name),
      alias: { zoneId: BALANCERS, name, evaluateTargetHealth: true },
      setIdentifier: identifier,
      weight: 1,
    });
    const two = 'shop-2-1234567891.us-east-1.elb.amazonaws.com';
    change(put(evaluated('one', LB)), put(evaluated('two', two)));
    core.setAliasTarget({ zoneId: BALANCERS, name: LB }, false);
    const source = route53AnswerSource(core);
    for (const fraction of [0, 0.5, 0.99]) {
      expect(answer(source, { name: dnsName('r.example.test'), type: 'A' }, fraction).answers).toHaveLength(
        2,
      );
    }
  });

  test('is taken unseen where the account cannot know its load balancers, unless it was taken away', () => {
    const { change, refused, core } = account({ unregisteredTargets: 'accepted' });
    change(to('other-1.us-east-1.elb.amazonaws.com'));
    refused('InvalidChangeBatch', put(alias('s.example.test', BALANCERS, 'lb.elsewhere.test')));
    core.setAliasTarget({ zoneId: BALANCERS, name: LB }, false);
    refused('InvalidChangeBatch', put(alias('s.example.test', BALANCERS, LB)));
  });

  test('is refused where aliases cannot be', () => {
    const { refused } = account();
    refused('InvalidInput', put(alias('r.example.test', BALANCERS, LB, 'NS')));
  });

  test('finds every load balancer of the example fleet', async () => {
    const { core } = account();
    const parsed = await readFleetFile('examples/fleet.yaml');
    if (parsed.type !== 'fleet') throw new Error('The example is no fleet.');
    const targets = parsed.fleet.cells.flatMap((cell) => cell.targets.flatMap(({ alias: to }) => to ?? []));
    expect(targets).toHaveLength(core.aliasTargets().length);
    expect(targets.filter((target) => !core.hasAliasTarget(target))).toEqual([]);
  });
});
