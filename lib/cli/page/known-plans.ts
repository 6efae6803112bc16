import type { Head, Ledger } from '../../ledger/ledger.ts';
import { getPlan } from '../../ledger/plan-bodies.ts';
import type { Plan } from '../../plan/plan.ts';
import { shortDigest } from '../../plan/plan.ts';
import { BadInput } from '../command/failures.ts';

/** A plan that a cell's head names: no event has to be read to find it. */
export interface KnownPlan {
  readonly generation: number;
  readonly digest: string;
  /** `goal`, `applied`, `newest`. */
  readonly is: readonly string[];
  /** When it was appended, or applied; null where the head does not say. */
  readonly at: number | null;
}

/** The plans that a head names, the newest first. Pure. */
export function knownPlans({ state }: Head): readonly (KnownPlan & { readonly whole: string })[] {
  const { newest, goal, applied, history, approved } = state;
  const dated = [newest, goal, applied, ...history].flatMap((ref) => ref ?? []);
  const named = [...dated, ...approved];
  const digests = new Map(named.map(({ generation, digest }) => [generation, digest]));
  const words = { goal, applied, newest };
  return [...digests]
    .sort(([a], [b]) => b - a)
    .map(([generation, whole]) => ({
      ...{ generation, whole, digest: shortDigest(whole) },
      is: Object.entries(words).flatMap(([word, ref]) => (ref?.generation === generation ? [word] : [])),
      at: dated.find((ref) => ref.generation === generation)?.at ?? null,
    }));
}

/**
 * A plan that a head names, by its generation.
 *
 * @throws BadInput when it names none of that generation; BodyDamaged when it cannot be read.
 */
export async function knownPlan(ledger: Ledger, head: Head, generation: number): Promise<Plan> {
  const found = knownPlans(head).find((plan) => plan.generation === generation);
  if (found === undefined)
    throw new BadInput(
      `The newest events of cell ${head.cell} have no plan @${generation}: "pawl plan show ${head.cell}@${generation}" looks further back.`,
    );
  return getPlan(ledger, head.cell, found.whole);
}
