import { describe, expect, it } from 'vitest';
import { emulatedZone } from '../../../lib/emulator/emulated-zone.ts';
import type { EventType } from '../../../lib/ledger/decider/events.ts';
import { cellName } from '../../../lib/plan/names.ts';
import type { Change, RecordSet } from '../../../lib/plan/records.ts';
import { recordKey } from '../../../lib/plan/records.ts';
import { allRecords } from '../../../lib/zone/read-records.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged, fleetText } from '../rehearsal.ts';

const CELL = cellName('use1-a');

interface ToldWrite {
  readonly type: 'batch' | 'event';
  readonly batch?: { readonly changes: readonly Change[] };
  readonly event?: { readonly type: EventType };
}

async function recordsOf({ core, zoneId }: Rehearsal): Promise<readonly RecordSet[]> {
  return (await allRecords(emulatedZone(core, zoneId))).records;
}

/** What identifies and makes up every record but the fence, whose nonce is drawn anew by every write. */
function shape(records: readonly RecordSet[]): readonly string[] {
  return records
    .filter(({ type }) => type !== 'TXT')
    .map((record) => JSON.stringify(record))
    .sort();
}

function afterwards(before: readonly RecordSet[], writes: readonly ToldWrite[]): readonly RecordSet[] {
  const records = new Map(before.map((record) => [recordKey(record), record]));
  for (const { action, record } of writes.flatMap(({ batch }) => batch?.changes ?? [])) {
    if (action === 'CREATE') records.set(recordKey(record), record);
    else records.delete(recordKey(record));
  }
  return [...records.values()];
}

/** Runs a role dry, then for real, and compares the writes. */
async function expectForetold(stage: Rehearsal, line: string): Promise<readonly EventType[]> {
  const before = await recordsOf(stage);
  const { number } = await stage.ledger.head(CELL);
  const dry = await stage.pawl(`${line} --dry-run --json`);
  expect(await recordsOf(stage)).toEqual(before);
  expect((await stage.ledger.head(CELL)).number).toBe(number);
  const shown = JSON.parse(dry.out) as { readonly writes: readonly ToldWrite[] };
  const real = await stage.pawl(`${line} --json`);
  expect(real.exit).toBe(dry.exit);
  expect(JSON.parse(real.out)).not.toHaveProperty('writes');
  expect(shape(afterwards(before, shown.writes))).toEqual(shape(await recordsOf(stage)));
  const events = (await stage.ledger.events(CELL, { after: number, limit: 100, order: 'forward' })).map(
    ({ event }) => event.type,
  );
  expect(shown.writes.flatMap(({ event }) => (event === undefined ? [] : [event.type]))).toEqual(events);
  return events;
}

describe('a dry run', () => {
  it('of an enactor predicts every batch and event of a flip, and writes nothing', async () => {
    const stage = await converged();
    await changedTo(stage, 80);
    expect(await expectForetold(stage, 'enact use1-a')).toEqual(['PlanStaged', 'PlanApplied']);
  });

  it('of a sweep foretells a repair', async () => {
    const stage = await converged();
    const [root] = (await recordsOf(stage)).filter(
      ({ name, type }) => name === 'api.example.test' && type === 'A',
    );
    if (root === undefined) throw new Error('api.example.test has no root');
    stage.core.changeResourceRecordSets(stage.zoneId, {
      changes: [{ action: 'DELETE', record: root }],
      comment: 'by hand',
    });
    expect(await expectForetold(stage, 'enact use1-a --sweep')).toContain('DriftRepaired');
  });

  it('of a janitor foretells which trees go', async () => {
    const stage = await converged();
    for (const capacity of [90, 80, 70, 60, 50, 40, 30]) {
      await changedTo(stage, capacity);
      await stage.pawl('enact use1-a');
    }
    stage.clock.shift(7 * 24 * 3_600_000);
    const foretold = await expectForetold(stage, 'retire use1-a');
    expect(foretold).toEqual(['TreesRetired', 'PlanApplied']);
  });

  it('of an auditor says what it would record', async () => {
    const stage = await converged();
    expect(await expectForetold(stage, 'audit use1-a --no-dns')).toEqual(['ZoneSurveyed']);
  });

  it('of a run that has nothing to do says so', async () => {
    const stage = await converged();
    const { out, exit } = await stage.pawl('enact use1-a --dry-run');
    expect(exit).toBe(0);
    expect(out).toContain('Nothing would be written.');
  });
});

async function changedTo(stage: Rehearsal, capacity: number): Promise<void> {
  const path = await stage.file(`fleet-${capacity}.yaml`, fleetText({ capacity }));
  await stage.pawl(`fleet push ${path} --yes`);
  await stage.pawl('plan --append');
}
