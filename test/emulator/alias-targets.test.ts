import { describe, expect, test } from 'vitest';
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

describe('an alias to a load balancer', () => {
  test('is accepted unseen, in a zone id that is not the account’s', () => {
    const { change, names } = account();
    change(put(alias('r.example.test', 'Z35SXDOTRQ7X7K', 'dualstack.lb-1.us-east-1.elb.amazonaws.com')));
    expect(names()).toEqual(['r.example.test A']);
  });

  test('is refused where aliases cannot be', () => {
    const { refused } = account();
    refused('InvalidInput', put(alias('r.example.test', 'Z35SXDOTRQ7X7K', 'lb.amazonaws.com', 'NS')));
  });
});
