import { knownCell } from '../command/cells.ts';
import { BadInput } from '../command/failures.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import { knownPlan, knownPlans } from './known-plans.ts';
import { typed } from './page-sentences.ts';
import type { PageWorld } from './page-world.ts';

/** Two plans of a cell, compared by endpoint and target, as `pawl plan diff` compares them. */
export async function compareView(
  world: PageWorld,
  [text, before, after]: readonly [string, string, string],
  place: string,
) {
  const ledger = await world.ledger();
  const head = await knownCell(ledger, text);
  const [old, now] = [generationIn(before), generationIn(after)];
  const plans = [await knownPlan(ledger, head, old), await knownPlan(ledger, head, now)] as const;
  return {
    ...{ cell: head.cell, before: old, after: now },
    plans: knownPlans(head).map(({ whole: _, ...plan }) => plan),
    ...comparePlans(...plans),
    next: [typed(`pawl plan diff ${head.cell}@${old} @${now}`, place)],
  };
}

function generationIn(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new BadInput('A generation is a whole number, such as 145.');
  return Number(text);
}
