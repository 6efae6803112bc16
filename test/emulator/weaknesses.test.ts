import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RequestedChange } from '../../lib/emulator/requested-changes.ts';
import type { Route53 } from '../../lib/emulator/route53.ts';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import type { Weakness } from '../../lib/emulator/settings.ts';
import { WEAKNESSES } from '../../lib/emulator/settings.ts';
import { a, account, alias, drop, put, txt, weighted } from './account.ts';

interface Scene {
  /** The records in the zone before. */
  readonly before?: readonly RequestedChange[];
  /** What a faithful endpoint refuses or accepts; the weak one does the opposite. */
  readonly batch: readonly RequestedChange[];
  readonly faithful: 'accepts' | 'refuses';
}

const ZONE = 'Z1';
const fence = txt('f.example.test', 'seq=1');
const target = a('t.example.test', '192.0.2.1');
const two = { ...target, values: ['192.0.2.1', '192.0.2.2'] };
const root = alias('r.example.test', ZONE, 't.example.test');
const apexNs = (core: Route53) => core.records(ZONE).find(({ type }) => type === 'NS');

type Listed = 'listing-leaves-out' | 'listing-out-of-order' | 'listing-shows-twice';

const SCENES: Readonly<Record<Exclude<Weakness, 'apex-deletable' | 'change-id-unknown' | Listed>, Scene>> = {
  'alias-order-ignored': { batch: [put(root), put(target)], faithful: 'refuses' },
  'cname-clash-accepted': {
    before: [put(target)],
    batch: [put({ name: 't.example.test', type: 'CNAME', ttl: 1, values: ['x.test'] })],
    faithful: 'refuses',
  },
  'create-overwrites': {
    before: [put(target)],
    batch: [put({ ...target, values: ['192.0.2.9'] })],
    faithful: 'refuses',
  },
  'cross-zone-alias-accepted': {
    batch: [put(alias('r.example.test', 'Z3', 't.other.test'))],
    faithful: 'refuses',
  },
  'delete-ignores-ttl': {
    before: [put(target)],
    batch: [drop({ ...target, ttl: 1 })],
    faithful: 'refuses',
  },
  'delete-of-missing-accepted': { batch: [drop(target)], faithful: 'refuses' },
  'live-target-delete-rejected': {
    before: [put(target), put(root)],
    batch: [drop(target)],
    faithful: 'accepts',
  },
  'limits-ignored': {
    batch: Array.from({ length: 1_001 }, (_, index) => put(a(`n${index}.example.test`, '192.0.2.1'))),
    faithful: 'refuses',
  },
  'missing-alias-target-accepted': { batch: [put(root)], faithful: 'refuses' },
  'not-atomic': { batch: [put(target), drop(fence)], faithful: 'refuses' },
  'order-ignored': {
    before: [put(fence)],
    batch: [put(txt('f.example.test', 'seq=2')), drop(fence)],
    faithful: 'refuses',
  },
  'outside-name-accepted': { batch: [put(a('x.elsewhere.test', '192.0.2.1'))], faithful: 'refuses' },
  'reassert-rejected': { before: [put(fence)], batch: [drop(fence), put(fence)], faithful: 'accepts' },
  'replace-rejected': {
    before: [put(fence)],
    batch: [drop(fence), put(txt('f.example.test', 'seq=2'))],
    faithful: 'accepts',
  },
  'stale-delete-accepted': {
    before: [put(fence)],
    batch: [drop(txt('f.example.test', 'seq=0'))],
    faithful: 'refuses',
  },
  'value-order-matters': {
    before: [put(two)],
    batch: [drop({ ...two, values: [...two.values].reverse() })],
    faithful: 'accepts',
  },
};

/** What a listing of pages of two shows after the apex, by weakness. */
const LISTED: Readonly<Record<Listed, readonly string[]>> = {
  'listing-leaves-out': ['a', 'b.a', 'w one', 'w zero'],
  'listing-out-of-order': ['a', 'b.a', 'c.a', 'w one', 'w two', 'w zero'],
  'listing-shows-twice': ['a', 'b.a', 'c.a', 'w one', 'w one', 'w two', 'w one', 'w two'],
};

function listed(weaknesses: readonly Weakness[]): readonly string[] {
  const { core, change } = account({ weaknesses: new Set(weaknesses) });
  change(
    ...['a', 'b.a', 'c.a'].map((label) => put(a(`${label}.example.test`, '192.0.2.1'))),
    ...['one', 'two', 'zero'].map((id) => put(weighted('w.example.test', id, '192.0.2.1'))),
  );
  const shown: string[] = [];
  let from: Parameters<Route53['listResourceRecordSets']>[1] = { startName: 'a.example.test' };
  for (let pages = 0; pages < 4; pages += 1) {
    const { records, next } = core.listResourceRecordSets(ZONE, { ...from, maxItems: 2 });
    shown.push(...records.map(({ name, setIdentifier: id }) => [name.slice(0, -13), id].join(' ').trim()));
    if (next === undefined) break;
    from = { startName: next.name, startType: next.type, startIdentifier: next.setIdentifier };
  }
  return shown;
}

function play(scene: Scene, weaknesses: readonly Weakness[]): { outcome: string; changed: boolean } {
  const { core } = account({ weaknesses: new Set(weaknesses) });
  const other = core.createHostedZone({ name: 'other.test', callerReference: 'second' }).zone.id;
  core.changeResourceRecordSets(other, { changes: [put(a('t.other.test', '192.0.2.1'))] });
  for (const change of scene.before ?? []) core.changeResourceRecordSets(ZONE, { changes: [change] });
  const before = core.records(ZONE);
  try {
    core.changeResourceRecordSets(ZONE, { changes: scene.batch });
    return { outcome: 'accepts', changed: core.records(ZONE) !== before };
  } catch (error) {
    expect(error).toBeInstanceOf(Route53Error);
    return { outcome: 'refuses', changed: core.records(ZONE) !== before };
  }
}

describe('a weakness', () => {
  test('reassert-rejected leaves every other replacement accepted', () => {
    const { change, refused } = account({ weaknesses: new Set(['reassert-rejected']) });
    const next = txt('f.example.test', 'seq=2');
    change(put(fence), put(two));
    refused(
      'InvalidChangeBatch',
      drop(fence),
      put(next),
      drop(two),
      put({ ...two, values: [...two.values].reverse() }),
    );
    change(drop(fence), put(next), drop(two), put({ ...two, ttl: 1 }));
  });

  test.each(Object.entries(SCENES))('%s shows, and only where it was asked for', (weakness, scene) => {
    expect(play(scene, [])).toEqual({ outcome: scene.faithful, changed: scene.faithful === 'accepts' });
    const weak = play(scene, [weakness as Weakness]);
    if (weakness === 'not-atomic') expect(weak).toEqual({ outcome: 'refuses', changed: true });
    else expect(weak.outcome).toBe(scene.faithful === 'accepts' ? 'refuses' : 'accepts');
  });

  test.each(Object.entries(LISTED))('%s shows in a listing', (weakness, expected) => {
    const whole = ['a', 'b.a', 'c.a', 'w one', 'w two', 'w zero'];
    expect(listed([])).toEqual(whole);
    expect(listed([weakness as Weakness])).toEqual(expected);
  });

  test('apex-deletable lets the NS go', () => {
    const { core, change } = account({ weaknesses: new Set(['apex-deletable']) });
    const ns = apexNs(core);
    if (ns === undefined) throw new Error('The zone has no NS.');
    change(drop(ns));
    expect(apexNs(core)).toBeUndefined();
  });

  test('change-id-unknown forgets every change at once', () => {
    const { core, change } = account({ weaknesses: new Set(['change-id-unknown']) });
    expect(() => core.getChange(change(put(target)))).toThrow('Could not find resource');
  });

  test('has a scene here', () => {
    const others = ['apex-deletable', 'change-id-unknown', ...Object.keys(LISTED)];
    expect([...Object.keys(SCENES), ...others].sort()).toEqual([...WEAKNESSES].sort());
  });
});

test('every weakness is listed where the emulator is documented', () => {
  const page = readFileSync(new URL('../../docs/emulator.md', import.meta.url), 'utf8');
  const listed = /The weaknesses are ([^;]+);/.exec(page)?.[1]?.split(/, | and /);
  expect(listed).toEqual([...WEAKNESSES]);
});
