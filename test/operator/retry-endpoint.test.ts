import { expect, it } from 'vitest';
import { execute } from '../../lib/ledger/execute.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { retryEndpoint } from '../../lib/operator/retry-endpoint.ts';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { CELL, LEDGER } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

const API = dnsName('api.example.test');

it('asks once for an endpoint that was refused, and for no other', async () => {
  const ledger = memoryLedger(LEDGER, { firstFormat: 3 });
  const clock = virtualClock();
  const deps = {
    ledger,
    clock,
    randomness: seededRandomness(),
    telemetry: silentTelemetry,
    name: 'operator-ana',
  };
  await execute(ledger, CELL, { at: () => clock.now(), by: 'enactor-a' }, () => ({
    type: 'RecordRefusal',
    name: API,
    step: 'flip',
    generation: generation(2),
    records: ['api.example.test A'],
    reason: 'It is protected.',
    batches: 3,
  }));
  expect(await retryEndpoint(deps, { cell: CELL, name: API })).toEqual({ type: 'done', changed: true });
  expect((await ledger.head(CELL)).state.refused).toMatchObject([{ name: API, asked: true }]);
  expect(await retryEndpoint(deps, { cell: CELL, name: API })).toEqual({ type: 'done', changed: false });
  expect(await retryEndpoint(deps, { cell: CELL, name: dnsName('web.example.test') })).toMatchObject({
    type: 'refused',
  });
});
