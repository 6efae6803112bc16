import { describe, expect, it } from 'vitest';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';
import { smallFleet } from '../support/small-fleet.ts';

const FIRST: CellFleet = { ...smallFleet(1), zoneId: 'Z1' };
const CELL = FIRST.cell;
const OTHER = cellName('use1-b');
const NOTHING_MOVES = { moves: [], reclaims: [], withdrawals: [], unsettled: [], lapsed: [] };

function elsewhere(cell: string, endpoint = 'other.example.test'): CellFleet {
  const [api] = FIRST.endpoints;
  if (api === undefined) throw new Error('the small fleet has no endpoints');
  return { ...FIRST, cell: cellName(cell), endpoints: [{ ...api, name: dnsName(endpoint) }] };
}

function person(): OperatorDeps {
  return {
    ledger: memoryLedger('5be1c07a'),
    clock: virtualClock(),
    randomness: seededRandomness(),
    telemetry: silentTelemetry,
    name: 'operator-ana',
  };
}

describe('pushFleet', () => {
  it('declares a first fleet, an unchanged one and another one', async () => {
    const deps = person();
    expect(await pushFleet(deps, { cells: [FIRST], apply: true })).toEqual({
      type: 'done',
      cells: [{ cell: CELL, change: 'first' }],
      ...NOTHING_MOVES,
      fleets: [FIRST],
      left: [],
      comparedWith: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect((await deps.ledger.head(CELL)).last).toMatchObject({
      by: 'operator-ana',
      event: { type: 'FleetDeclared', zoneId: 'Z1', endpoints: 2, targets: 4 },
    });
    expect(await pushFleet(deps, { cells: [FIRST], apply: true })).toEqual({
      type: 'done',
      cells: [{ cell: CELL, change: 'unchanged', before: FIRST }],
      ...NOTHING_MOVES,
      fleets: [FIRST],
      left: [],
      comparedWith: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
    expect((await deps.ledger.head(CELL)).number).toBe(1);
    const second = { ...FIRST, ...smallFleet(2) };
    expect(await pushFleet(deps, { cells: [second], apply: true })).toMatchObject({
      cells: [{ cell: CELL, change: 'declared', before: FIRST }],
    });
    expect((await deps.ledger.head(CELL)).number).toBe(2);
  });

  it('writes nothing for any cell when another fleet stands than was shown', async () => {
    const deps = person();
    await pushFleet(deps, { cells: [FIRST], apply: true });
    const mine = { ...FIRST, ...smallFleet(2) };
    const theirs = { ...FIRST, ...smallFleet(3) };
    const cells = [elsewhere('use1-b'), mine];
    const shown = await pushFleet(deps, { cells, apply: false });
    const expected = shown.type === 'done' ? shown.comparedWith : '';
    await pushFleet(deps, { cells: [theirs], apply: true });
    expect(await pushFleet(deps, { cells, apply: true, expected })).toEqual({
      type: 'refused',
      reason: expect.stringContaining(`then ${expected} stood`),
    });
    expect(await deps.ledger.cells()).toEqual([CELL]);
    expect((await deps.ledger.head(CELL)).number).toBe(2);
  });

  it('is done when somebody has pushed the very same since it was shown', async () => {
    const deps = person();
    const shown = await pushFleet(deps, { cells: [FIRST], apply: false });
    const expected = shown.type === 'done' ? shown.comparedWith : '';
    await pushFleet(deps, { cells: [FIRST], apply: true });
    expect(await pushFleet(deps, { cells: [FIRST], apply: true, expected })).toMatchObject({
      type: 'done',
      cells: [{ change: 'unchanged' }],
    });
  });

  it('writes nothing without apply', async () => {
    const deps = person();
    expect(await pushFleet(deps, { cells: [FIRST], apply: false })).toMatchObject({
      type: 'done',
      cells: [{ change: 'first' }],
    });
    expect(await deps.ledger.cells()).toEqual([]);
  });

  it('leaves cells alone that are not in the file, and names them', async () => {
    const deps = person();
    await pushFleet(deps, { cells: [FIRST, elsewhere('use1-b')], apply: true });
    expect(await pushFleet(deps, { cells: [FIRST], apply: true })).toMatchObject({ left: [OTHER] });
    expect((await deps.ledger.head(OTHER)).number).toBe(1);
  });

  it('refuses everything when one cell would move to another zone', async () => {
    const deps = person();
    await pushFleet(deps, { cells: [FIRST], apply: true });
    const cells = [elsewhere('use1-b'), { ...FIRST, zoneId: 'Z2' }];
    expect(await pushFleet(deps, { cells, apply: true })).toEqual({
      type: 'refused',
      reason: expect.stringContaining('a cell cannot move to example.test (Z2)'),
    });
    expect(await deps.ledger.cells()).toEqual([CELL]);
  });

  it('refuses a name that two cells would claim, in the file or in the ledger', async () => {
    const deps = person();
    const twice = elsewhere('use1-b', 'api.example.test');
    const claimed = {
      type: 'refused',
      reason: expect.stringContaining('api.example.test would be an endpoint of the cells use1-a and use1-b'),
    };
    expect(await pushFleet(deps, { cells: [FIRST, twice], apply: true })).toEqual(claimed);
    expect(await deps.ledger.cells()).toEqual([]);
    await pushFleet(deps, { cells: [FIRST], apply: true });
    expect(await pushFleet(deps, { cells: [twice], apply: true })).toEqual(claimed);
    expect(await deps.ledger.cells()).toEqual([CELL]);
  });

  it('lets a name move from one cell to another in one push', async () => {
    const deps = person();
    await pushFleet(deps, { cells: [FIRST], apply: true });
    const without = { ...FIRST, endpoints: FIRST.endpoints.slice(1) };
    const cells = [elsewhere('use1-b', 'api.example.test'), without];
    expect(await pushFleet(deps, { cells, apply: true })).toMatchObject({ type: 'done' });
  });

  it('refuses two fleets of one cell', async () => {
    expect(await pushFleet(person(), { cells: [FIRST, FIRST], apply: true })).toMatchObject({
      type: 'refused',
    });
  });

  it('begins a new cell in the oldest format of the others, and in an empty ledger in the newest', async () => {
    const formatOf = async ({ ledger }: OperatorDeps, cell = CELL) => (await ledger.head(cell)).state.format;
    const fresh = person();
    await pushFleet(fresh, { cells: [FIRST], apply: true, functionsRead: 2 });
    expect(await formatOf(fresh)).toBe(2);
    expect((await fresh.ledger.head(CELL)).number).toBe(2);
    await pushFleet(fresh, { cells: [elsewhere('use1-b')], apply: true, functionsRead: 2 });
    expect(await formatOf(fresh, OTHER)).toBe(2);
    // Whoever has not raised the first cell may still undo the deployment, for the second one too.
    const older = person();
    await pushFleet(older, { cells: [FIRST], apply: true });
    expect(await formatOf(older)).toBe(1);
    await pushFleet(older, { cells: [elsewhere('use1-b')], apply: true, functionsRead: 2 });
    expect(await formatOf(older, OTHER)).toBe(1);
    await pushFleet(older, { cells: [FIRST], apply: true, functionsRead: 2 });
    expect(await formatOf(older)).toBe(1);
    const ahead = person();
    await pushFleet(ahead, { cells: [FIRST], apply: true, functionsRead: 9 });
    expect(await formatOf(ahead)).toBe(NEWEST_LEDGER_FORMAT);
  });

  it('asks no cell without a fleet for the format of a new one, whatever is in its log', async () => {
    const deps = person();
    const adopted = { type: 'EndpointAdopted', name: dnsName('api.example.test'), was: [] } as const;
    await deps.ledger.append(await deps.ledger.head(CELL), { event: adopted, at: 1, by: 'operator-ana' });
    await pushFleet(deps, { cells: [FIRST], apply: true, functionsRead: NEWEST_LEDGER_FORMAT });
    expect((await deps.ledger.head(CELL)).state).toMatchObject({
      format: NEWEST_LEDGER_FORMAT,
      adopted: ['api.example.test'],
    });
  });

  it('refuses a route where the cell is written in a format that older releases read', async () => {
    const routed = {
      ...FIRST,
      endpoints: FIRST.endpoints.map((each) => ({
        ...each,
        route: { type: 'targets', targets: each.targets, answer: 'multivalue' } as const,
      })),
    };
    const older = person();
    expect(await pushFleet(older, { cells: [routed], apply: true, functionsRead: 4 })).toEqual({
      type: 'refused',
      reason:
        'api.example.test has a route, and cell use1-a is written in format 4, which cannot hold one: "pawl upgrade" the other cells first.',
    });
    await pushFleet(older, { cells: [FIRST], apply: true, functionsRead: 3 });
    expect(await pushFleet(older, { cells: [routed], apply: true, functionsRead: 5 })).toMatchObject({
      reason: expect.stringContaining('"pawl upgrade" cell use1-a first'),
    });
    const newer = person();
    expect(await pushFleet(newer, { cells: [routed], apply: true, functionsRead: 5 })).toMatchObject({
      type: 'done',
    });
  });

  it('never replaces a fleet that it was not compared with', async () => {
    const deps = person();
    await pushFleet(deps, { cells: [FIRST], apply: true });
    const mine = { ...FIRST, ...smallFleet(2) };
    const theirs = { ...FIRST, ...smallFleet(3) };
    let raced = false;
    const ledger = {
      ...deps.ledger,
      putBody: async (...request: Parameters<typeof deps.ledger.putBody>) => {
        if (!raced) {
          raced = true;
          await pushFleet(deps, { cells: [theirs], apply: true });
        }
        return deps.ledger.putBody(...request);
      },
    };
    expect(await pushFleet({ ...deps, ledger }, { cells: [mine], apply: true })).toEqual({
      type: 'refused',
      reason: expect.stringContaining('Somebody pushed another fleet for cell use1-a'),
    });
    expect(await pushFleet(deps, { cells: [theirs], apply: false })).toMatchObject({
      cells: [{ change: 'unchanged' }],
    });
  });
});
