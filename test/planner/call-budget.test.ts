import { describe, expect, it } from 'vitest';
import { claimedNames, claimsOnNewNames } from '../../lib/cell/claimed-names.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlannerDeps } from '../../lib/planner/planner.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { apiFleet } from '../plan/given-fleet.ts';
import { countedLedger } from '../support/counted-ledger.ts';
import { declareIn } from '../support/declared-cell.ts';

const { cell } = SCOPE;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const OTHER = cellName('other-1');
const TARGETS = 3;

/** A planner in a ledger with so many other cells, which counts the calls of each run. */
async function plannerBeside(others: number) {
  const ledger = memoryLedger('5be1c07a', { firstFormat: NEWEST_LEDGER_FORMAT });
  for (let index = 1; index <= others; index += 1) {
    const name = dnsName(`other-${index}.example.test`);
    await declareIn(ledger, named(apiFleet(1), `other-${index}`, [name]));
  }
  const { counted, calls } = countedLedger(ledger);
  let now = 1_790_000_000_000;
  const deps: PlannerDeps = {
    ledger: counted,
    source: staticSource(),
    clock: { now: () => instant(now), sleep: async () => undefined },
    telemetry: silentTelemetry,
    name: 'planner',
  };
  const claims = claimsOnNewNames();
  return {
    ledger,
    declares: (fleet: CellFleet) => declareIn(ledger, fleet),
    run: async (process = claims) => {
      calls.clear();
      now += 3_600_000;
      const { type } = await planCell(deps, { cell, append: true, claims: process });
      return { type, ...Object.fromEntries([...calls].sort()) };
    },
  };
}

function named(fleet: CellFleet, other: string, names: readonly (typeof API)[]): CellFleet {
  const [endpoint] = fleet.endpoints;
  if (endpoint === undefined) throw new Error('The fleet has no endpoint.');
  return { ...fleet, cell: cellName(other), endpoints: names.map((name) => ({ ...endpoint, name })) };
}

/** The calls of a planner's runs once the names of its cell are planned, by what has happened before each. */
async function callsBeside(others: number) {
  const planner = await plannerBeside(others);
  await planner.declares(named(apiFleet(TARGETS), cell, [API]));
  expect(await planner.run()).toMatchObject({ type: 'appended' });
  const nothing = await planner.run();
  await planner.declares({ ...named(apiFleet(TARGETS - 1), cell, [API]) });
  const changed = await planner.run();
  const inNewProcess = await planner.run(claimsOnNewNames());
  await planner.declares(named(apiFleet(TARGETS - 1), cell, [API, dnsName('other-1.example.test')]));
  const clashing = await planner.run();
  const stillClashing = await planner.run();
  return { clashing, constant: { nothing, changed, inNewProcess, stillClashing } };
}

describe('what a planner asks of the ledger', () => {
  it('is the same beside 1, 100 and 1,000 other cells', async () => {
    const beside1 = await callsBeside(1);
    const beside100 = await callsBeside(100);
    const beside1000 = await callsBeside(1_000);
    expect(beside1.constant).toMatchObject({
      nothing: { type: 'unchanged', head: 1 },
      changed: { type: 'appended', head: 1, append: 1 },
      inNewProcess: { type: 'unchanged', head: 1 },
      // Its own head, and that of the cell which has the name.
      stillClashing: { type: 'unchanged', head: 2 },
    });
    expect(beside100.constant).toEqual(beside1.constant);
    expect(beside1000.constant).toEqual(beside1.constant);
    // A declaration with a name that nobody has planned yet is held against every other cell, once.
    expect(beside1.clashing).toMatchObject({ type: 'unchanged', cells: 1, head: 2 });
    expect(beside1000.clashing).toMatchObject({ type: 'unchanged', cells: 1, head: 1_001 });
  });

  it('looks around again once the cell that has the name gives it up', async () => {
    const planner = await plannerBeside(2);
    await planner.declares(named(apiFleet(TARGETS), cell, [API, dnsName('other-1.example.test')]));
    await planner.run();
    await planner.declares(named(apiFleet(TARGETS), 'other-1', [WEB]));
    expect(await planner.run()).toMatchObject({ type: 'appended', cells: 1, head: 4 });
  });

  it('does not keep a planned name back because another cell declares it later', async () => {
    const planner = await plannerBeside(1);
    await planner.declares(named(apiFleet(TARGETS), cell, [API]));
    await planner.run();
    await planner.declares(named(apiFleet(TARGETS), OTHER, [API]));
    await planner.declares(named(apiFleet(TARGETS - 1), cell, [API]));
    expect(await planner.run()).toMatchObject({ type: 'appended' });
    expect(planner.ledger.peek(cell).state.keptBack).toEqual([]);
  });

  it('keeps back an endpoint that another cell declared before', async () => {
    const planner = await plannerBeside(1);
    await planner.declares(named(apiFleet(TARGETS), cell, [API, dnsName('other-1.example.test')]));
    expect(await planner.run()).toMatchObject({ type: 'appended' });
    expect(planner.ledger.peek(cell).state.keptBack).toMatchObject([
      { name: 'other-1.example.test', findings: [{ code: 'name-claimed-twice', otherCell: 'other-1' }] },
    ]);
  });
});

describe('claims', () => {
  it('name the cell of each name, but for the cells left out', async () => {
    const { ledger } = await plannerBeside(3);
    expect([...(await claimedNames(ledger, new Set([OTHER])))].sort()).toEqual([
      ['other-2.example.test', 'other-2'],
      ['other-3.example.test', 'other-3'],
    ]);
  });
});
