import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { DrillReport } from '../../lib/local/drill.ts';
import { pawl } from './start-process.ts';

interface Drilled {
  readonly code: number | null;
  readonly steps: readonly DrillReport[];
}

/** Runs the drill as a program would. */
async function drilled(...fleet: readonly string[]): Promise<Drilled> {
  const child = pawl('drill', ...fleet, '--yes', '--json');
  const { code } = await child.ended();
  const { steps } = JSON.parse(child.stdout()) as { readonly steps: readonly DrillReport[] };
  return { code, steps };
}

test('the drill of an outage of the control plane shows every step that the runbook promises', async () => {
  const { code, steps } = await drilled();
  expect(steps.map(({ id, result }) => `${id} ${result}`)).toEqual([
    'calm seen',
    'order-applied seen',
    'control-plane-away seen',
    'answers-stand seen',
    'order-recorded seen',
    'freeze-half seen',
    'zone-went-back seen',
    'control-plane-back seen',
    'thaw seen',
  ]);
  expect(code).toBe(0);
});

test('the drill of a lost ledger shows every step of a rescue', async () => {
  const { code, steps } = await drilled('--ledger');
  expect(steps.map(({ id, result, detail }) => `${id} ${result === 'seen' ? result : detail}`)).toEqual([
    'calm seen',
    'ledger-away seen',
    'answers-stand seen',
    'plan-exported seen',
    'rescued seen',
    'ledger-back seen',
    'adopted-and-thawed seen',
  ]);
  expect(code).toBe(0);
});

test('a drill that misses a step exits with 1, and does not go on', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const fleet = join(folder, 'fleet.yaml');
  await writeFile(
    fleet,
    `version: 1
cells:
  one:
    zone: one.test
    targets: { only: { az: use1-az1, capacity: 100, ipv4: 192.0.2.1 } }
    endpoints: { api.one.test: { kind: addresses, targets: [only] } }
`,
  );
  const { code, steps } = await drilled(fleet);
  expect(code).toBe(1);
  expect(steps.slice(1, 3)).toMatchObject([
    {
      id: 'order-applied',
      result: 'missed',
      detail: expect.stringContaining('no target of one can be spared'),
    },
    { id: 'control-plane-away', result: 'skipped' },
  ]);
});
