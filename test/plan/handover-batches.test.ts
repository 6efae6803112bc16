import { describe, expect, it } from 'vitest';
import type { FencedKind, WriterRole } from '../../lib/plan/batch-kinds.ts';
import { assertBatch } from '../../lib/plan/batch-kinds.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { offerRecord } from '../../lib/plan/offers.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
/** The cell that gives; SCOPE takes. */
const GIVER: CellScope = { ...SCOPE, cell: cellName('euw1-a') };
const THIRD: CellScope = { ...SCOPE, cell: cellName('apse2-c') };

const OWN: Fence = {
  ...{ generation: generation(1), seq: seq(5), plan: '9f3c2a71b0de', frozen: false },
  ...{ ledger: '5be1c07a', by: 'enactor-a', nonce: 'aaaaaaaa' },
};
const THEIRS: Fence = { ...OWN, generation: generation(7), seq: seq(40), by: 'enactor-c', nonce: 'cccccccc' };

const swap = (before: Fence, after: Partial<Fence>, scope: CellScope): readonly Change[] => [
  remove(fenceRecord(before, scope)),
  create(fenceRecord({ ...before, nonce: 'bbbbbbbb', ...after }, scope)),
];
const ADVANCED = swap(OWN, { seq: seq(6), generation: generation(2), plan: '0123456789ab' }, SCOPE);
const PASSED = swap(THEIRS, { seq: seq(41) }, GIVER);
const RENEWED = swap(OWN, {}, SCOPE);

const tree = (name: typeof API, scope: CellScope) => treeName('g000002', name, scope);
const root = (name: typeof API, scope: CellScope, at = name): RecordSet =>
  aliasTo(at, 'A', tree(name, scope), scope);
const rollback = (name: typeof API, scope: CellScope): RecordSet =>
  root(name, scope, rollbackName(name, scope));
const offer = (name: typeof API, scope = GIVER): RecordSet =>
  offerRecord({ name, to: SCOPE.cell, ledger: OWN.ledger }, scope);
const leaf: RecordSet = {
  ...{ name: tree(API, GIVER), type: 'A', setIdentifier: 'a', weight: 1 },
  ...{ ttl: 60, values: ['192.0.2.1'] },
};

/** What takes a name beside the two fences. */
const taking = (name: typeof API): readonly Change[] => [
  remove(root(name, GIVER)),
  create(root(name, SCOPE)),
  create(rollback(name, SCOPE)),
  remove(offer(name)),
  remove(rollback(name, GIVER)),
];

const judge =
  (changes: readonly Change[], kind: FencedKind = 'handover', role: WriterRole = 'enactor') =>
  () =>
    assertBatch(kind, role, changes, SCOPE);

describe('a batch that hands endpoints over', () => {
  const plain: RecordSet = { name: API, type: 'CNAME', ttl: 5, values: ['x.example.com'] };
  const fine: readonly (readonly [string, readonly Change[]])[] = [
    ['holds both fences, the offer and the roots', [...ADVANCED, ...PASSED, ...taking(API)]],
    ['may take several', [...ADVANCED, ...PASSED, ...taking(API), ...taking(WEB)]],
    [
      'may apply no plan yet',
      [...swap(OWN, { seq: seq(6), plan: '000000000000' }, SCOPE), ...PASSED, ...taking(API)],
    ],
    [
      'may find a root of another type, and no rollback root',
      [...ADVANCED, ...PASSED, remove(plain), create(root(API, SCOPE)), remove(offer(API))],
    ],
    [
      'may delete an old rollback root of its own',
      [...ADVANCED, ...PASSED, ...taking(API), remove(root(API, GIVER, rollbackName(API, SCOPE)))],
    ],
  ];
  it.each(fine)('%s', (_, changes) => {
    expect(judge(changes)).not.toThrow();
  });

  const frozen = { ...THEIRS, frozen: true };
  const broken: readonly (readonly [string, readonly Change[], RegExp])[] = [
    ['nothing but the own fence', ADVANCED, /must hold the fence of the cell that gives/],
    ['no fence of the giver', [...ADVANCED, ...taking(API)], /must hold the fence of the cell that gives/],
    [
      'the giver’s fence behind something else',
      [...ADVANCED, ...taking(API), ...PASSED],
      /must hold the fence of the cell that gives/,
    ],
    [
      'the giver’s fence in two places',
      [...ADVANCED, ...PASSED.slice(0, 1), ...taking(API), ...PASSED.slice(1)],
      /must begin with its fence/,
    ],
    ['no own fence swap', [...PASSED, ...taking(API)], /must begin with its fence/],
    [
      'an own fence that does not advance',
      [...swap(OWN, {}, SCOPE), ...PASSED, ...taking(API)],
      /must advance the fence/,
    ],
    [
      'a giver’s fence that is not compared',
      [...ADVANCED, ...PASSED.slice(1), ...taking(API)],
      /must delete the exact fence of the cell that gives, and create the next/,
    ],
    [
      'a giver’s fence that is gone afterwards',
      [...ADVANCED, ...PASSED.slice(0, 1), ...taking(API)],
      /must delete the exact fence of the cell that gives, and create the next/,
    ],
    [
      'a giver’s fence that does not advance',
      [...ADVANCED, ...swap(THEIRS, {}, GIVER), ...taking(API)],
      /must advance the fence/,
    ],
    [
      'a giver’s fence with the nonce of another write',
      [...ADVANCED, ...swap(THEIRS, { seq: seq(41), nonce: THEIRS.nonce }, GIVER), ...taking(API)],
      /needs a nonce of its own/,
    ],
    [
      'a giver’s fence of another generation',
      [...ADVANCED, ...swap(THEIRS, { seq: seq(41), generation: generation(8) }, GIVER), ...taking(API)],
      /keeps the generation/,
    ],
    [
      'a giver’s fence of another plan',
      [...ADVANCED, ...swap(THEIRS, { seq: seq(41), plan: '0123456789ab' }, GIVER), ...taking(API)],
      /keeps the plan/,
    ],
    [
      'a giver’s fence of another ledger',
      [...ADVANCED, ...swap(THEIRS, { seq: seq(41), ledger: '00000001' }, GIVER), ...taking(API)],
      /may not change whose fence it is/,
    ],
    [
      'a giver’s fence that is frozen',
      [...ADVANCED, ...swap(frozen, { seq: seq(41) }, GIVER), ...taking(API)],
      /may not go through a frozen fence/,
    ],
    [
      'a freeze of the giver',
      [...ADVANCED, ...swap(THEIRS, { seq: seq(41), frozen: true }, GIVER), ...taking(API)],
      /may not freeze the cell that gives/,
    ],
    [
      'a root that nobody offers',
      [...ADVANCED, ...PASSED, ...taking(API), remove(root(WEB, GIVER)), create(root(WEB, SCOPE))],
      /may not touch web\.example\.test A , which is not offered/,
    ],
    ['no offer', [...ADVANCED, ...PASSED, ...taking(API).slice(0, 3)], /must hold an offer/],
    [
      'an own rollback root that nobody offers',
      [...ADVANCED, ...PASSED, ...taking(API), create(rollback(WEB, SCOPE))],
      /may not touch rollback\.web\.use1-a\._pawl\.example\.test A , which is not offered/,
    ],
    [
      'the offer of a third cell',
      [...ADVANCED, ...PASSED, ...taking(API), remove(offer(API, THIRD))],
      /may not touch _offer\.api\.apse2-c/,
    ],
    [
      'the fence of a third cell',
      [...ADVANCED, ...PASSED, ...swap(THEIRS, { seq: seq(41) }, THIRD), ...taking(API)],
      /may not touch fence\.apse2-c/,
    ],
    [
      'an offer that is made',
      [...ADVANCED, ...PASSED, ...taking(API), create(offer(API))],
      /may not touch _offer\.api\.euw1-a/,
    ],
    [
      'a rollback root of the giver that is made',
      [...ADVANCED, ...PASSED, ...taking(API), create(rollback(API, GIVER))],
      /may not touch rollback\.api\.euw1-a/,
    ],
    [
      'a tree of the giver',
      [...ADVANCED, ...PASSED, ...taking(API), remove(leaf)],
      /may not touch g000002\.api\.euw1-a/,
    ],
    [
      'an own tree',
      [...ADVANCED, ...PASSED, ...taking(API), create({ ...leaf, name: tree(API, SCOPE) })],
      /a flip may not touch g000002\.api\.use1-a/,
    ],
    [
      'a root at a tree of the giver',
      [...ADVANCED, ...PASSED, remove(offer(API)), create(root(API, GIVER))],
      /would not point at a tree of the cell/,
    ],
    [
      'a rollback root at a tree of the giver',
      [
        ...[...ADVANCED, ...PASSED, remove(offer(API)), remove(root(API, GIVER)), create(root(API, SCOPE))],
        create(root(API, GIVER, rollbackName(API, SCOPE))),
      ],
      /would not point at a tree of the cell/,
    ],
    [
      'mail that is deleted',
      [...ADVANCED, ...PASSED, ...taking(API), remove({ ...plain, type: 'MX', values: ['1 m.example.com'] })],
      /is not a root/,
    ],
    [
      'no root in the place of the one that goes',
      [...ADVANCED, ...PASSED, remove(root(API, GIVER)), remove(offer(API))],
      /must leave a root at api\.example\.test/,
    ],
  ];
  it.each(broken)('is a bug with %s', (_, changes, why) => {
    expect(judge(changes)).toThrow(InvariantViolated);
    expect(judge(changes)).toThrow(why);
  });

  it('is an enactor’s alone', () => {
    for (const role of ['janitor', 'operator', 'rescue'] as const)
      expect(judge([...ADVANCED, ...PASSED, ...taking(API)], 'handover', role)).toThrow(
        `the ${role} may not send a handover batch`,
      );
  });
});

describe('a batch that offers', () => {
  const offers = [create(offer(API, SCOPE)), remove(offer(WEB, SCOPE))];

  it('holds offers of the cell, and a fence that only its nonce tells from the one before', () => {
    expect(judge([...RENEWED, ...offers], 'offer')).not.toThrow();
  });

  const broken: readonly (readonly [string, readonly Change[], RegExp])[] = [
    ['no fence', offers, /must begin with its fence/],
    ['another seq', [...ADVANCED, ...offers], /offer batch keeps the seq/],
    ['the same nonce', [...swap(OWN, { nonce: OWN.nonce }, SCOPE), ...offers], /needs a nonce of its own/],
    ['a freeze', [...swap(OWN, { frozen: true }, SCOPE), ...offers], /neither freezes nor thaws/],
    ['another plan', [...swap(OWN, { plan: '0123456789ab' }, SCOPE), ...offers], /keeps the plan/],
    [
      'another generation',
      [...swap(OWN, { generation: generation(2) }, SCOPE), ...offers],
      /keeps the generation/,
    ],
    [
      'a frozen fence',
      [...swap({ ...OWN, frozen: true }, { frozen: true }, SCOPE), ...offers],
      /may not go through a frozen fence/,
    ],
    ['an offer of another cell', [...RENEWED, create(offer(API))], /_offer\.api\.euw1-a.* is no offer/],
    ['a root', [...RENEWED, create(root(API, SCOPE))], /api\.example\.test A {2}is no offer of the cell/],
    ['a rollback root', [...RENEWED, create(rollback(API, SCOPE))], /is no offer of the cell/],
    [
      'something else at the name of an offer',
      [...RENEWED, create({ ...leaf, name: offer(API, SCOPE).name })],
      /is no offer of the cell/,
    ],
  ];
  it.each(broken)('is a bug with %s', (_, changes, why) => {
    expect(judge(changes, 'offer')).toThrow(InvariantViolated);
    expect(judge(changes, 'offer')).toThrow(why);
  });
});
