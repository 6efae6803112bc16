import { describe, expect, it } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { ShownFinding } from '../../lib/plan/finding-text.ts';
import { withSentence } from '../../lib/plan/finding-text.ts';
import type { CellFleet, FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import type { KnownZone, LintInput } from '../../lib/plan/lint-plan.ts';
import { lintPlan } from '../../lib/plan/lint-plan.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { SCOPE } from './arbitrary-names.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, target } from './given-fleet.ts';

const QUIET_ZONE: KnownZone = {
  records: 10,
  recordLimit: 10_000,
  negativeTtlS: 60,
  delegations: [],
  conflicts: [],
};

/** The linter's findings in a fleet's first plan; every endpoint needs a tree unless given otherwise. */
function lint(fleet: CellFleet, more: Partial<LintInput> = {}): readonly ShownFinding[] {
  const endpoints: readonly DesiredEndpoint[] = more.endpoints ?? desiredEndpoints(desiredOf(fleet));
  return lintPlan({
    scope: SCOPE,
    fleet,
    generation: generation(1),
    endpoints,
    newTrees: new Set(endpoints.map(({ name }) => name)),
    zone: QUIET_ZONE,
    claimed: new Map(),
    ...more,
  }).map(withSentence);
}

/** Without the notes: these fleets have one address at several targets. */
function fatal(findings: readonly ShownFinding[]): readonly ShownFinding[] {
  return findings.filter(({ severity }) => severity === 'fatal');
}

/** A cell of one endpoint over one target. */
function oneEndpoint(
  name: string,
  more: Partial<FleetEndpoint> = {},
  with_: Partial<FleetTarget> = {},
): CellFleet {
  return fleetOf([target('t1', with_)], [endpoint(name, ['t1'], more)]);
}

function zone(more: Partial<KnownZone>): { readonly zone: KnownZone } {
  return { zone: { ...QUIET_ZONE, ...more } };
}

describe('a plan that is as it should be', () => {
  it('has no finding, whether anything is known of the zone or not', () => {
    expect(lint(apiFleet(3))).toEqual([]);
    expect(lint(apiFleet(3), { zone: undefined })).toEqual([]);
  });
});

describe('the name of an endpoint', () => {
  it('outside its zone is fatal, and has no other finding', () => {
    expect(lint(oneEndpoint('api.example.org'))).toEqual([
      {
        code: 'outside-zone',
        severity: 'fatal',
        subject: 'api.example.org',
        zone: 'example.test',
        message: 'api.example.org is not in the zone example.test: declare it in a cell of its own zone.',
      },
    ]);
    expect(lint(oneEndpoint('myexample.test'))).toMatchObject([{ code: 'outside-zone' }]);
    expect(lint(oneEndpoint('example.test'))).toEqual([]);
  });

  it.each(['_any', '_apex', '_pawl', '__proto__'])(
    'with the label %s, which Pawl uses itself, is fatal',
    (label) => {
      const name = `x.${label}.example.test`;
      expect(lint(oneEndpoint(name))).toEqual([
        {
          code: 'reserved-name',
          severity: 'fatal',
          subject: name,
          label,
          message: `${name} holds the label "${label}", which Pawl uses itself: choose another name.`,
        },
      ]);
      expect(lint(oneEndpoint(`x.${label}x.example.test`))).toEqual([]);
    },
  );

  it('at the apex is fatal for hostnames, and not for addresses', () => {
    const hostname = { hostname: dnsName('a.example.com') };
    expect(lint(oneEndpoint('example.test', { kind: 'hostname' }, hostname))).toEqual([
      {
        code: 'apex-cname',
        severity: 'fatal',
        subject: 'example.test',
        message:
          "example.test is the zone's apex, where no CNAME can be: declare it with addresses or an alias.",
      },
    ]);
    expect(lint(oneEndpoint('www.example.test', { kind: 'hostname' }, hostname))).toEqual([]);
    expect(lint(oneEndpoint('example.test'))).toEqual([]);
  });

  it('in a delegated part of the zone is fatal, and beside it is not', () => {
    const known = zone({ delegations: [dnsName('sub.example.test')] });
    expect(lint(oneEndpoint('api.sub.example.test'), known)).toEqual([
      {
        code: 'delegated',
        severity: 'fatal',
        subject: 'api.sub.example.test',
        delegation: 'sub.example.test',
        message:
          'api.sub.example.test is in sub.example.test, which is delegated to other name servers: declare it in a cell of that zone.',
      },
    ]);
    expect(lint(oneEndpoint('sub.example.test'), known)).toMatchObject([{ code: 'delegated' }]);
    expect(lint(oneEndpoint('mysub.example.test'), known)).toEqual([]);
    expect(lint(oneEndpoint('example.test'), known)).toEqual([]);
  });

  it('that another cell declares too is fatal, and another name of that cell is not', () => {
    const claimed = new Map([[dnsName('api.example.test'), cellName('use1-b')]]);
    expect(lint(oneEndpoint('api.example.test'), { claimed })).toEqual([
      {
        code: 'name-claimed-twice',
        severity: 'fatal',
        subject: 'api.example.test',
        otherCell: 'use1-b',
        message: 'api.example.test is declared by cell use1-b too: one cell must give it up.',
      },
    ]);
    expect(lint(oneEndpoint('web.example.test'), { claimed })).toEqual([]);
  });

  it('that leaves no room for the names of its trees is fatal, one character less is not', () => {
    // 253 characters less "rollback." and "use1-a._pawl.": the rollback root has the longest name of a cell.
    const name = (length: number) => {
      const above = `${'a'.repeat(50)}.`.repeat(5).slice(0, length - 'b.example.test'.length);
      return `${above}b.example.test`;
    };
    const longest = 253 - 'rollback.'.length - 'use1-a._pawl.'.length;
    expect(lint(oneEndpoint(name(longest)))).toEqual([]);
    expect(lint(oneEndpoint(name(longest + 1)))).toEqual([
      {
        code: 'name-too-long',
        severity: 'fatal',
        subject: name(longest + 1),
        madeName: `rollback.${name(longest + 1).slice(0, -'.example.test'.length)}.use1-a._pawl.example.test`,
        characters: 254,
        charactersMax: 253,
        message: expect.stringMatching(
          /^a{50}.* leaves no room for the names of its trees: ".{1,80}" is not a DNS name: it has 254 characters, more than 253\.$/,
        ),
      },
    ]);
  });
});

describe('the records of an endpoint', () => {
  it('are none at all when no target serves, which is fatal', () => {
    const fleet = apiFleet(2);
    const endpoints = desiredEndpoints(desiredOf(fleet, { drained: ['t1', 't2'] }));
    expect(lint(fleet, { endpoints })).toEqual([
      {
        code: 'no-answer',
        severity: 'fatal',
        subject: 'api.example.test',
        message: 'api.example.test would have no answer: not one of its targets serves.',
      },
    ]);
    expect(lint(fleet, { endpoints: desiredEndpoints(desiredOf(fleet, { drained: ['t1'] })) })).toEqual([]);
  });

  it('are fatal over 100 of a type in one set, as an edited plan can have them, and 100 in each of two families are not', () => {
    const oneSet = desiredEndpoints(desiredOf(apiFleet(101))).map(({ nodes: _, ...flat }) => ({
      ...flat,
      leaves: flat.leaves.map(({ node: __, ...leaf }) => leaf),
    }));
    expect(lint(apiFleet(101))).toEqual([]);
    expect(lint(apiFleet(101), { endpoints: oneSet })).toEqual([
      {
        code: 'too-many-leaves',
        severity: 'fatal',
        subject: 'api.example.test',
        leaves: 101,
        leavesMax: 100,
        message:
          'api.example.test has a set of 101 records of one type, more than the 100 that Route 53 allows: spread its targets over branches.',
      },
    ]);
    const targets = Array.from({ length: 100 }, (_, index) => target(`t${index}`, { ipv6: ['2001:db8::1'] }));
    const ids = targets.map(({ id }) => id);
    const both = endpoint('api.example.test', ids, { families: ['A', 'AAAA'] });
    expect(fatal(lint(fleetOf(targets, [both])))).toEqual([]);
  });

  it('are fatal when a tree could not be asserted again in one batch, and only if this plan makes it', () => {
    // A tree of 499 addresses is 998 elements deleted and created; the fence takes the other two.
    const fleet = (addresses: number) => {
      const last = target('last', { ipv4: addressesOf(addresses - 399) });
      return fleetOf(
        [target('first', { ipv4: addressesOf(399) }), last],
        [endpoint('api.example.test', ['first', 'last'])],
      );
    };
    expect(fatal(lint(fleet(499)))).toEqual([]);
    expect(fatal(lint(fleet(500)))).toEqual([
      {
        code: 'batch-limit',
        severity: 'fatal',
        subject: 'api.example.test',
        records: 500,
        message:
          'api.example.test needs 500 records in one batch, more than fit: give its targets fewer addresses.',
      },
    ]);
    expect(fatal(lint(fleet(500), { newTrees: new Set() }))).toEqual([]);
  });

  it('are fatal when their values have too many characters for one batch', () => {
    // 64 hostnames of 248 characters are 31,744 deleted and created, and leave no room for a fence.
    const fleet = (count: number) => {
      const targets = Array.from({ length: count }, (_, index) =>
        target(`t${index}`, { hostname: dnsName(`${'a'.repeat(60)}.`.repeat(4).concat('test')) }),
      );
      const ids = targets.map(({ id }) => id);
      return fleetOf(targets, [endpoint('api.example.test', ids, { kind: 'hostname' })]);
    };
    expect(fatal(lint(fleet(63)))).toEqual([]);
    expect(fatal(lint(fleet(64)))).toMatchObject([{ code: 'batch-limit', severity: 'fatal' }]);
  });

  it('that stand at the name already and are not of Pawl are worth a note', () => {
    const known = zone({ conflicts: [dnsName('api.example.test')] });
    expect(lint(oneEndpoint('api.example.test'), known)).toEqual([
      {
        code: 'conflicting-record',
        severity: 'note',
        subject: 'api.example.test',
        message:
          'api.example.test already has a record that is not Pawl\'s: nothing is enacted before "pawl adopt api.example.test".',
      },
    ]);
    expect(lint(oneEndpoint('web.example.test'), known)).toEqual([]);
  });

  it('of a target that the cell does not have are fatal', () => {
    const fleet = fleetOf([target('t1')], [endpoint('api.example.test', ['t1', 'ghost'])]);
    expect(lint(fleet)).toEqual([
      {
        code: 'missing-target',
        severity: 'fatal',
        subject: 'api.example.test',
        target: 'ghost',
        cell: 'use1-a',
        message: 'api.example.test names the target "ghost", which cell use1-a does not have.',
      },
    ]);
  });
});

describe('the limits of a cell and its zone', () => {
  const many = (count: number) =>
    fleetOf(
      [target('t1')],
      Array.from({ length: count }, (_, index) => endpoint(`e${index}.example.test`, ['t1'])),
    );

  it('allow 120 endpoints a cell, and one more is fatal', () => {
    expect(lint(many(120))).toEqual([]);
    expect(lint(many(121))).toEqual([
      {
        code: 'too-many-endpoints',
        severity: 'fatal',
        subject: 'use1-a',
        endpoints: 121,
        endpointsMax: 120,
        message: 'Cell use1-a has 121 endpoints, more than the 120 that one batch can flip: split the cell.',
      },
    ]);
  });

  it('count the leaves of new trees with their roots and rollback roots onto what the zone holds', () => {
    // Three leaves, a root and a rollback root.
    expect(lint(apiFleet(3), zone({ records: 95, recordLimit: 100 }))).toEqual([]);
    expect(lint(apiFleet(3), zone({ records: 96, recordLimit: 100 }))).toEqual([
      {
        code: 'zone-limit',
        severity: 'fatal',
        subject: 'example.test',
        records: 101,
        recordLimit: 100,
        message:
          'The zone example.test would hold 101 records, more than its 100: this waits until others have changed and their old records are gone; if nothing moves, have the limit raised.',
      },
    ]);
    const known = zone({ records: 100, recordLimit: 100 });
    expect(lint(apiFleet(3), { ...known, newTrees: new Set() })).toEqual([]);
  });

  it('note a zone whose missing names are remembered for long', () => {
    expect(lint(apiFleet(1), zone({ negativeTtlS: 900 }))).toEqual([]);
    expect(lint(apiFleet(1), zone({ negativeTtlS: 901 }))).toEqual([
      {
        code: 'negative-ttl',
        severity: 'note',
        subject: 'example.test',
        negativeTtlS: 901,
        message: "Resolvers remember a missing name of example.test for 901 s: lower the SOA's minimum.",
      },
    ]);
  });
});

function addressesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `198.51.${Math.floor(index / 250)}.${index % 250}`);
}
