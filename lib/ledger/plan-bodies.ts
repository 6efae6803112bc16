import { canonicalJson } from '../plan/canonical.ts';
import type { CellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest } from '../plan/plan.ts';
import { parsePlan } from '../plan/plan-json.ts';
import type { BodyDigest } from './decider/events.ts';
import type { Ledger } from './ledger.ts';
import { BodyDamaged } from './ledger.ts';

/** Stores a plan under its own digest, before the event that names it. */
export async function putPlan(ledger: Ledger, plan: Plan): Promise<BodyDigest> {
  const digest = await ledger.putBody(plan.cell, canonicalJson(plan));
  return digest === planDigest(plan) ? digest : failed(plan.cell, digest);
}

/** @throws BodyDamaged when the plan is missing, altered, or of another cell. */
export async function getPlan(ledger: Ledger, cell: CellName, digest: BodyDigest): Promise<Plan> {
  const text = await ledger.getBody(cell, digest);
  const plan = plans.get(text) ?? parsed(text);
  return plan === undefined || plan.cell !== cell ? failed(cell, digest) : plan;
}

/**
 * Parsed plans by their text, which never changes: a process that reads a cell again and again parses each plan once.
 */
const plans = new Map<string, Plan>();
const PLANS_MAX = 256;
/** Longer texts are parsed every time, so that what is kept stays small, characters. */
const PLAN_CHARS_MAX = 65_536;

function parsed(text: string): Plan | undefined {
  const read = parsePlan(text);
  if (read.type === 'invalid') return undefined;
  if (text.length <= PLAN_CHARS_MAX) {
    if (plans.size >= PLANS_MAX) plans.clear();
    plans.set(text, read.plan);
  }
  return read.plan;
}

function failed(cell: CellName, digest: BodyDigest): never {
  throw new BodyDamaged(`The body ${digest} is not a plan of cell ${cell}: run "pawl verify ${cell}".`);
}
