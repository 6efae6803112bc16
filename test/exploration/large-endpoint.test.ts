import { expect, it } from 'vitest';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { countedCell } from '../support/counted-cell.ts';

const TARGETS = 10_000;
const ZONES = 3;

it(`an endpoint of ${TARGETS} targets plans, stages and flips, and one changed target costs its group and what is above it`, async () => {
  const cell = await countedCell(1, TARGETS);
  await cell.declare(inZones);
  const first = await cell.enact('hint');
  expect(first.outcome.type).toBe('applied');
  // As few as hold 10,000 records and their aliases, and the flip.
  expect({ changes: first.changes, refused: first.refused }).toEqual({ changes: 13, refused: 0 });
  const before = new Set((await cell.records()).map(({ name, setIdentifier }) => `${name} ${setIdentifier}`));
  await cell.declare((fleet) => withNewAddress(inZones(fleet)));
  const second = await cell.enact('hint');
  expect(second.outcome.type).toBe('applied');
  const made = (await cell.records()).filter(
    ({ name, setIdentifier }) => !before.has(`${name} ${setIdentifier}`),
  );
  // Its part of at most 100 targets, the parts of its zone, and the zones.
  expect(made.length).toBeLessThanOrEqual(100 + 64 + ZONES);
  expect({ lists: second.lists, changes: second.changes, refused: second.refused }).toEqual({
    lists: 2,
    changes: 2,
    refused: 0,
  });
}, 240_000);

function inZones(fleet: CellFleet): CellFleet {
  return {
    ...fleet,
    targets: fleet.targets.map((each, index) => ({
      ...each,
      az: `az${index % ZONES}`,
      ipv4: [`10.1.${Math.floor(index / 250)}.${index % 250}`],
    })),
  };
}

function withNewAddress(fleet: CellFleet): CellFleet {
  const targets = fleet.targets.map((each, index) =>
    index === 0 ? { ...each, ipv4: ['203.0.113.200'] } : each,
  );
  return { ...fleet, targets };
}
