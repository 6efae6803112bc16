import type { Finding, FindingCode } from '../../lib/plan/findings.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';

const api = dnsName('api.example.test');
const zone = dnsName('example.test');
const cell = cellName('use1-a');
const severity = 'held';

type Example<Code extends FindingCode> = readonly [Extract<Finding, { code: Code }>, string];

/** Findings of every code, and the sentence of each, word for word. */
export const EXAMPLES: { readonly [Code in FindingCode]: readonly Example<Code>[] } = {
  'no-answer': [
    [
      { code: 'no-answer', severity, subject: api },
      'api.example.test would have no answer: not one of its targets serves.',
    ],
    [
      { code: 'no-answer', severity, subject: api, family: 'AAAA' },
      'api.example.test would have no AAAA answer any more: not one of its targets with one serves.',
    ],
  ],
  'no-answer-in-place': [
    [
      { code: 'no-answer-in-place', severity, subject: api, branch: 'default' },
      'api.example.test would have no answer for the clients that default is for: nothing in it serves, and no other branch is for them.',
    ],
    [
      { code: 'no-answer-in-place', severity, subject: api, branch: 'default.eu-west-1', family: 'AAAA' },
      'api.example.test would have no AAAA answer for the clients that default.eu-west-1 is for: nothing in it serves, and no other branch is for them.',
    ],
  ],
  'under-floor': [
    [
      { code: 'under-floor', severity, subject: api, serving: 1, floor: 2 },
      'api.example.test would have 1 serving targets, fewer than its floor of 2.',
    ],
  ],
  'branch-under-floor': [
    [
      { code: 'branch-under-floor', severity, subject: api, branch: 'us-east-1', serving: 1, floor: 2 },
      'api.example.test would have 1 serving targets in us-east-1, fewer than the floor of 2 of that branch.',
    ],
  ],
  'rough-share': [
    [
      { code: 'rough-share', severity, subject: api, target: 'api-7', percent: 118, targets: 3 },
      'api.example.test: api-7 gets 118 % of its share, and 3 targets in groups are more than 1 % from theirs, as near as whole weights come.',
    ],
  ],
  'branch-left-out': [
    [
      { code: 'branch-left-out', severity, subject: api, branch: 'primary.eu-west-1' },
      'api.example.test is without primary.eu-west-1: its clients get the next best branch.',
    ],
  ],
  'branch-capacity-removed': [
    [
      {
        ...{ code: 'branch-capacity-removed', severity, subject: api, branch: 'eu-west-1' },
        ...{ removedPermille: 334, withinWindowPermille: 667, windowS: 600, limitPercent: 34 },
      },
      'api.example.test would lose 33.4 % of its capacity in eu-west-1, 66.7 % within 600 s, more than 34 %, and the rest of that branch would have all its clients.',
    ],
  ],
  'branch-stays-out': [
    [
      {
        ...{ code: 'branch-stays-out', severity, subject: api, branch: 'eu-west-1' },
        ...{ outPermille: 750, limitPercent: 50 },
      },
      'api.example.test stays without eu-west-1, of which 75.0 % of the declared capacity is out by observation, more than 50 %: the rest would have all its clients.',
    ],
  ],
  'branch-observed-out': [
    [
      {
        ...{ code: 'branch-observed-out', severity, subject: api, branch: 'eu-west-1' },
        ...{ outPermille: 667, limitPercent: 50 },
      },
      'api.example.test would be without 66.7 % of its declared capacity in eu-west-1 by observation, with what left earlier, more than 50 %: what goes beyond that goes on serving.',
    ],
  ],
  'capacity-window': [
    [
      {
        code: 'capacity-window',
        severity,
        subject: api,
        removedPermille: 100,
        withinWindowPermille: 355,
        windowS: 600,
        limitPercent: 30,
      },
      'api.example.test would lose 10.0 % of its capacity, 35.5 % with what earlier plans took of any endpoint within 600 s, more than 30 %.',
    ],
  ],
  'capacity-removed': [
    [
      {
        code: 'capacity-removed',
        severity,
        subject: api,
        removedPermille: 100,
        withinWindowPermille: 355,
        windowS: 600,
        limitPercent: 30,
      },
      'api.example.test would lose 10.0 % of its capacity, 35.5 % within 600 s, more than 30 %.',
    ],
  ],
  'declared-share': [
    [
      { code: 'declared-share', severity, subject: cell, changed: 6, endpoints: 10, limitPercent: 50 },
      'The fleet changes 6 of 10 endpoints of cell use1-a at once, more than 50 %.',
    ],
  ],
  'share-changed': [
    [
      { code: 'share-changed', severity, subject: cell, changed: 6, endpoints: 10, limitPercent: 50 },
      '6 of 10 endpoints of cell use1-a would change, more than 50 %.',
    ],
  ],
  'observer-blind': [
    [
      { code: 'observer-blind', severity, subject: cell, gone: 3, served: 4, limitPercent: 50 },
      '3 of 4 serving targets of cell use1-a went at once, more than 50 %: the observer is presumed blind, and what it lost goes on serving.',
    ],
  ],
  'targets-observed-out': [
    [
      { code: 'targets-observed-out', severity, subject: cell, out: 6, declared: 10, limitPercent: 50 },
      '6 of the 10 targets that cell use1-a declares would be out by observation, with those that left earlier, more than 50 %: the observer is presumed blind, and what it lost now goes on serving.',
    ],
  ],
  'capacity-observed-out': [
    [
      { code: 'capacity-observed-out', severity, subject: api, outPermille: 510, limitPercent: 50 },
      'api.example.test would be without 51.0 % of its declared capacity by observation, with what left earlier, more than 50 %: what goes beyond that goes on serving.',
    ],
  ],
  'long-ttl': [
    [
      { code: 'long-ttl', severity, subject: api, ttlS: 86_400, beforeS: 60, limitS: 3_600 },
      'api.example.test would have a TTL of 86400 s instead of 60 s: resolvers would keep its answers for longer than the 3600 s that a rollback could wait for.',
    ],
  ],
  'endpoint-removed': [
    [
      { code: 'endpoint-removed', severity, subject: api },
      'api.example.test is no longer declared: once approved its records are deleted.',
    ],
  ],
  'handed-over': [
    [
      { code: 'handed-over', severity, subject: api, to: cell },
      'api.example.test goes over to cell use1-a: it answers here until that cell has taken it.',
    ],
  ],
  'taken-over': [
    [
      { code: 'taken-over', severity, subject: api, from: cell },
      'api.example.test was taken over from cell use1-a since, and nobody else answers for it: it stays.',
    ],
  ],
  'outside-zone': [
    [
      { code: 'outside-zone', severity, subject: dnsName('api.example.org'), zone },
      'api.example.org is not in the zone example.test: declare it in a cell of its own zone.',
    ],
  ],
  delegated: [
    [
      { code: 'delegated', severity, subject: api, delegation: api },
      'api.example.test is in api.example.test, which is delegated to other name servers: declare it in a cell of that zone.',
    ],
  ],
  'apex-cname': [
    [
      { code: 'apex-cname', severity, subject: zone },
      "example.test is the zone's apex, where no CNAME can be: declare it with addresses or an alias.",
    ],
  ],
  'name-too-long': [
    [
      {
        code: 'name-too-long',
        severity,
        subject: api,
        madeName: `rollback.${'a'.repeat(100)}`,
        characters: 254,
        charactersMax: 253,
      },
      `api.example.test leaves no room for the names of its trees: "rollback.${'a'.repeat(68)}..." is not a DNS name: it has 254 characters, more than 253.`,
    ],
  ],
  'reserved-name': [
    [
      { code: 'reserved-name', severity, subject: dnsName('_any.example.test'), label: '_any' },
      '_any.example.test holds the label "_any", which Pawl uses itself: choose another name.',
    ],
  ],
  'name-claimed-twice': [
    [
      { code: 'name-claimed-twice', severity, subject: api, otherCell: cellName('use1-b') },
      'api.example.test is declared by cell use1-b too: one cell must give it up.',
    ],
  ],
  'too-many-leaves': [
    [
      { code: 'too-many-leaves', severity, subject: api, leaves: 101, leavesMax: 100 },
      'api.example.test has a set of 101 records of one type, more than the 100 that Route 53 allows: spread its targets over branches.',
    ],
  ],
  'too-many-endpoints': [
    [
      { code: 'too-many-endpoints', severity, subject: cell, endpoints: 121, endpointsMax: 120 },
      'Cell use1-a has 121 endpoints, more than the 120 that one batch can flip: split the cell.',
    ],
  ],
  'batch-limit': [
    [
      { code: 'batch-limit', severity, subject: api, records: 500 },
      'api.example.test needs 500 records in one batch, more than fit: give its targets fewer addresses.',
    ],
  ],
  'zone-limit': [
    [
      { code: 'zone-limit', severity, subject: zone, records: 101, recordLimit: 100 },
      'The zone example.test would hold 101 records, more than its 100: this waits until others have changed and their old records are gone; if nothing moves, have the limit raised.',
    ],
  ],
  'zone-nearly-full': [
    [
      { code: 'zone-nearly-full', severity, subject: zone, records: 80, recordLimit: 100 },
      'The zone example.test would hold 80 of its 100 records with nothing retained: large changes go over in slices, and in the end nothing can change. Have the limit raised, or give a cell a zone of its own.',
    ],
  ],
  'retained-trees': [
    [
      { code: 'retained-trees', severity, subject: cell, trees: 2_500, treesMax: 3_000 },
      'Cell use1-a would have 2500 trees that no janitor has retired, of at most 3000: let the janitor run, or retain fewer generations.',
    ],
  ],
  'state-limit': [
    [
      { code: 'state-limit', severity, subject: cell, characters: 110_000, charactersMax: 128_000 },
      'The state of cell use1-a could grow to 110000 characters, of at most 128000: let the janitor retire trees, retain fewer generations, or split the cell.',
    ],
  ],
  'conflicting-record': [
    [
      { code: 'conflicting-record', severity, subject: api },
      'api.example.test already has a record that is not Pawl\'s: nothing is enacted before "pawl adopt api.example.test".',
    ],
  ],
  'unserved-address': [
    [
      {
        code: 'unserved-address',
        severity,
        subject: api,
        target: 'api-1',
        address: '127.0.0.1',
        scope: 'loopback',
        addresses: 1,
      },
      'api.example.test would answer with the loopback address 127.0.0.1 (target api-1): no client elsewhere is served there.',
    ],
  ],
  'shared-address': [
    [
      {
        code: 'shared-address',
        severity,
        subject: api,
        target: 'api-2',
        otherTarget: 'api-1',
        address: '192.0.2.1',
        addresses: 3,
      },
      'api.example.test has the address 192.0.2.1 at the targets api-1 and api-2 and 2 more: it gets the share of both, and goes only when both do.',
    ],
  ],
  'small-share': [
    [
      { code: 'small-share', severity, subject: api, target: 'api-1', permille: 4, targets: 1 },
      "api.example.test would send 0.4 % of its clients to target api-1, because another's capacity is so much larger.",
    ],
    [
      { code: 'small-share', severity, subject: api, target: 'api-1', permille: 0, targets: 3 },
      "api.example.test would send less than 0.1 % of its clients to target api-1 and 2 more, because another's capacity is so much larger.",
    ],
  ],
  'negative-ttl': [
    [
      { code: 'negative-ttl', severity, subject: zone, negativeTtlS: 901 },
      "Resolvers remember a missing name of example.test for 901 s: lower the SOA's minimum.",
    ],
  ],
  'missing-target': [
    [
      { code: 'missing-target', severity, subject: api, target: 'ghost', cell },
      'api.example.test names the target "ghost", which cell use1-a does not have.',
    ],
  ],
  'refused-by-route53': [
    [
      {
        code: 'refused-by-route53',
        severity,
        subject: api,
        step: 'flip',
        words: 'It is protected.',
        attempts: 2,
      },
      'api.example.test was refused (flip, attempt 2): It is protected. It is tried again by itself; "pawl retry api.example.test" tries at once.',
    ],
  ],
};

/** Every example, whatever its code. */
export const EVERY_EXAMPLE: readonly (readonly [Finding, string])[] = Object.values(EXAMPLES).flat();
