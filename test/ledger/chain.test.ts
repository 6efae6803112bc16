import { expect, it } from 'vitest';
import { bodiesNamedBy, eventHash, FIRST_PREVIOUS, storedHash } from '../../lib/ledger/chain.ts';
import type { LedgerEvent, RecordedEvent } from '../../lib/ledger/decider/events.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import { CELL, digestOf, fleetDeclared, planAppended, planApplied } from '../support/ledger-events.ts';

const record: RecordedEvent = {
  cell: CELL,
  number: 1,
  at: 1_790_000_000_000,
  by: 'operator:ana',
  event: { type: 'CellThawed' },
  previous: FIRST_PREVIOUS,
  hash: 'not part of what is hashed',
};
const stored = { record, stateText: '{}', nonce: 'n1' };

it('begins with 64 zeros', () => {
  expect(FIRST_PREVIOUS).toMatch(/^0{64}$/);
});

it('hashes an event with everything that it stands for', () => {
  const { hash: _, ...hashed } = record;
  expect(storedHash(stored)).toBe(eventHash({ ...hashed, state: sha256('{}'), nonce: 'n1' }));
  expect(storedHash(stored)).toBe(
    sha256(
      `{"at":1790000000000,"by":"operator:ana","cell":"use1-a","event":{"type":"CellThawed"},"nonce":"n1","number":1,"previous":"${FIRST_PREVIOUS}","state":"${sha256('{}')}"}`,
    ),
  );
});

it.each([
  { ...stored, nonce: 'n2' },
  { ...stored, stateText: '{} ' },
  { ...stored, record: { ...record, number: 2 } },
  { ...stored, record: { ...record, at: record.at + 1 } },
  { ...stored, record: { ...record, by: 'operator:bob' } },
  { ...stored, record: { ...record, previous: sha256('other') } },
  { ...stored, record: { ...record, event: { type: 'PlannerResumed' } as const } },
])('has another hash when anything of it is another', (other) => {
  expect(storedHash(other)).not.toBe(storedHash(stored));
});

it('does not hash the hash itself', () => {
  expect(storedHash({ ...stored, record: { ...record, hash: 'other' } })).toBe(storedHash(stored));
});

it('names the bodies that must be stored first', () => {
  const ahead: LedgerEvent = { type: 'FenceAhead', fenceGeneration: 3, fenceSeq: 4 };
  const reissue = { generation: 4, parent: 1, digest: digestOf(1) };
  expect(bodiesNamedBy(fleetDeclared())).toEqual([sha256('fleet')]);
  expect(bodiesNamedBy({ type: 'TargetsObserved', digest: 'd', changed: 0, healthy: 0 })).toEqual(['d']);
  expect(bodiesNamedBy(planAppended(3))).toEqual([digestOf(3)]);
  expect(bodiesNamedBy({ ...ahead, reissue })).toEqual([digestOf(1)]);
  expect(bodiesNamedBy(ahead)).toEqual([]);
  // These name a plan that was stored when it was appended.
  expect(bodiesNamedBy(planApplied(3, 4))).toEqual([]);
  expect(bodiesNamedBy({ type: 'PlanApproved', generation: 3, digest: digestOf(3) })).toEqual([]);
});
