import { describe, expect, it } from 'vitest';
import type { Circumstances } from '../../lib/cell/proposal.ts';
import { choose } from '../../lib/cell/proposal.ts';
import { stateCharsMax, TREES_MAX } from '../../lib/ledger/decider/state.ts';
import { worstStateChars } from '../../lib/ledger/decider/state-room.ts';
import type { FindingCode } from '../../lib/plan/findings.ts';
import type { CellFleet, CellPolicy, FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { fleetOf, endpoint as given, target } from '../plan/given-fleet.ts';
import type { GivenCell } from '../support/known-cell.ts';
import { knownCell, NOW, refusal } from '../support/known-cell.ts';

const GOOD = dnsName('good.example.test');
const BAD = dnsName('bad.example.test');
const CARELESS: Partial<CellPolicy> = { endpointsChangedPercent: 100, blindPercent: 100 };
const FACTS = { records: 100, recordLimit: 10_000, negativeTtlS: 60, delegations: [], conflicts: [] };
const DOWN = { health: 'unhealthy', capacity: 100 } as const;

/** `good` over eight targets, of which `good-1` fails and `good-2` is drained, and `bad` over four of its own. */
const GOOD_TARGETS = Array.from({ length: 8 }, (_, index) => target(`good-${index + 1}`));
const BAD_TARGETS = Array.from({ length: 4 }, (_, index) => target(`bad-${index + 1}`));
const BAD_IDS = BAD_TARGETS.map(({ id }) => id);
const LEFT = GOOD_TARGETS.slice(2).map(({ id }) => id);

function fleet(
  bad: Partial<FleetEndpoint> | undefined,
  policy: Partial<CellPolicy> = CARELESS,
  more: readonly FleetTarget[] = [],
  others: readonly FleetEndpoint[] = [],
): CellFleet {
  const good = given(
    GOOD,
    GOOD_TARGETS.map(({ id }) => id),
  );
  const bads = bad === undefined ? [] : [{ ...given(BAD, BAD_IDS), ...bad }];
  return fleetOf([...GOOD_TARGETS, ...BAD_TARGETS, ...more], [good, ...bads, ...others], policy);
}

interface Case extends Omit<GivenCell, 'before'> {
  readonly before?: CellFleet;
  readonly claimed?: Circumstances['claimed'];
  /** What is kept back; `bad` unless given. */
  readonly kept?: readonly string[];
  /** What `good` answers with. */
  readonly left?: readonly string[];
}

const other = (ttl: number): FleetEndpoint => ({ ...given('other.example.test', BAD_IDS), ttl });
const many = (count: number, more: Partial<FleetTarget> = {}): readonly FleetTarget[] =>
  Array.from({ length: count }, (_, index) => target(`many-${index}`, more));

/** A state with so few characters left that one more endpoint does not fit. */
function nearlyFull(): NonNullable<GivenCell['state']> {
  const empty = knownCell({ before: fleet({}) }).head.state;
  for (let count = 0; ; count += 1) {
    const labels = Array.from({ length: count }, (_, index) => `full-${index}`);
    const endpoints = {
      ...empty.endpoints,
      ...Object.fromEntries(labels.map((label) => [label, { trees: ['g000001'] }])),
    };
    if (worstStateChars({ ...empty, endpoints }) > stateCharsMax(empty) - 400) return { endpoints };
  }
}

/** For every finding that can keep an endpoint back, a cell in which it does. */
/** More answers at once than one set can have: nothing can group them. */
const IDS_OF_101 = many(101).map(({ id }) => id);
const MULTIVALUE_OF_101 = { type: 'targets', targets: IDS_OF_101, answer: 'multivalue' } as const;

const CASES: { readonly [Code in FindingCode]?: Case } = {
  'no-answer': { observations: { 'bad-1': DOWN, 'bad-2': DOWN, 'bad-3': DOWN, 'bad-4': DOWN } },
  'under-floor': {
    before: fleet({ floor: 4 }),
    observations: { 'bad-1': DOWN },
  },
  'capacity-removed': {
    before: fleet({}, { ...CARELESS, capacityRemovedPercent: 24 }),
    observations: { 'bad-1': DOWN },
    left: ['good-1', ...LEFT],
    kept: [BAD, GOOD],
  },
  'endpoint-removed': { fleet: fleet(undefined) },
  'missing-target': { fleet: fleet({ targets: [...BAD_IDS, 'ghost'], ttl: 30 }) },
  'too-many-leaves': {
    fleet: fleet({ targets: IDS_OF_101, route: MULTIVALUE_OF_101 }, CARELESS, many(101)),
  },
  'batch-limit': {
    fleet: fleet(
      { targets: many(90).map(({ id }) => id) },
      CARELESS,
      many(90, { ipv4: Array.from({ length: 12 }, (_, index) => `192.0.2.${index}`) }),
    ),
  },
  'name-claimed-twice': {
    fleet: fleet({}, CARELESS, [], [other(60)]),
    claimed: new Map([[dnsName('other.example.test'), cellName('use1-b')]]),
    kept: ['other.example.test'],
  },
  delegated: { fleet: fleet({ ttl: 30 }), state: { facts: { ...FACTS, delegations: [BAD] } } },
  'outside-zone': {
    fleet: fleet({}, CARELESS, [], [{ ...other(60), name: dnsName('out.example.org') }]),
    kept: ['out.example.org'],
  },
  'reserved-name': {
    fleet: fleet({}, CARELESS, [], [{ ...other(60), name: dnsName('_pawl.example.test') }]),
    kept: ['_pawl.example.test'],
  },
  'name-too-long': {
    fleet: fleet(
      {},
      CARELESS,
      [],
      [
        {
          ...other(60),
          name: dnsName(
            `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(40)}.example.test`,
          ),
        },
      ],
    ),
    kept: [`${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(40)}.example.test`],
  },
  'apex-cname': {
    fleet: fleet(
      {},
      CARELESS,
      [target('cname', { hostname: dnsName('a.example.org') })],
      [{ ...given('example.test', ['cname']), kind: 'hostname' }],
    ),
    kept: ['example.test'],
  },
  'too-many-endpoints': {
    fleet: fleet(
      {},
      CARELESS,
      [],
      Array.from({ length: 119 }, (_, index) => ({
        ...other(60),
        name: dnsName(`x${100 + index}.example.test`),
      })),
    ),
    kept: ['x218.example.test'],
  },
  'zone-limit': { fleet: fleet({ ttl: 30 }), state: { facts: { ...FACTS, records: 9_992 } } },
  'retained-trees': {
    fleet: fleet({ ttl: 30 }),
    state: {
      endpoints: {
        old: { trees: Array.from({ length: TREES_MAX - 1 }, (_, index) => `g${100_000 + index}`) },
      },
    },
  },
  'state-limit': {
    fleet: fleet({}, CARELESS, [], [{ ...other(60), name: dnsName(`${'n'.repeat(60)}.example.test`) }]),
    state: nearlyFull(),
    kept: [`${'n'.repeat(60)}.example.test`],
  },
  'declared-share': {
    before: fleet({}, { ...CARELESS, endpointsChangedPercent: 50 }, [], [other(60)]),
    fleet: fleet({ ttl: 30 }, { ...CARELESS, endpointsChangedPercent: 50 }, [], [other(30)]),
    kept: [BAD, 'other.example.test'],
  },
  'observer-blind': {
    before: fleet({}, { ...CARELESS, blindPercent: 20 }),
    observations: { 'bad-1': DOWN, 'bad-2': DOWN },
    left: ['good-1', ...LEFT],
    kept: [BAD, GOOD],
  },
  'refused-by-route53': {
    fleet: fleet({ ttl: 30 }),
    state: { refused: [refusal(BAD, { fleet: 'declared' })] },
  },
};

describe.each(Object.entries(CASES))(
  '%s',
  (code, { before = fleet({}), kept = [BAD], left = LEFT, claimed, ...more }) => {
    const observations = { 'good-1': DOWN, ...more.observations };
    const known = knownCell({
      ...more,
      before,
      observations,
      drained: ['good-2'],
    });
    const choice = choose(known, { claimed: claimed ?? new Map(), now: NOW });
    const answer = (name: string) => choice.endpoints.find((each) => each.name === name);

    it('keeps back what it is about, and says so', () => {
      expect(choice.keptBack.map(({ name }) => name)).toEqual([...kept].sort());
      for (const { findings } of choice.keptBack.filter(({ name }) => name !== GOOD))
        expect(findings.map((finding) => finding.code)).toContain(code);
    });

    it('leaves every target that answered and is not seen to fail where it is', () => {
      const standing = known.desired.base?.endpoints.find(({ name }) => name === BAD);
      const serving = standing?.leaves.filter(
        ({ target: id }) => observations[id as keyof typeof observations] === undefined,
      );
      const ids = answer(BAD)?.leaves.map(({ target: id }) => id);
      for (const { target: id } of serving ?? []) expect(ids).toContain(id);
      expect(answer(BAD)?.leaves.length).toBeGreaterThan(0);
    });

    it('lets the failed and the drained target of another endpoint go in the same plan', () => {
      expect(answer(GOOD)?.leaves.map(({ target: id }) => id)).toEqual(left);
    });
  },
);
