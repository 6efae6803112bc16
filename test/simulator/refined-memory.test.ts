import { describe, expect, it } from 'vitest';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { LogKnowledge } from '../../lib/simulator/checkers/refined-log.ts';
import type { Present, RefinedMemory } from '../../lib/simulator/checkers/refined-memory.ts';
import { memoryKey, NOTHING_REMEMBERED } from '../../lib/simulator/checkers/refined-memory.ts';
import { refinedZone } from '../../lib/simulator/checkers/refined-zone.ts';

const SCOPE: CellScope = { cell: cellName('a'), zone: dnsName('example.test'), zoneId: 'Z1' };
const TREE = dnsName('g000004.api.a._pawl.example.test');
const RECORDS: readonly RecordSet[] = [
  { name: TREE, type: 'A', ttl: 60, values: ['192.0.2.1'] },
  {
    name: dnsName('api.example.test'),
    type: 'A',
    alias: { name: TREE, zoneId: 'Z1', evaluateTargetHealth: true },
  },
];

/** What the log says now. */
const NOW: LogKnowledge = {
  listed: new Set(['g000004.api']),
  staged: new Set(),
  settled: '7 C7',
  lent: new Set(),
  taken: new Set(['api']),
};

const PRESENT: Present = {
  scope: SCOPE,
  zone: refinedZone(RECORDS, SCOPE),
  now: NOW,
  isInsync: (change) => change !== 'C9',
};

/** A memory of one log that was read, in a cell whose roots were moved last by the fence of seq 5. */
function remembering(known: Partial<LogKnowledge>, more: Partial<RefinedMemory> = {}): RefinedMemory {
  return { ...NOTHING_REMEMBERED, movedAt: 5, logs: [{ ...NOW, ...known }], ...more };
}

const NOTHING = { ...NOTHING_REMEMBERED, movedAt: 5 };

function isTold(memory: RefinedMemory, present: Present | 'unknown' = PRESENT): boolean {
  const at = present === 'unknown' ? undefined : present;
  return memoryKey(memory, at) !== memoryKey({ ...NOTHING, touched: memory.touched }, at);
}

describe('what writers may have read of a log keeps two states of a search apart', () => {
  it.each([
    ['a tree that is not there was listed', { listed: new Set(['g000004.api', 'g000003.api']) }],
    ['a tree that no root points at was staged', { staged: new Set(['C9 g000005.api']) }],
    ['a change that is not INSYNC came after the last move', { settled: '6 C9' }],
    ['an endpoint was lent', { lent: new Set(['api']) }],
    ['an endpoint was taken', { taken: new Set(['api', 'web']) }],
  ])('where %s', (_, known) => {
    expect(isTold(remembering(known))).toBe(true);
  });

  it.each([
    ['the log says as much', {}],
    ['a tree that stands was listed', { listed: new Set(['g000004.api']) }],
    ['a tree was staged that a root points at', { staged: new Set(['C9 g000004.api']) }],
    ['another change that is INSYNC came after the last move', { settled: '5 C5' }],
    ['a change came before the last move', { settled: '4 C9' }],
  ])('but not where %s', (_, known) => {
    const later = { ...PRESENT, now: { ...NOW, listed: new Set<string>() } };
    expect(isTold(remembering({ listed: new Set(), ...known }), later)).toBe(false);
  });

  it('but not by whoever has carried it on', () => {
    const standing = { ...NOW, staged: new Set(['C9 g000004.api']) };
    expect(isTold({ ...NOTHING, carried: { by: 'janitor-1', logs: [standing] } })).toBe(false);
    const lent = { ...NOW, lent: new Set(['api']) };
    expect(isTold({ ...NOTHING, carried: { by: 'janitor-1', logs: [lent] } })).toBe(true);
  });

  it.each([
    ['a hand has been in the zone', { touched: new Set([TREE]) }, PRESENT],
    ['a hand or a return may come', {}, 'unknown'],
  ] as const)('wherever %s', (_, more, present) => {
    expect(isTold(remembering({ settled: '5 C5' }, more), present)).toBe(true);
  });

  it('once, whatever was read first', () => {
    const [one, other] = [
      { ...NOW, lent: new Set(['api']) },
      { ...NOW, settled: '6 C9' },
    ];
    const keys = [
      [one, other],
      [other, one],
      [other, one, other],
    ].map((logs) => memoryKey({ ...NOTHING, logs }, PRESENT));
    expect(new Set(keys).size).toBe(1);
  });
});
