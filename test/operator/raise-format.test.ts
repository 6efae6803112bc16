import { expect, it } from 'vitest';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { raiseFormat } from '../../lib/operator/raise-format.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

function person(): OperatorDeps {
  return {
    ledger: memoryLedger(LEDGER),
    clock: virtualClock(),
    randomness: seededRandomness(),
    telemetry: silentTelemetry,
    name: 'operator-ana',
  };
}

it('raises a cell once, and says from where to where', async () => {
  const deps = person();
  const request = { cell: CELL, functionsRead: 6, apply: true };
  expect(await raiseFormat(deps, { ...request, apply: false })).toEqual({ type: 'done', from: 1, to: 6 });
  expect((await deps.ledger.head(CELL)).number).toBe(0);
  expect(await raiseFormat(deps, request)).toEqual({ type: 'done', from: 1, to: 6 });
  expect((await deps.ledger.head(CELL)).last?.event).toEqual({ type: 'FormatRaised', format: 6 });
  expect(await raiseFormat(deps, request)).toEqual({ type: 'done', from: 6, to: 6 });
  expect((await deps.ledger.head(CELL)).number).toBe(1);
});

it('refuses what a function could not read, and writes nothing', async () => {
  const deps = person();
  for (const functionsRead of [1, 2])
    expect(await raiseFormat(deps, { cell: CELL, functionsRead, apply: true })).toEqual({
      type: 'refused',
      reason: `The functions of cell use1-a read formats up to ${functionsRead}, and this Pawl would write format 6: deploy 0.6.0 or a newer release first.`,
    });
  expect((await deps.ledger.head(CELL)).number).toBe(0);
});
