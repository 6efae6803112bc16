import { describe, expect, test } from 'vitest';
import { a, account, drop, put, refusal } from './account.ts';

const one = a('one.example.test', '192.0.2.1');
const two = a('two.example.test', '192.0.2.2');

function own(records: readonly { readonly name: string }[]): readonly string[] {
  return records.map(({ name }) => name).filter((name) => name !== 'example.test');
}

describe('a change', () => {
  test('is PENDING until the delay has passed, then INSYNC', () => {
    const { core, change, pass } = account({ insyncDelayMs: 30_000 });
    const id = change(put(one));
    expect(core.getChange(id)).toMatchObject({ id, status: 'PENDING', submittedAt: 1_000_000 });
    pass(29_999);
    expect(core.getChange(id).status).toBe('PENDING');
    pass(1);
    expect(core.getChange(id).status).toBe('INSYNC');
  });

  test('is committed at once and served no later than INSYNC', () => {
    const { core, zoneId, change, pass } = account({ insyncDelayMs: 30_000 });
    change(put(one));
    expect(own(core.records(zoneId))).toEqual(['one.example.test']);
    expect(own(core.served(zoneId))).toEqual([]);
    pass(30_000);
    expect(own(core.served(zoneId))).toEqual(['one.example.test']);
  });

  test('reaches the name servers in the order of the commits', () => {
    const { core, zoneId, change, pass } = account({ insyncDelayMs: 30_000 });
    change(put(one));
    pass(10_000);
    change(put(two), drop(one));
    expect(core.answerable(zoneId).map(own)).toEqual([[], ['one.example.test'], ['two.example.test']]);
    pass(20_000);
    expect(core.answerable(zoneId).map(own)).toEqual([['one.example.test'], ['two.example.test']]);
    pass(10_000);
    expect(core.answerable(zoneId).map(own)).toEqual([['two.example.test']]);
  });

  test('waits for settle when the delay has no end, and takes the older ones with it', () => {
    const { core, zoneId, change, pass } = account({ insyncDelayMs: Number.POSITIVE_INFINITY });
    const first = change(put(one));
    const second = change(put(two));
    const third = change(drop(one));
    pass(1e12);
    expect(core.getChange(first).status).toBe('PENDING');
    core.settle(second);
    expect([first, second, third].map((id) => core.getChange(id).status)).toEqual([
      'INSYNC',
      'INSYNC',
      'PENDING',
    ]);
    expect(own(core.served(zoneId))).toEqual(['one.example.test', 'two.example.test']);
  });

  test('that is not known is NoSuchChange', () => {
    const { core } = account();
    for (const call of [() => core.getChange('CNONE'), () => core.settle('CNONE')]) {
      expect(refusal(call)).toMatchObject({ code: 'NoSuchChange', status: 404 });
    }
  });

  test('keeps the instant that it was given when the delay is changed', () => {
    const { core, change, pass } = account({ insyncDelayMs: 30_000 });
    const before = change(put(one));
    core.configure({ insyncDelayMs: 0 });
    const after = change(put(two));
    expect([before, after].map((id) => core.getChange(id).status)).toEqual(['PENDING', 'INSYNC']);
    pass(30_000);
    expect(core.getChange(before).status).toBe('INSYNC');
  });

  test('is forgotten in the end, long after it was made', () => {
    const { core, change } = account();
    const first = change(put(one));
    for (let round = 0; round < 6_000; round += 1) {
      change(drop(one));
      change(put(one));
    }
    expect(refusal(() => core.getChange(first)).code).toBe('NoSuchChange');
    expect(core.getChange(change(drop(one))).status).toBe('INSYNC');
  });
});
