import type { Structure } from '../../proof/evaluate.ts';
import { alteredNodes } from './after-hands.ts';
import { batchStructure, strangeFence, zoneAfter } from './refined-batch.ts';
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
  const structures: Structure[] = [];
  for (const read of reads) {
    const structure = batchStructure(batch, read);
    structures.push(structure);
    const held = memoryOfGuards(structure);
    const found = BATCH_STEPS.find(
      (step) => step.guards.every(held) && failingOf(step, structure, after, batch).length === 0,
    );
    if (found !== undefined) return found.name;
  }
  const failing = BATCH_STEPS.map((step): Failing => {
    const tries = structures.map((structure) => failingOf(step, structure, after, batch));
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

/** What stands against a batch being this step, a sentence each. */
function failingOf(
  step: ComparedStep,
  structure: Structure,
  after: Structure['symbols'],
  batch: RefinedBatch,
): readonly string[] {
  const { others } = batch.change;
  const guards = step.guards.filter((guard) => !isHeld(guard, structure));
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
