import { describe, expect, it } from 'vitest';
import type { CellFleet, FleetEndpoint } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import type { RootsInput } from '../../lib/plan/roots.ts';
import { conflictSentence, planRoots } from '../../lib/plan/roots.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';
import { aliased, inPlace, plain } from './given-zone.ts';

const API = 'api.example.test';
const ROLLBACK = 'rollback.api.use1-a._pawl.example.test';
const OLD = 'g000001.api.use1-a._pawl.example.test';
const NEW = 'g000002.api.use1-a._pawl.example.test';

function apiOf(more: Partial<FleetEndpoint> = {}): CellFleet {
  const whole = target('a', { ipv6: ['2001:db8::1'], hostname: dnsName('a.example.com') });
  return fleetOf([whole], [endpoint(API, ['a'], more)]);
}

const BEFORE = planOf(desiredOf(apiOf()));
const GOAL = planOf(desiredOf(apiOf({ ttl: 30 }), { base: BEFORE }), 2);
const NEW_TREE = GOAL.endpoints.flatMap((each) => treeRecords(each, SCOPE));

/** The changes that bring `goal` about in a zone of these records; the cell owns the names that it had before. */
function roots(records: readonly RecordSet[], goal: Plan = GOAL, more: Partial<RootsInput> = {}) {
  const planned = planRoots({
    scope: SCOPE,
    goal,
    view: zoneView(records),
    owned: new Set([dnsName(API)]),
    adopted: new Set(),
    complete: true,
    ...more,
  });
  const shown = (record: RecordSet) =>
    `${recordKey(record).trim()} → ${record.alias?.name ?? record.values?.join()}`;
  return {
    ...planned,
    deletes: planned.groups.flatMap(({ deletes }) => deletes).map(shown),
    creates: planned.groups.flatMap(({ creates }) => creates).map(shown),
  };
}

describe('the roots of a goal', () => {
  it('move from the old tree to the new one, and the rollback root to the old one', () => {
    expect(roots([...inPlace(BEFORE), ...NEW_TREE])).toMatchObject({
      changed: [API],
      conflicts: [],
      rollbacks: { api: 'g000001' },
      deletes: [`${API} A → ${OLD}`],
      creates: [`${API} A → ${NEW}`],
    });
  });

  it('need nothing when everything is in place', () => {
    const planned = roots(inPlace(GOAL));
    expect(planned).toMatchObject({ groups: [], changed: [], conflicts: [], rollbacks: { api: 'g000002' } });
  });

  it('leave a rollback root at whatever tree it has while the root does not move', () => {
    const there = [
      ...BEFORE.endpoints.flatMap((each) => treeRecords(each, SCOPE)),
      ...NEW_TREE,
      aliased(API, NEW),
      aliased(ROLLBACK, OLD),
    ];
    expect(roots(there)).toMatchObject({ groups: [], rollbacks: { api: 'g000001' } });
  });

  it('are made where there is nothing, the rollback root at the new tree', () => {
    expect(roots(NEW_TREE)).toMatchObject({
      changed: [API],
      rollbacks: { api: 'g000002' },
      deletes: [],
      creates: [`${API} A → ${NEW}`, `${ROLLBACK} A → ${NEW}`],
    });
  });

  const oldTree = BEFORE.endpoints.flatMap((each) => treeRecords(each, SCOPE));
  const predecessors: readonly (readonly [string, readonly RecordSet[], string])[] = [
    ['dangles', [aliased(API, 'g000000.api.use1-a._pawl.example.test')], 'g000002'],
    [
      'dangles, and the rollback root is valid',
      [aliased(API, 'g000000.api.use1-a._pawl.example.test'), ...oldTree, aliased(ROLLBACK, OLD)],
      'g000001',
    ],
    ['is an address', [plain(API)], 'g000002'],
    [
      'is an address, and the rollback root is valid',
      [plain(API), ...oldTree, aliased(ROLLBACK, OLD)],
      'g000001',
    ],
    [
      'evaluates health',
      [
        { ...aliased(API, OLD), alias: { zoneId: 'Z1', name: dnsName(OLD), evaluateTargetHealth: true } },
        ...oldTree,
      ],
      'g000002',
    ],
    [
      'points into another cell',
      [aliased(API, 'g000001.api.use1-b._pawl.example.test'), plain('g000001.api.use1-b._pawl.example.test')],
      'g000002',
    ],
    ['points out of the cell', [aliased(API, 'www.example.test'), plain('www.example.test')], 'g000002'],
    [
      'points at a tree of another type alone',
      [aliased(API, OLD), plain(OLD, 'AAAA', '2001:db8::9')],
      'g000002',
    ],
    ['is a CNAME', [plain(API, 'CNAME', 'x.example.com')], 'g000002'],
    [
      'is weighted',
      [
        { ...plain(API), setIdentifier: 'x', weight: 1 },
        { ...plain(API), setIdentifier: 'y', weight: 1 },
      ],
      'g000002',
    ],
    [
      'is already the new tree, and the rollback root is garbage',
      [aliased(API, NEW), plain(ROLLBACK, 'TXT', '"x"')],
      'g000002',
    ],
  ];
  it.each(predecessors)('take the place of a predecessor that %s', (_, there, rollback) => {
    const planned = roots([...there, ...NEW_TREE]);
    expect(planned.conflicts).toEqual([]);
    expect(planned.rollbacks).toEqual({ api: rollback });
    // Played onto the zone, the changes leave exactly the root and the rollback root.
    const gone = new Set(planned.groups.flatMap(({ deletes }) => deletes));
    const left = [
      ...there.filter((record) => !gone.has(record)),
      ...planned.groups.flatMap(({ creates }) => creates),
    ];
    const mine = left.filter(({ name }) => name === API || name === ROLLBACK);
    expect(mine.map(({ name, alias }) => [name, alias?.name]).sort()).toEqual([
      [API, NEW],
      [ROLLBACK, `${rollback}.api.use1-a._pawl.example.test`],
    ]);
  });

  it('get a root and a rollback root a family, each by its own predecessor', () => {
    const both = planOf(desiredOf(apiOf({ families: ['A', 'AAAA'] }), { base: BEFORE }), 2);
    const there = [...inPlace(BEFORE), ...both.endpoints.flatMap((each) => treeRecords(each, SCOPE))];
    const planned = roots(there, both);
    expect(planned.creates).toEqual([
      `${API} A → ${NEW}`,
      `${API} AAAA → ${NEW}`,
      `${ROLLBACK} AAAA → ${NEW}`,
    ]);
    // The families go back to different trees, so no single label holds.
    expect(planned.rollbacks).toEqual({});
  });

  it('give up the root and the rollback root of a family that goes', () => {
    const both = planOf(desiredOf(apiOf({ families: ['A', 'AAAA'] })));
    const planned = roots([...inPlace(both), ...NEW_TREE]);
    expect(planned.deletes).toEqual([
      `${API} A → ${OLD}`,
      `${API} AAAA → ${OLD}`,
      `${ROLLBACK} AAAA → ${OLD}`,
    ]);
    expect(planned.rollbacks).toEqual({ api: 'g000001' });
  });

  it('change from addresses to a hostname and back in one batch', () => {
    const hostname = planOf(desiredOf(apiOf({ kind: 'hostname' }), { base: BEFORE }), 2);
    const there = [...inPlace(BEFORE), ...hostname.endpoints.flatMap((each) => treeRecords(each, SCOPE))];
    expect(roots(there, hostname)).toMatchObject({
      deletes: [`${API} A → ${OLD}`, `${ROLLBACK} A → ${OLD}`],
      creates: [`${API} CNAME → ${NEW}`, `${ROLLBACK} CNAME → ${NEW}`],
      rollbacks: { api: 'g000002' },
    });
  });

  it('leave mail and text at the name of an endpoint alone', () => {
    const mail = plain(API, 'MX', '1 mail.example.com');
    const planned = roots([...inPlace(BEFORE), mail, ...NEW_TREE]);
    expect(planned.deletes).toEqual([`${API} A → ${OLD}`]);
    expect(planned.conflicts).toEqual([]);
  });

  it('are only those that were asked for', () => {
    const only = { only: new Set([dnsName('web.example.test')]) };
    expect(roots(NEW_TREE, GOAL, only)).toMatchObject({ groups: [], changed: [], rollbacks: {} });
  });
});

describe('an endpoint that the goal does not have any more', () => {
  const nothing = planOf(desiredOf(fleetOf([], []), { base: BEFORE }), 2);

  it('loses its roots and its rollback root, and nothing else at its name', () => {
    const mail = plain(API, 'MX', '1 mail.example.com');
    expect(roots([...inPlace(BEFORE), mail], nothing)).toMatchObject({
      changed: [API],
      deletes: [`${API} A → ${OLD}`, `${ROLLBACK} A → ${OLD}`],
      creates: [],
    });
  });

  it('keeps its root while a foreign alias points at it, and the conflict names that alias', () => {
    const foreign = aliased('www.example.test', API);
    const { conflicts } = roots([...inPlace(BEFORE), foreign], nothing);
    expect(conflicts).toEqual([{ name: API, types: ['A'], kind: 'pointed', by: 'www.example.test' }]);
  });

  it('is nothing to do when it was never owned', () => {
    expect(roots(inPlace(BEFORE), nothing, { owned: new Set() })).toMatchObject({
      changed: [],
      // A rollback root that neither the goal nor the log knows is a stray of the cell's own subtree.
      deletes: [`${ROLLBACK} A → ${OLD}`],
    });
  });
});

describe('a stray rollback root', () => {
  const stray = aliased('rollback.gone.use1-a._pawl.example.test', NEW);

  it('goes when the whole zone was read', () => {
    expect(roots([...inPlace(GOAL), stray]).deletes).toEqual([
      `rollback.gone.use1-a._pawl.example.test A → ${NEW}`,
    ]);
    expect(roots([...inPlace(GOAL), stray], GOAL, { complete: false }).deletes).toEqual([]);
  });

  it('stays while an alias points at it', () => {
    const pointer = aliased('www.example.test', stray.name);
    expect(roots([...inPlace(GOAL), stray, pointer]).deletes).toEqual([]);
  });
});

describe('what stands in the way of a root', () => {
  const fresh = { owned: new Set<never>() };

  it('is a record that is not of Pawl at a name that the cell does not own', () => {
    const planned = roots([plain(API), ...NEW_TREE], GOAL, fresh);
    expect(planned).toMatchObject({
      groups: [],
      conflicts: [{ name: API, types: ['A'], kind: 'adoptable' }],
      rollbacks: {},
    });
  });

  it('is nothing once the name is adopted, or the record points into the trees of the cell', () => {
    expect(
      roots([plain(API), ...NEW_TREE], GOAL, { ...fresh, adopted: new Set([dnsName(API)]) }).conflicts,
    ).toEqual([]);
    expect(roots([aliased(API, OLD), ...NEW_TREE], GOAL, fresh).conflicts).toEqual([]);
    expect(roots([plain(API, 'MX', '1 m.example.com'), ...NEW_TREE], GOAL, fresh).conflicts).toEqual([]);
  });

  it('is any other type where a CNAME must go, owned or not', () => {
    const hostname = planOf(desiredOf(apiOf({ kind: 'hostname' })));
    const there = [plain(API, 'MX', '1 m.example.com'), plain(API, 'TXT', '"x"')];
    expect(roots(there, hostname).conflicts).toEqual([{ name: API, types: ['MX', 'TXT'], kind: 'blocking' }]);
  });

  it('is reported in one sentence with what to do', () => {
    const name = dnsName(API);
    expect(conflictSentence([])).toBe('Nothing stands in the way.');
    expect(conflictSentence([{ name, types: ['A', 'AAAA', 'A'], kind: 'adoptable' }])).toBe(
      `${API} already has A and AAAA records that are not Pawl's: run "pawl adopt ${API}" to take them over, or remove them.`,
    );
    expect(
      conflictSentence([
        { name, types: ['MX'], kind: 'blocking' },
        { name, types: ['A'], kind: 'adoptable' },
      ]),
    ).toBe(
      `${API} has MX records, which a CNAME excludes (and 1 more like it): move them to another name, or declare the endpoint with addresses.`,
    );
    expect(conflictSentence([{ name, types: ['A'], kind: 'pointed', by: dnsName('www.example.test') }])).toBe(
      `${API} would lose its A records while www.example.test is an alias of it: change that alias first.`,
    );
  });
});
