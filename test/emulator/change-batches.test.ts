import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RequestedChange } from '../../lib/emulator/requested-changes.ts';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { a, account, alias, drop, put, txt, upsert, weighted } from './account.ts';

describe('CREATE', () => {
  test('makes what is not there and refuses what is', () => {
    const { change, refused, names } = account();
    change(put(a('x.example.test', '192.0.2.1')));
    const error = refused('InvalidChangeBatch', put(a('x.example.test', '192.0.2.2')));
    expect(error.message).toBe(
      "[Tried to create resource record set [name='x.example.test.', type='A'] but it already exists]",
    );
    expect(error.status).toBe(400);
    expect(names()).toEqual(['x.example.test A']);
  });

  test('distinguishes weighted record sets by their set identifier', () => {
    const { change, refused, names } = account();
    change(put(weighted('w.example.test', 'one', '192.0.2.1')));
    change(put(weighted('w.example.test', 'two', '192.0.2.2')));
    expect(names()).toEqual(['w.example.test A one', 'w.example.test A two']);
    expect(
      refused('InvalidChangeBatch', put(weighted('w.example.test', 'two', '192.0.2.3'))).message,
    ).toContain("[name='w.example.test.', type='A', set-identifier='two'] but it already exists");
  });

  test('refuses simple and weighted at one name and type, in either order', () => {
    const { change, refused } = account();
    change(put(a('s.example.test', '192.0.2.1')), put(weighted('w.example.test', 'one', '192.0.2.1')));
    const text = 'cannot be created as other RRSets exist with the same name and type.';
    expect(
      refused('InvalidChangeBatch', put(weighted('s.example.test', 'one', '192.0.2.1'))).message,
    ).toContain(text);
    expect(refused('InvalidChangeBatch', put(a('w.example.test', '192.0.2.1'))).message).toContain(text);
  });

  test('refuses two routing policies at one name and type', () => {
    const { change, refused } = account();
    change(put(weighted('w.example.test', 'one', '192.0.2.1')));
    refused(
      'InvalidChangeBatch',
      put(a('w.example.test', '192.0.2.2', { setIdentifier: 'two', routing: { Region: 'us-east-1' } })),
    );
  });
});

describe('DELETE', () => {
  const stored = { ...weighted('x.example.test', 'one', '192.0.2.1', 7), values: ['192.0.2.1', '192.0.2.2'] };

  test('matches the values in any order', () => {
    const { change, names } = account();
    change(put(stored));
    change(drop({ ...stored, values: ['192.0.2.2', '192.0.2.1'] }));
    expect(names()).toEqual([]);
  });

  test.each([
    ['another TTL', { ttl: 61 }],
    ['another weight', { weight: 8 }],
    ['another value', { values: ['192.0.2.1', '192.0.2.3'] }],
    ['a value fewer', { values: ['192.0.2.1'] }],
    ['a value more', { values: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }],
    ['a health check', { healthCheckId: 'H1' }],
  ])('refuses %s', (_what, difference) => {
    const { change, refused, names } = account();
    change(put(stored));
    expect(refused('InvalidChangeBatch', drop({ ...stored, ...difference })).message).toBe(
      "[Tried to delete resource record set [name='x.example.test.', type='A', set-identifier='one'] but the values provided do not match the current values]",
    );
    expect(names()).toHaveLength(1);
  });

  test('refuses another type, set identifier or name as not found', () => {
    const { change, refused } = account();
    change(put(stored), put(txt('t.example.test', 'here')));
    for (const other of [
      { ...stored, setIdentifier: 'two' },
      { ...stored, name: 'y.example.test' },
      { ...stored, type: 'AAAA', values: ['2001:db8::1'] },
    ]) {
      expect(refused('InvalidChangeBatch', drop(other)).message).toContain('but it was not found]');
    }
  });

  test('matches an alias by its target, zone and health evaluation', () => {
    const { change, refused, names, zoneId } = account();
    change(put(a('t.example.test', '192.0.2.1')), put(a('u.example.test', '192.0.2.1')));
    const root = alias('r.example.test', zoneId, 't.example.test');
    change(put(root));
    refused('InvalidChangeBatch', drop(alias('r.example.test', zoneId, 'u.example.test')));
    refused('InvalidChangeBatch', drop(alias('r.example.test', 'ZOTHER', 't.example.test')));
    refused('InvalidChangeBatch', drop(a('r.example.test', '192.0.2.1')));
    change(drop(alias('R.example.test.', zoneId, 'T.Example.Test.')));
    expect(names()).toEqual(['t.example.test A', 'u.example.test A']);
  });
});

describe('UPSERT', () => {
  test('makes what is not there and replaces what is', () => {
    const { change, core, zoneId } = account();
    change(upsert(a('x.example.test', '192.0.2.1')));
    change(upsert(a('x.example.test', '192.0.2.2', { ttl: 9 })));
    const [record] = core.records(zoneId).filter(({ name }) => name === 'x.example.test');
    expect(record).toEqual({ name: 'x.example.test', type: 'A', ttl: 9, values: ['192.0.2.2'] });
  });
});

describe('order and atomicity', () => {
  test('DELETE then CREATE of the same record set is a compare-and-swap', () => {
    const { change, refused, core, zoneId } = account();
    change(put(txt('f.example.test', 'seq=1')));
    change(drop(txt('f.example.test', 'seq=1')), put(txt('f.example.test', 'seq=2')));
    refused('InvalidChangeBatch', drop(txt('f.example.test', 'seq=1')), put(txt('f.example.test', 'seq=2')));
    expect(core.records(zoneId).find(({ type }) => type === 'TXT')?.values).toEqual(['"seq=2"']);
  });

  test('DELETE and CREATE of the same value asserts it', () => {
    const { change, names } = account();
    change(put(txt('f.example.test', 'seq=1')));
    change(drop(txt('f.example.test', 'seq=1')), put(txt('f.example.test', 'seq=1')));
    expect(names()).toEqual(['f.example.test TXT']);
  });

  test('CREATE before the DELETE that would make room is refused', () => {
    const { change, refused } = account();
    change(put(txt('f.example.test', 'seq=1')));
    const error = refused(
      'InvalidChangeBatch',
      put(txt('f.example.test', 'seq=2')),
      drop(txt('f.example.test', 'seq=1')),
    );
    expect(error.message).toBe(
      "[The request contains an invalid set of changes for a resource record set 'TXT f.example.test.']",
    );
  });

  test('CREATE of another type before the DELETE that would make room is refused', () => {
    const { change, refused } = account();
    const address = a('x.example.test', '192.0.2.1');
    const cname = { name: 'x.example.test', type: 'CNAME', ttl: 1, values: ['y.test'] };
    change(put(address));
    refused('InvalidChangeBatch', put(cname), drop(address));
    change(drop(address), put(cname));
  });

  test('of one record set a batch holds one change, or a DELETE and then a CREATE', () => {
    const { change, refused, names } = account();
    const one = weighted('x.example.test', 'one', '192.0.2.1');
    const two = weighted('x.example.test', 'two', '192.0.2.2');
    change(put(one), put(two));
    for (const set of [
      [drop(one), drop(one)],
      [upsert(one), upsert(one)],
      [drop(one), put(one), drop(one)],
      [drop(one), upsert(one)],
    ]) {
      expect(refused('InvalidChangeBatch', ...set).message).toContain(
        "an invalid set of changes for a resource record set 'A x.example.test.'",
      );
    }
    change(drop(one), put({ ...one, weight: 2 }), drop(two));
    expect(names()).toEqual(['x.example.test A one']);
  });

  test('one failure undoes the whole batch, and every failure is listed', () => {
    const { change, refused, names } = account();
    change(put(a('x.example.test', '192.0.2.1')));
    const error = refused(
      'InvalidChangeBatch',
      put(a('new.example.test', '192.0.2.1')),
      drop(a('x.example.test', '192.0.2.9')),
      drop(a('gone.example.test', '192.0.2.1')),
      put(a('bad.example.test', 'not an address')),
      put(a('elsewhere.test', '192.0.2.1')),
    );
    expect(error.message).toContain('do not match the current values');
    expect(error.message).toContain("[name='gone.example.test.', type='A'] but it was not found");
    expect(error.message).toContain('ARRDATAIllegalIPv4Address');
    expect(error.message).toContain(
      'RRSet with DNS name elsewhere.test. is not permitted in zone example.test.',
    );
    expect(names()).toEqual(['x.example.test A']);
  });

  test('property: a batch either applies as a whole or changes nothing', () => {
    const record = fc.record({
      name: fc.constantFrom('a.example.test', 'b.example.test', 'example.test', 'c.elsewhere.test'),
      kind: fc.constantFrom('simple', 'weighted', 'alias', 'cname'),
      value: fc.constantFrom('192.0.2.1', '192.0.2.2', 'broken'),
    });
    const step = fc.record({ action: fc.constantFrom('CREATE', 'DELETE', 'UPSERT'), record });
    const toChange = ({ action, record }: { action: string; record: Drawn }, zoneId: string) =>
      ({ action, record: drawn(record, zoneId) }) as RequestedChange;
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 12 }), (batches) => {
        const { core, zoneId } = account();
        for (const batch of batches) {
          const before = core.records(zoneId);
          const alone = core.clone();
          const changes = batch.map((one) => toChange(one, zoneId));
          if (isAccepted(() => core.changeResourceRecordSets(zoneId, { changes }))) {
            // Accepted as a whole: the same changes one by one are accepted too, and end the same.
            for (const change of changes) alone.changeResourceRecordSets(zoneId, { changes: [change] });
            expect(core.records(zoneId)).toEqual(alone.records(zoneId));
          } else {
            expect(core.records(zoneId)).toEqual(before);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Drawn {
  readonly name: string;
  readonly kind: string;
  readonly value: string;
}

function drawn({ name, kind, value }: Drawn, zoneId: string) {
  if (kind === 'weighted') return weighted(name, value.slice(-1), value);
  if (kind === 'alias') return alias(name, zoneId, value === 'broken' ? 'a.example.test' : 'b.example.test');
  if (kind === 'cname') return { name, type: 'CNAME', ttl: 60, values: ['elsewhere.test'] };
  return a(name, value);
}

function isAccepted(call: () => unknown): boolean {
  try {
    call();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Route53Error);
    return false;
  }
}
