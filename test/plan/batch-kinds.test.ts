import { describe, expect, it } from 'vitest';
import type { FencedKind, WriterRole } from '../../lib/plan/batch-kinds.ts';
import { assertBatch } from '../../lib/plan/batch-kinds.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { fenceName, rollbackName, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

const API = dnsName('api.example.test');
const TREE = treeName('g000002', API, SCOPE);
const OLD_TREE = treeName('g000001', API, SCOPE);
const OLDER_TREE = treeName('g000000', API, SCOPE);

const FENCE: Fence = {
  generation: generation(1),
  seq: seq(5),
  plan: '9f3c2a71b0de',
  frozen: false,
  ledger: '5be1c07a',
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};
const NEXT: Fence = { ...FENCE, seq: seq(6), nonce: 'bbbbbbbb' };

function leaf(name: typeof API, id = 'a', value = '192.0.2.1'): RecordSet {
  return { name, type: 'A', setIdentifier: id, weight: 1, ttl: 60, values: [value] };
}

function root(tree: typeof API, name = API): RecordSet {
  return aliasTo(name, 'A', tree, SCOPE);
}

function fenced(before: Fence, after: Fence): readonly Change[] {
  return [remove(fenceRecord(before, SCOPE)), create(fenceRecord(after, SCOPE))];
}

/** What a staging batch leaves: the same fence under another nonce. */
const RENEWED = fenced(FENCE, { ...FENCE, nonce: NEXT.nonce });
const ADVANCED = fenced(FENCE, NEXT);
const FLIPPED = fenced(FENCE, { ...NEXT, generation: generation(2), plan: '0123456789ab' });
const PROOF = [root(OLD_TREE), root(OLD_TREE, rollbackName(API, SCOPE))].flatMap((record) => [
  remove(record),
  create(record),
]);

const judge = (kind: FencedKind, role: WriterRole, changes: readonly Change[]) => () =>
  assertBatch(kind, role, changes, SCOPE);

describe('a batch that is what its kind may be', () => {
  const stray: RecordSet = { name: fenceName(SCOPE), type: 'A', ttl: 60, values: ['192.0.2.1'] };
  const fine: readonly (readonly [string, FencedKind, WriterRole, readonly Change[]])[] = [
    ['a new fence', 'fence', 'enactor', [create(fenceRecord(FENCE, SCOPE))]],
    [
      'a fence in the place of garbage',
      'fence',
      'enactor',
      [remove(stray), create(fenceRecord(FENCE, SCOPE))],
    ],
    ['a fence taken over', 'fence', 'operator', fenced(FENCE, { ...NEXT, ledger: '00000001' })],
    ['a staged tree', 'stage', 'enactor', [...RENEWED, create(leaf(TREE))]],
    ['a tree asserted again', 'stage', 'enactor', [...RENEWED, remove(leaf(TREE)), create(leaf(TREE))]],
    [
      'a repaired tree',
      'repair',
      'enactor',
      [...ADVANCED, remove(leaf(TREE, 'a', '192.0.2.9')), create(leaf(TREE))],
    ],
    ['a flip', 'flip', 'enactor', [...FLIPPED, remove(root(OLD_TREE)), create(root(TREE))]],
    [
      'a flip that takes over a record',
      'flip',
      'enactor',
      [
        ...FLIPPED,
        remove({ name: API, type: 'CNAME', ttl: 5, values: ['x.example.com'] }),
        create(root(TREE)),
      ],
    ],
    [
      'a flip of a rollback root alone',
      'flip',
      'enactor',
      [...FLIPPED, create(root(OLD_TREE, rollbackName(API, SCOPE)))],
    ],
    ['a retirement with its proof', 'retire', 'janitor', [...ADVANCED, ...PROOF, remove(leaf(OLDER_TREE))]],
    ['a freeze', 'freeze', 'operator', fenced(FENCE, { ...NEXT, frozen: true })],
    [
      'a freeze over garbage',
      'freeze',
      'operator',
      [remove(stray), create(fenceRecord({ ...FENCE, frozen: true }, SCOPE))],
    ],
    [
      'a rescue through its own frozen fence',
      'flip',
      'rescue',
      [...fenced({ ...FENCE, frozen: true }, { ...NEXT, frozen: true }), create(root(TREE))],
    ],
  ];
  it.each(fine)('passes: %s', (_, kind, role, changes) => {
    expect(judge(kind, role, changes)).not.toThrow();
  });
});

describe('a batch that gives a cell back', () => {
  const frozen = fenced({ ...FENCE, frozen: true }, { ...NEXT, frozen: true });
  const last = remove(fenceRecord({ ...FENCE, frozen: true }, SCOPE));
  const plain = { name: API, type: 'A', ttl: 60, values: ['192.0.2.1'] };
  const gone: readonly Change[] = [remove(root(TREE)), create(plain)];
  it.each<readonly [string, FencedKind, readonly Change[]]>([
    [
      'roots become plain, and rollback roots go',
      'plain',
      [...frozen, ...gone, remove(root(OLD_TREE, rollbackName(API, SCOPE)))],
    ],
    [
      'trees go beside what is asserted again',
      'clear',
      [...frozen, remove(plain), create(plain), remove(leaf(TREE))],
    ],
    ['the fence goes', 'end', [last, remove(plain), create(plain)]],
  ])('passes: %s', (_, kind, changes) => {
    expect(judge(kind, 'give-back', changes)).not.toThrow();
  });
  it.each<readonly [string, FencedKind, readonly Change[], RegExp]>([
    [
      'a root without anything in its place',
      'plain',
      [...frozen, remove(root(TREE))],
      /nothing come in its place/,
    ],
    ['a tree before its root', 'plain', [...frozen, remove(leaf(TREE))], /may not touch/],
    [
      'a record that takes the place of no root',
      'plain',
      [...frozen, create(plain)],
      /takes the place of no root/,
    ],
    [
      'a root that still points at a tree',
      'plain',
      [...frozen, remove(root(TREE)), create(root(OLD_TREE))],
      /would still point/,
    ],
    [
      'a root that goes with the trees',
      'clear',
      [...frozen, remove(root(TREE)), remove(leaf(TREE))],
      /may not delete/,
    ],
    ['a fence that is not frozen', 'plain', [...ADVANCED, ...gone], /frozen fence alone/],
    [
      'an end that goes through a fence that is not frozen',
      'end',
      [remove(fenceRecord(FENCE, SCOPE))],
      /which is frozen/,
    ],
    ['an end that deletes something else', 'end', [last, remove(leaf(TREE))], /nothing but the fence/],
    ['an end that leaves a fence', 'end', frozen, /leaves no fence/],
  ])('throws: %s', (_, kind, changes, message) => {
    expect(judge(kind, 'give-back', changes)).toThrow(message);
  });
});

describe('a role', () => {
  it('sends its own kinds and no other', () => {
    const kinds: readonly FencedKind[] = [
      ...(['fence', 'stage', 'repair', 'flip', 'retire', 'freeze'] as const),
      ...(['offer', 'handover'] as const),
      ...(['plain', 'clear', 'end'] as const),
    ];
    const allowed: Readonly<Record<WriterRole, readonly FencedKind[]>> = {
      enactor: ['fence', 'stage', 'repair', 'flip', 'freeze', 'offer', 'handover'],
      janitor: ['retire'],
      operator: ['fence', 'freeze'],
      rescue: ['fence', 'freeze', 'stage', 'flip'],
      'give-back': ['fence', 'freeze', 'plain', 'clear', 'end'],
    };
    for (const [role, own] of Object.entries(allowed) as [WriterRole, readonly FencedKind[]][]) {
      for (const kind of kinds.filter((each) => !own.includes(each))) {
        expect(judge(kind, role, ADVANCED)).toThrow(`the ${role} may not send a ${kind} batch`);
      }
    }
  });
});

describe('a batch that breaks a rule is a bug', () => {
  const garbage = remove({ ...fenceRecord(FENCE, SCOPE), values: ['"v1"'] });
  const elsewhere = create({ name: dnsName('www.example.test'), type: 'A', ttl: 60, values: ['192.0.2.1'] });
  const many = Array.from({ length: 999 }, (_, index) => create(leaf(TREE, `t${index}`)));
  const broken: readonly (readonly [string, FencedKind, WriterRole, readonly Change[], RegExp])[] = [
    ['nothing at all', 'stage', 'enactor', [], /must begin with its fence/],
    ['no fence', 'stage', 'enactor', [create(leaf(TREE))], /must begin with its fence/],
    [
      'the fence not first',
      'stage',
      'enactor',
      [create(leaf(TREE)), ...RENEWED],
      /must begin with its fence/,
    ],
    [
      'the fence in two places',
      'flip',
      'enactor',
      [ADVANCED[0], create(root(TREE)), ADVANCED[1]].flatMap((c) => c ?? []),
      /must begin with its fence/,
    ],
    ['no new fence', 'stage', 'enactor', [remove(fenceRecord(FENCE, SCOPE))], /must leave one fence/],
    [
      'two new fences',
      'stage',
      'enactor',
      [...RENEWED, create(fenceRecord(NEXT, SCOPE))],
      /must leave one fence/,
    ],
    [
      'a new fence that nobody can read',
      'fence',
      'enactor',
      [create({ ...fenceRecord(FENCE, SCOPE), values: ['"v1"'] })],
      /that can be read/,
    ],
    [
      'more elements than a request holds',
      'stage',
      'enactor',
      [...RENEWED, ...many],
      /larger than a request may be/,
    ],
    [
      'a fence and something else',
      'fence',
      'enactor',
      [...ADVANCED, create(leaf(TREE))],
      /holds nothing but the fence, not g000002/,
    ],
    [
      'a freeze and something else',
      'freeze',
      'operator',
      [...ADVANCED, create(root(TREE))],
      /holds nothing but the fence/,
    ],
    [
      'a freeze that lowers the generation',
      'freeze',
      'operator',
      fenced({ ...FENCE, generation: generation(3) }, NEXT),
      /may not lower the generation/,
    ],
    [
      'a freeze that does not advance',
      'freeze',
      'operator',
      fenced(FENCE, { ...NEXT, seq: FENCE.seq }),
      /must advance the fence/,
    ],
    [
      'a stage on a fence that was not read',
      'stage',
      'enactor',
      [create(fenceRecord(FENCE, SCOPE)), create(leaf(TREE))],
      /must delete the exact fence that was read/,
    ],
    [
      'a flip over a malformed fence',
      'flip',
      'enactor',
      [garbage, create(fenceRecord(NEXT, SCOPE)), create(root(TREE))],
      /must delete the exact fence/,
    ],
    [
      'a stage that advances the fence',
      'stage',
      'enactor',
      [...ADVANCED, create(leaf(TREE))],
      /keeps the seq/,
    ],
    [
      'a stage that leaves the fence as it is',
      'stage',
      'enactor',
      [...fenced(FENCE, FENCE), create(leaf(TREE))],
      /needs a nonce of its own/,
    ],
    [
      'a stage that freezes',
      'stage',
      'enactor',
      [...fenced(FENCE, { ...FENCE, nonce: NEXT.nonce, frozen: true }), create(leaf(TREE))],
      /neither freezes nor thaws/,
    ],
    [
      'a flip that does not advance it',
      'flip',
      'enactor',
      [...fenced(FENCE, { ...NEXT, seq: FENCE.seq }), create(root(TREE))],
      /must advance the fence/,
    ],
    [
      'a flip with the nonce of another write',
      'flip',
      'enactor',
      [...fenced(FENCE, { ...NEXT, nonce: FENCE.nonce }), create(root(TREE))],
      /needs a nonce of its own/,
    ],
    [
      'a flip to a lower generation',
      'flip',
      'enactor',
      [...fenced({ ...FENCE, generation: generation(3) }, NEXT), create(root(TREE))],
      /may not lower the generation/,
    ],
    [
      'a flip under the name of another ledger',
      'flip',
      'enactor',
      [...fenced(FENCE, { ...NEXT, ledger: '00000001' }), create(root(TREE))],
      /may not change whose fence it is/,
    ],
    [
      'a flip through a frozen fence',
      'flip',
      'enactor',
      [...fenced({ ...FENCE, frozen: true }, NEXT), create(root(TREE))],
      /may not go through a frozen fence/,
    ],
    [
      'a stage through a frozen fence',
      'stage',
      'enactor',
      [...fenced({ ...FENCE, frozen: true }, { ...FENCE, frozen: true }), create(leaf(TREE))],
      /may not go through a frozen fence/,
    ],
    [
      'a repair that changes the generation',
      'repair',
      'enactor',
      [...FLIPPED, create(leaf(TREE))],
      /keeps the generation/,
    ],
    [
      'a retirement that changes the plan',
      'retire',
      'janitor',
      fenced(FENCE, { ...NEXT, plan: '0123456789ab' }),
      /keeps the plan/,
    ],
    [
      'a stage of something that is no tree',
      'stage',
      'enactor',
      [...RENEWED, elsewhere],
      /www\.example\.test A {2}is not part of a tree/,
    ],
    ['a stage of a root', 'stage', 'enactor', [...RENEWED, create(root(TREE))], /is not part of a tree/],
    [
      'a stage of a rollback root',
      'stage',
      'enactor',
      [...RENEWED, create(root(TREE, rollbackName(API, SCOPE)))],
      /is not part of a tree/,
    ],
    [
      'a stage that deletes a tree',
      'stage',
      'enactor',
      [...RENEWED, remove(leaf(TREE))],
      /would be deleted and not come back/,
    ],
    [
      'a stage that alters a tree',
      'stage',
      'enactor',
      [...RENEWED, remove(leaf(TREE)), create(leaf(TREE, 'a', '192.0.2.9'))],
      /would be deleted and not come back/,
    ],
    [
      'a repair that empties a tree',
      'repair',
      'enactor',
      [...ADVANCED, remove(leaf(OLD_TREE)), create(leaf(TREE))],
      /would be deleted and not come back/,
    ],
    [
      'a repair of a root',
      'repair',
      'enactor',
      [...ADVANCED, remove(root(OLD_TREE)), create(root(TREE))],
      /is not part of a tree/,
    ],
    [
      'a flip that makes a tree',
      'flip',
      'enactor',
      [...FLIPPED, create(leaf(TREE))],
      /a flip may not touch g000002/,
    ],
    [
      'a flip that deletes a tree',
      'flip',
      'enactor',
      [...FLIPPED, remove(leaf(OLD_TREE))],
      /a flip may not touch g000001/,
    ],
    [
      'a root that points at nothing of the cell',
      'flip',
      'enactor',
      [...FLIPPED, create(root(dnsName('www.example.test')))],
      /would not point at a tree of the cell/,
    ],
    [
      'a root that is no alias',
      'flip',
      'enactor',
      [...FLIPPED, elsewhere],
      /would not point at a tree of the cell/,
    ],
    [
      'a flip that deletes mail',
      'flip',
      'enactor',
      [...FLIPPED, remove({ name: API, type: 'MX', ttl: 60, values: ['1 m.example.com'] })],
      /api\.example\.test MX {2}is not a root/,
    ],
    [
      'a retirement of what a root points at',
      'retire',
      'janitor',
      [...ADVANCED, ...PROOF, remove(leaf(OLD_TREE))],
      /a root points at it/,
    ],
    [
      'a retirement of a root',
      'retire',
      'janitor',
      [...ADVANCED, remove(root(OLD_TREE))],
      /may not delete api\.example\.test/,
    ],
    [
      'a retirement of a rollback root',
      'retire',
      'janitor',
      [...ADVANCED, remove(root(OLD_TREE, rollbackName(API, SCOPE)))],
      /may not delete rollback\.api/,
    ],
    [
      'a retirement of a foreign record',
      'retire',
      'janitor',
      [...ADVANCED, remove(elsewhere.record)],
      /may not delete www/,
    ],
    [
      'a janitor that flips',
      'retire',
      'janitor',
      [...ADVANCED, remove(root(OLD_TREE)), create(root(TREE))],
      /a janitor may not create api\.example\.test/,
    ],
    [
      'a janitor that makes something',
      'retire',
      'janitor',
      [...ADVANCED, create(leaf(TREE))],
      /a janitor may not create g000002/,
    ],
  ];
  it.each(broken)('with %s', (_, kind, role, changes, why) => {
    expect(judge(kind, role, changes)).toThrow(InvariantViolated);
    expect(judge(kind, role, changes)).toThrow(why);
  });
});
