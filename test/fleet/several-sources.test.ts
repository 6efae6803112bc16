import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { elbv2 } from '../../lib/fleet/sources/elbv2.ts';
import type { SourceKind } from '../../lib/fleet/sources/source-kind.ts';
import { canonicalJson } from '../../lib/plan/canonical.ts';
import { API } from './fleet-text.ts';

/** A made-up source, in the list beside the real ones. */
const another: SourceKind = {
  name: 'probe',
  schema: z.strictObject({ port: z.int() }, { error: 'a map with port' }),
  reference: z.strictObject({ port: z.int() }),
  read: (given) => z.strictObject({ port: z.int() }).parse(given),
  write: (reference) => reference,
  place: 'by a probe',
  permission: { actions: [], reason: '' },
};

let modules: {
  readonly text: typeof import('./fleet-text.ts');
  readonly codec: typeof import('../../lib/fleet/cell-fleet-codec.ts');
};

beforeAll(async () => {
  vi.resetModules();
  vi.doMock('../../lib/fleet/sources/sources.ts', () => ({ SOURCES: [elbv2, another] }));
  const [text, codec] = await Promise.all([
    import('./fleet-text.ts'),
    import('../../lib/fleet/cell-fleet-codec.ts'),
  ]);
  modules = { text, codec };
});

afterAll(() => {
  vi.doUnmock('../../lib/fleet/sources/sources.ts');
  vi.resetModules();
});

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t1/0123456789abcdef';
const of = (fields: string) =>
  modules.text.cellText([`t1: { az: z1, capacity: 100, ipv4: 192.0.2.1, ${fields} }`], [API]);

test('a target names a source by its key, and each source reads its own', () => {
  const [cell] = modules.text.fleetIn(of('probe: { port: 443 }')).cells;
  if (cell === undefined) throw new Error('the fleet has no cell');
  expect(cell.targets[0]?.observedBy).toEqual({ source: 'probe', reference: { port: 443 } });
  const stored = JSON.parse(canonicalJson(modules.codec.serialiseCellFleet({ ...cell, zoneId: 'Z1' })));
  expect(stored.targets[0]).toMatchObject({ id: 't1', probe: { port: 443 } });
  expect(modules.codec.parseCellFleet(stored).targets).toEqual(cell.targets);
  const twice = { ...stored.targets[0], elbv2: { kind: 'target-group', arn: GROUP } };
  expect(() => modules.codec.parseCellFleet({ ...stored, targets: [twice] })).toThrow('by two sources');
});

test('a target names one source', () => {
  expect(modules.text.printed(of(`probe: { port: 443 }, elbv2: { target_group: '${GROUP}' }`))).toEqual([
    'fleet.yaml:6:7: cells.use1-a.targets.t1 is observed by elbv2 and probe: name one source.',
  ]);
});

test('a key that is no source is answered with those that there are', () => {
  expect(modules.text.printed(of('colour: red'))).toEqual([
    expect.stringContaining(
      'use az, capacity, health, ipv4, ipv6, hostname, alias, health_check_id, elbv2 or probe.',
    ),
  ]);
});
