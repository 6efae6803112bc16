import { canonicalJson } from '../plan/canonical.ts';
import type { CellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest } from '../plan/plan.ts';
import { parsePlan } from '../plan/plan-json.ts';
import type { BodyDigest } from './events.ts';
import type { Ledger } from './ledger.ts';
import { BodyDamaged } from './ledger.ts';

/** Stores a plan under its own digest, before the event that names it. */
export async function putPlan(ledger: Ledger, plan: Plan): Promise<BodyDigest> {
  const digest = await ledger.putBody(plan.cell, canonicalJson(plan));
  return digest === planDigest(plan) ? digest : failed(plan.cell, digest);
}

/** @throws BodyDamaged when the plan is missing, altered, or of another cell. */
export async function getPlan(ledger: Ledger, cell: CellName, digest: BodyDigest): Promise<Plan> {
  const parsed = parsePlan(await ledger.getBody(cell, digest));
  if (parsed.type === 'invalid' || parsed.plan.cell !== cell) return failed(cell, digest);
  return parsed.plan;
}

function failed(cell: CellName, digest: BodyDigest): never {
  throw new BodyDamaged(`The body ${digest} is not a plan of cell ${cell}: run "pawl verify ${cell}".`);
}
