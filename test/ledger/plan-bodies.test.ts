import { expect, it } from 'vitest';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { BodyDamaged } from '../../lib/ledger/ledger.ts';
import { memoryLedger } from '../../lib/ledger/memory-ledger.ts';
import { getPlan, putPlan } from '../../lib/ledger/plan-bodies.ts';
import { canonicalJson, sha256 } from '../../lib/plan/canonical.ts';
import { generation } from '../../lib/plan/generation.ts';
import { cellName } from '../../lib/plan/names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { planDigest } from '../../lib/plan/plan.ts';
import { CELL, LEDGER, ZONE } from '../support/ledger-events.ts';

const OTHER = cellName('use1-b');
const PLAN: Plan = {
  format: 1,
  cell: CELL,
  zone: ZONE,
  zoneId: 'Z1',
  generation: generation(1),
  parent: 0,
  endpoints: [],
};

it('stores a plan under its digest, in its own cell, and reads it back', async () => {
  const ledger = memoryLedger(LEDGER);
  const digest = await putPlan(ledger, PLAN);
  expect(digest).toBe(planDigest(PLAN));
  expect(await getPlan(ledger, CELL, digest)).toEqual(PLAN);
  await expect(getPlan(ledger, OTHER, digest)).rejects.toThrow(BodyDamaged);
});

it('trusts no ledger that stores a plan under another name', async () => {
  const ledger: Ledger = { ...memoryLedger(LEDGER), putBody: async () => sha256('other') };
  await expect(putPlan(ledger, PLAN)).rejects.toThrow(
    new BodyDamaged(`The body ${sha256('other')} is not a plan of cell use1-a: run "pawl verify use1-a".`),
  );
});

it('takes no body that is not a plan of the cell', async () => {
  const ledger = memoryLedger(LEDGER);
  const foreign = await ledger.putBody(CELL, canonicalJson({ ...PLAN, cell: OTHER }));
  const fleet = await ledger.putBody(CELL, '{"cell":"use1-a"}');
  for (const digest of [foreign, fleet])
    await expect(getPlan(ledger, CELL, digest)).rejects.toThrow(
      new BodyDamaged(`The body ${digest} is not a plan of cell use1-a: run "pawl verify use1-a".`),
    );
});
