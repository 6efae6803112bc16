import type { Structure } from '../proof/evaluate.ts';
import type { BatchNames } from './batch-names.ts';
import { ledTo, standsAt } from './batch-names.ts';
import type { BatchParts } from './batch-parts.ts';
import { isForeign } from './batch-parts.ts';
import type { ZoneTrail } from './zone-trail.ts';

/** The symbols of the proof that speak of what stands, and of what a batch makes of it. What nobody knows of stands. */
export function zoneSymbols(
  trail: ZoneTrail,
  now: () => { readonly parts: BatchParts; readonly names: BatchNames },
): Structure['symbols'] {
  const stood = (node: string): boolean =>
    !now().parts.makes.has(node) && (isForeign(node) || standsAt(trail.model, node) !== false);
  const pointed = (root: string, node: string): boolean => now().names.roots.get(root) === node;
  return {
    under: (node = '', other = '') => node === other || ledTo(trail, now().parts.leads, node).has(other),
    there: (node = '') => stood(node),
    points: (root = '', node = '') => pointed(root, node),
    // Nobody but a hand has changed what was read under the fence that stood, and what a hand touched is left out.
    knows: (_, root = '', node = '') => pointed(root, node),
    sees: (_, node = '') => stood(node),
    makes: (node = '') => now().parts.makes.has(node),
    drops: (node = '') => now().parts.drops.has(node),
    moves: (root = '') => now().parts.moves.has(root),
    to: (root = '', node = '') => now().parts.moves.get(root) === node,
    // No plan of the writer's has a rollback root of another cell.
    tree: () => false,
  };
}
