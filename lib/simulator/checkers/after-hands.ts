import type { RefinedBatch } from './refined-names.ts';
import { ledTo } from './refined-names.ts';
import { isForeign, targetOf } from './refined-zone.ts';

/**
 * What batches may do that the theory does not have, because a hand has been at exactly these roots and nodes, or the zone
 * went back to what they were (docs/verification.md, "The code is held to the proof").
 */

/** The steps by which the content of a name may change: what a hand put beside a tree that goes stays there. */
const MENDING: ReadonlySet<string> = new Set(['repair', 'stage-after-hands', 'delete', 'names-are-cleared']);

/** What stood at names that the batch alters, as this step, and that no hand has touched: a sentence, or none. */
export function alteredNodes(step: string, { change, touched }: RefinedBatch): readonly string[] {
  const altered = [...change.mends].filter((node) => !(MENDING.has(step) && touched.has(node)));
  return altered.length === 0 ? [] : [`it changes ${altered.join()}`];
}

/** What is wrong with a repair: a hand has left something to mend, and what it leads to and is not there a hand has taken. */
export function mendedNodes(batch: RefinedBatch): readonly string[] {
  const lacking = lackingNodes(batch);
  const made = [...batch.change.makes].filter((node) => batch.touched.has(node));
  const unmade = lacking.filter((node) => !batch.touched.has(node));
  return [
    ...(unmade.length === 0 ? [] : [`it leads to ${unmade.join()}, which does not stand`]),
    ...(batch.change.mends.size + lacking.length + made.length === 0 ? ['nothing that a hand has left'] : []),
  ];
}

/** What the created names lead to, and is not there: Route 53 looks at the target of an alias, and no further. */
function lackingNodes(batch: RefinedBatch): readonly string[] {
  const below = [...batch.change.makes].flatMap((node) => [...ledTo(batch, node)]);
  return [...new Set(below)].filter((node) => !isForeign(node) && !batch.after.nodes.has(node));
}

/**
 * Whether a root that is not as the next plan has it stays, where the applied plan has it as the next one does: it cannot
 * be moved, and was not as planned before. A hand has moved it, a rescue whose fence a hand has broken, or a slice of a
 * plan that has given way. It does not keep a fence from naming the next plan (`isChanged` of lib/enactor/next-step.ts).
 */
export function isLeftAsItWas(batch: RefinedBatch, root: string, node: string): boolean {
  const { state, planOf, before, change, scope } = batch;
  return (
    !change.moves.has(root) &&
    targetOf(before, root, scope) !== node &&
    state.applied !== null &&
    planOf(state.applied.digest)?.trees.get(root) === node
  );
}

/** Whether it moves a root that a hand has moved, in a zone of several cells: the theory's hands stay within a cell. */
export function isBetweenCells({ scopes, change, touched }: RefinedBatch): boolean {
  return scopes.length > 1 && [...change.moves].some((root) => touched.has(root));
}
