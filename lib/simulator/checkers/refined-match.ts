import type { Structure } from '../../proof/evaluate.ts';
import { alteredNodes } from './after-hands.ts';
import { batchStructure, zoneAfter } from './refined-batch.ts';
import { strangeFence } from './refined-batch-fences.ts';
import type { Read, RefinedBatch } from './refined-names.ts';
import type { ComparedStep } from './refined-steps.ts';
import { BATCH_STEPS, isHeld, sentenceOf, strayEffect } from './refined-steps.ts';

/** How many steps are named that come near to what a batch has done. */
const NEAREST = 3;

/** A step that a batch is not, and what it lacks, a sentence each. */
export interface Failing {
  readonly step: string;
  readonly guards: readonly string[];
}

/** The name of the step that the batch is, or the steps that come nearest. */
export function stepOf(batch: RefinedBatch, reads: readonly Read[]): string | readonly Failing[] {
  const after = zoneAfter(batch);
  const asked: Asked[] = [];
  for (const read of reads) {
    const structure = batchStructure(batch, read);
    const about: Asked = { structure, holds: memoryOfGuards(structure), after, batch };
    asked.push(about);
    const found = BATCH_STEPS.find(
      (step) => step.guards.every(about.holds) && failingOf(step, about).length === 0,
    );
    if (found !== undefined) return found.name;
  }
  const failing = BATCH_STEPS.map((step): Failing => {
    const tries = asked.map((about) => failingOf(step, about));
    return {
      step: step.name,
      guards: tries.reduce((least, each) => (each.length < least.length ? each : least)),
    };
  });
  return failing.sort((a, b) => a.guards.length - b.guards.length).slice(0, NEAREST);
}

/** Steps share their guards, so each is asked once. */
function memoryOfGuards(structure: Structure): (guard: string) => boolean {
  const known = new Map<string, boolean>();
  return (guard) => {
    const holds = known.get(guard) ?? isHeld(guard, structure);
    known.set(guard, holds);
    return holds;
  };
}

/** A batch and one way in which its writer may have read what it read. */
interface Asked {
  readonly structure: Structure;
  readonly holds: (guard: string) => boolean;
  readonly after: Structure['symbols'];
  readonly batch: RefinedBatch;
}

/** What stands against a batch being this step, a sentence each. */
function failingOf(step: ComparedStep, { structure, holds, after, batch }: Asked): readonly string[] {
  const { others } = batch.change;
  const guards = step.guards.filter((guard) => !holds(guard));
  const stray = strayEffect(step, structure, after);
  return [
    ...guards.map((guard) => `${guard} (${sentenceOf(guard)})`),
    ...(stray === undefined ? [] : [`the step leaves "${stray}" otherwise`]),
    ...alteredNodes(step.name, batch),
    ...(step.demands?.(batch) ?? []),
    ...strangeFence(batch),
    ...(others.length === 0 ? [] : [`it changes ${others.join()}, which is not Pawl's`]),
  ];
}

export function tell(failing: readonly Failing[]): string {
  return failing
    .map(({ step, guards }) => `it is not "${step}", for it lacks ${guards.join('; ')}`)
    .join(' — ');
}
