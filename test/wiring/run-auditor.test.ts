import { expect, it } from 'vitest';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { cellSettings } from '../../lib/wiring/role-run.ts';
import { auditorRuns } from '../../lib/wiring/run-auditor.ts';
import type { World } from '../../lib/wiring/world.ts';
import { converged } from '../cli/rehearsal.ts';

const CELL = cellName('use1-a');

it('half a freeze is found by an auditor once the run before has seen it too', async () => {
  const stage = await converged();
  const { ledger, clock, zoneId } = stage;
  const world: Pick<World, 'zone' | 'quota' | 'clock' | 'telemetry' | 'operator'> = {
    zone: (id) => emulatedZone(stage.core, id),
    quota: () => ({ recordLimit: async () => 'not-told' }),
    clock,
    telemetry: silentTelemetry,
    operator: 'auditor',
  };
  // Of a world an auditor uses nothing else.
  const run = auditorRuns(world as World);
  const remark = async () => {
    const head = await ledger.head(CELL);
    const scope = { cell: CELL, zone: dnsName('example.test'), zoneId };
    const settings = cellSettings(scope, head, 250);
    const request = { cell: CELL, mode: 'sweep', deadline: instant(clock.now() + 60_000) } as const;
    return (await run({ ledger, head, settings }, request)).remark;
  };
  expect(await remark()).toBeUndefined();
  await stage.pawl('freeze use1-a --fence-only --zone example.test');
  expect(await remark()).toBeUndefined();
  const found = { type: 'found', what: expect.stringMatching(/^use1-a is half frozen: operator-ana froze/) };
  expect([await remark(), await remark()]).toEqual([found, found]);
  await stage.pawl('freeze use1-a');
  expect(await remark()).toBeUndefined();
});
