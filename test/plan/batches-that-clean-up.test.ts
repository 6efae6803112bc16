import { expect, it } from 'vitest';
import type { FencedKind, WriterRole } from '../../lib/plan/batch-kinds.ts';
import { assertBatch } from '../../lib/plan/batch-kinds.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { ownedSubtree, rollbackName } from '../../lib/plan/owned-names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';
import { plain } from './given-zone.ts';

const FENCE: Fence = {
  generation: generation(1),
  seq: seq(5),
  plan: '9f3c2a71b0de',
  frozen: false,
  ledger: '5be1c07a',
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};
const judge = (kind: FencedKind, role: WriterRole, ...rest: readonly Change[]) => {
  const next: Fence = { ...FENCE, seq: seq(6), nonce: 'bbbbbbbb' };
  const fence = [remove(fenceRecord(FENCE, SCOPE)), create(fenceRecord(next, SCOPE))];
  return () => assertBatch(kind, role, [...fence, ...rest], SCOPE);
};

it('may delete a stray name of the cell, as a retirement', () => {
  const stray: RecordSet = plain(`stray.${ownedSubtree(SCOPE)}`);
  expect(judge('retire', 'janitor', remove(stray))).not.toThrow();
});

it('may put back a plain record that it proves, as a retirement', () => {
  const there = plain('api.example.test');
  expect(judge('retire', 'janitor', remove(there), create(there))).not.toThrow();
});

it('may delete whatever stands at a rollback root, but only a root at an endpoint, as a flip', () => {
  const garbage = plain(rollbackName(dnsName('api.example.test'), SCOPE), 'TXT', '"x"');
  expect(judge('flip', 'enactor', remove(garbage))).not.toThrow();
  expect(judge('flip', 'enactor', remove(plain('api.example.test', 'TXT', '"x"')))).toThrow(
    'api.example.test TXT  is not a root',
  );
});
