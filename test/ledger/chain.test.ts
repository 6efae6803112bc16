import { describe, expect, it } from 'vitest';
import { bodiesNamedBy, FIRST_PREVIOUS, storedHash } from '../../lib/ledger/chain.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { StoredEvent } from '../../lib/ledger/ledger-records.ts';
import { sha256 } from '../../lib/plan/canonical.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';
import { CELL, digestOf, fleetDeclared, planAppended, planApplied } from '../support/ledger-events.ts';

const FIRST: StoredEvent = {
  cell: CELL,
  number: 1,
  at: 1_790_000_000_000,
  by: 'operator:ana',
  eventText: '{"type":"CellThawed"}',
  stateText: '{}',
  nonce: 'n1',
  previous: FIRST_PREVIOUS,
  hash: 'not part of what is hashed',
  format: 1,
  readableFrom: 1,
  pawl: '0.1.0',
};
const SECOND: StoredEvent = { ...FIRST, format: 2, readableFrom: 2, pawl: '0.2.0' };

it('begins with 64 zeros', () => {
  expect(FIRST_PREVIOUS).toMatch(/^0{64}$/);
});

it('is as 0.1.0 made it in format 1', () => {
  expect(storedHash(FIRST)).toBe(
    sha256(
      `{"at":1790000000000,"by":"operator:ana","cell":"use1-a","event":{"type":"CellThawed"},"nonce":"n1","number":1,"previous":"${FIRST_PREVIOUS}","state":"${sha256('{}')}"}`,
    ),
  );
});

it('is taken over the texts from format 2 on, and says who wrote them', () => {
  expect(storedHash(SECOND)).toBe(
    sha256(
      `{"at":1790000000000,"by":"operator:ana","cell":"use1-a","event":"{\\"type\\":\\"CellThawed\\"}","format":2,"nonce":"n1","number":1,"pawl":"0.2.0","previous":"${FIRST_PREVIOUS}","readableFrom":2,"state":"${sha256('{}')}"}`,
    ),
  );
});

it('needs no event that can be parsed', () => {
  expect(storedHash({ ...SECOND, eventText: 'what format 9 wrote' })).toMatch(/^[0-9a-f]{64}$/);
  expect(storedHash({ ...FIRST, eventText: '{' })).not.toBe(storedHash(FIRST));
});

describe.each([FIRST, SECOND])('in format $format', (stored) => {
  it.each([
    { nonce: 'n2' },
    { stateText: '{} ' },
    { cell: cellName('b') },
    { number: 2 },
    { at: stored.at + 1 },
    { by: 'operator:bob' },
    { previous: sha256('other') },
    { eventText: '{"type":"PlannerResumed"}' },
  ])('is another one with %o', (other) => {
    expect(storedHash({ ...stored, ...other })).not.toBe(storedHash(stored));
  });

  it('does not stand for itself', () => {
    expect(storedHash({ ...stored, hash: 'other' } as StoredEvent)).toBe(storedHash(stored));
  });
});

it.each([{ format: 3 }, { readableFrom: 1 }, { pawl: '0.2.1' }, { eventText: '{"type":"CellThawed" }' }])(
  'is another one from format 2 on with %o',
  (other) => {
    expect(storedHash({ ...SECOND, ...other })).not.toBe(storedHash(SECOND));
  },
);

it('names the bodies that must be stored first', () => {
  const ahead: LedgerEvent = { type: 'FenceAhead', fenceGeneration: generation(3), fenceSeq: seq(4) };
  const reissue = { generation: generation(4), parent: 1, digest: digestOf(1) };
  expect(bodiesNamedBy(fleetDeclared())).toEqual([sha256('fleet')]);
  expect(bodiesNamedBy({ type: 'TargetsObserved', digest: 'd', changed: 0, healthy: 0 })).toEqual(['d']);
  expect(bodiesNamedBy(planAppended(3))).toEqual([digestOf(3)]);
  expect(bodiesNamedBy({ ...ahead, reissue })).toEqual([digestOf(1)]);
  expect(bodiesNamedBy(ahead)).toEqual([]);
  // These name a plan that was stored when it was appended.
  expect(bodiesNamedBy(planApplied(3, 4))).toEqual([]);
  expect(bodiesNamedBy({ type: 'PlanApproved', generation: generation(3), digest: digestOf(3) })).toEqual([]);
});
