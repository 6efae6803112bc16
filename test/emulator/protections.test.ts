import { describe, expect, test } from 'vitest';
import { a, account, alias, drop, put, refusal, txt, upsert, weighted } from './account.ts';

const root = { name: 'r.example.test', type: 'A' };

describe('a protection', () => {
  test('refuses every change to its name and type, whatever the set identifier', () => {
    const { core, zoneId, change, refused, names } = account();
    const one = weighted('r.example.test', 'one', '192.0.2.1');
    change(put(one));
    core.createResourceRecordSetProtections(zoneId, [root]);
    for (const refusedChange of [
      drop(one),
      upsert({ ...one, weight: 2 }),
      put(weighted('R.Example.Test.', 'two', '192.0.2.2')),
    ]) {
      expect(refused('InvalidChangeBatch', refusedChange).message).toContain('are protected');
    }
    refused('InvalidChangeBatch', drop(one), put(one));
    expect(names()).toEqual(['r.example.test A one']);
  });

  test('refuses the whole batch, and names each record set with the comment of its protection', () => {
    const { core, zoneId, refused, names } = account();
    core.createResourceRecordSetProtections(zoneId, [
      { ...root, comment: 'ask the dns team' },
      { name: 't.example.test', type: 'TXT' },
    ]);
    const batch = [put(a('free.example.test', '192.0.2.1')), put(a('r.example.test', '192.0.2.1'))];
    expect(refused('InvalidChangeBatch', ...batch, put(txt('t.example.test', 'x'))).message).toBe(
      "[Tried to change resource record set [name='r.example.test.', type='A'] but its name and type are protected (ask the dns team), Tried to change resource record set [name='t.example.test.', type='TXT'] but its name and type are protected]",
    );
    expect(names()).toEqual([]);
  });

  test('leaves other types of its name, and aliases that point at it, as free as they were', () => {
    const { core, zoneId, change, names } = account();
    change(put(a('r.example.test', '192.0.2.1')));
    core.createResourceRecordSetProtections(zoneId, [root]);
    change(put(txt('r.example.test', 'x')), put(alias('s.example.test', zoneId, 'r.example.test')));
    expect(names()).toEqual(['r.example.test A', 'r.example.test TXT', 's.example.test A']);
  });

  test('is gone when it is deleted', () => {
    const { core, zoneId, change, refused } = account();
    core.createResourceRecordSetProtections(zoneId, [root]);
    refused('InvalidChangeBatch', put(a('r.example.test', '192.0.2.1')));
    core.deleteResourceRecordSetProtections(zoneId, [{ name: 'R.example.test.', type: 'A' }]);
    change(put(a('r.example.test', '192.0.2.1')));
    expect(core.protections(zoneId)).toEqual([]);
  });

  test('stays behind in a clone, and what the clone does to it stays there', () => {
    const { core, zoneId } = account();
    core.createResourceRecordSetProtections(zoneId, [root]);
    const copy = core.clone();
    copy.deleteResourceRecordSetProtections(zoneId, [root]);
    expect(core.protections(zoneId)).toEqual([root]);
  });

  test('keeps its hosted zone from being deleted', () => {
    const { core, zoneId } = account();
    core.createResourceRecordSetProtections(zoneId, [root]);
    expect(refusal(() => core.deleteHostedZone(zoneId)).code).toBe('HostedZoneNotEmpty');
  });
});

describe('a request for protections', () => {
  const other = { name: 'o.example.test', type: 'A' };

  test('makes all or none', () => {
    const { core, zoneId } = account();
    core.createResourceRecordSetProtections(zoneId, [root]);
    const create = (...entries: readonly { readonly name: string; readonly type: string }[]) =>
      refusal(() => core.createResourceRecordSetProtections(zoneId, entries));
    expect(create(root)).toMatchObject({ code: 'ProtectionAlreadyExists', status: 409 });
    expect(create(other, root).message).toBe("[[name='r.example.test.', type='A'] already has a protection]");
    expect(create(other, root).code).toBe('InvalidResourceRecordSetProtectionBatch');
    expect(core.protections(zoneId)).toEqual([root]);
  });

  test('deletes all or none', () => {
    const { core, zoneId } = account();
    core.createResourceRecordSetProtections(zoneId, [root]);
    expect(refusal(() => core.deleteResourceRecordSetProtections(zoneId, [root, other]))).toMatchObject({
      code: 'InvalidResourceRecordSetProtectionBatch',
      message: "[[name='o.example.test.', type='A'] has no protection]",
    });
    expect(core.protections(zoneId)).toEqual([root]);
  });

  test.each([
    ['a name outside the zone', { name: 'r.other.test', type: 'A' }],
    ['a name that is none', { name: 'a..example.test', type: 'A' }],
    ['a type that cannot be protected', { name: 'r.example.test', type: 'DNAME' }],
    ['a comment of 257 characters', { ...root, comment: 'c'.repeat(257) }],
  ])('is refused with %s, before it is asked what exists', (_what, entry) => {
    const { core, zoneId } = account();
    core.createResourceRecordSetProtections(zoneId, [other]);
    const error = refusal(() => core.createResourceRecordSetProtections(zoneId, [other, entry]));
    expect(error.code).toBe('InvalidResourceRecordSetProtectionBatch');
    expect(error.message).not.toContain('already has');
  });

  test('is refused with one entry twice, with none, and with more than 100', () => {
    const { core, zoneId } = account();
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `n${index}.example.test`, type: 'A' }));
    const create = (entries: readonly { readonly name: string; readonly type: string }[]) =>
      refusal(() => core.createResourceRecordSetProtections(zoneId, entries)).code;
    expect(create([root, root])).toBe('InvalidResourceRecordSetProtectionBatch');
    expect(create([])).toBe('InvalidInput');
    expect(create(many(101))).toBe('InvalidInput');
    core.createResourceRecordSetProtections(zoneId, many(100));
    expect(core.protections(zoneId)).toHaveLength(100);
  });
});

test('protections are listed in pages, in the order of names and types', () => {
  const { core, zoneId } = account();
  core.createResourceRecordSetProtections(zoneId, [
    { name: 'b.example.test', type: 'TXT' },
    { name: 'b.example.test', type: 'A' },
    { name: 'a-b.example.test', type: 'A' },
  ]);
  const shown = (page?: Parameters<typeof core.listResourceRecordSetProtections>[1]) =>
    core
      .listResourceRecordSetProtections(zoneId, page)
      .protections.map(({ name, type }) => `${name} ${type}`);
  expect(shown()).toEqual(['a-b.example.test A', 'b.example.test A', 'b.example.test TXT']);
  expect(shown({ startName: 'b.example.test', startType: 'TXT' })).toEqual(['b.example.test TXT']);
  const { nextToken } = core.listResourceRecordSetProtections(zoneId, { maxResults: 1 });
  expect(shown({ nextToken, maxResults: 1 })).toEqual(['b.example.test A']);
  expect(refusal(() => shown({ maxResults: 0 })).code).toBe('InvalidInput');
  expect(refusal(() => shown({ startType: 'A' })).code).toBe('InvalidInput');
  expect(refusal(() => shown({ startName: 'a..b' })).code).toBe('InvalidInput');
});
