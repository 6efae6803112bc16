import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, formatFence, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

const FENCE: Fence = {
  generation: generation(145),
  seq: seq(312),
  plan: '9f3c2a71b0de',
  frozen: false,
  ledger: '5be1c07a',
  by: 'enactor-b',
  nonce: 'k3v9q0xw',
};
const record = fenceRecord(FENCE, SCOPE);

describe('what stands at the name of a fence', () => {
  it('is a fence when it is that one record alone', () => {
    expect(readFenceRecords([record])).toEqual({ type: 'fence', fence: FENCE, records: [record] });
    expect(readFenceRecords([])).toEqual({ type: 'missing', records: [] });
  });

  it.each<readonly [string, readonly RecordSet[]]>([
    ['with another record beside it', [record, { ...record, type: 'A', values: ['192.0.2.1'] }]],
    ['after another record', [{ ...record, type: 'A', values: ['192.0.2.1'] }, record]],
    ['of another type', [{ ...record, type: 'SPF' }]],
    ['with a routing policy', [{ ...record, setIdentifier: 'one', weight: 1 }]],
    ['with a second value', [{ ...record, values: [...(record.values ?? []), '"more"'] }]],
    ['without a value', [{ name: record.name, type: 'TXT', ttl: 5, values: [] }]],
    ['without values', [{ name: record.name, type: 'TXT' }]],
  ])('is malformed %s, and is kept for an exact DELETE', (_, records) => {
    expect(readFenceRecords(records)).toEqual({ type: 'malformed', records });
  });
});

it('is never written as what could not be read back, and says which', () => {
  const unreadable = { ...FENCE, by: 'enactor b' };
  expect(() => formatFence(unreadable)).toThrow(
    'the fence "v1 gen=145 seq=312 plan=9f3c2a71b0de frozen=0 ledger=5be1c07a by=enactor b n=k3v9q0xw" cannot be read back',
  );
});
