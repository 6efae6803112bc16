import type { Predicate } from '../theory.ts';
import {
  HAND_GUARDS,
  HANDOVER_GUARDS,
  LOG_GUARDS,
  READING_GUARDS,
  RESCUE_GUARDS,
  SERVER_GUARDS,
} from './other-guards.ts';
import {
  FENCE_GUARDS,
  FLIP_GUARDS,
  FREEZE_GUARDS,
  RETIREMENT_GUARDS,
  STAGING_GUARDS,
} from './write-guards.ts';

function notion(name: string, of: string, says: string, holds: string): Predicate {
  return { name, of, says, holds };
}

/** Words that guards and invariants use. */
const NOTIONS: readonly Predicate[] = [
  notion(
    'goneOver',
    'r: Root',
    'The log that was read lets another cell have the root, and the zone shows that it has it.',
    `
    lends(writer, r) & looked(writer) & (exists m: Node. knows(writer, r, m) & home(m) != at(writer) & !foreign(m))`,
  ),
  notion(
    'own',
    'n: Node, c: Cell',
    "The name is below the cell's own, and Pawl's.",
    'home(n) = c & !foreign(n)',
  ),
  notion('current', 'w: Writer', 'The fence that the writer saw still stands.', 'saw(w) = fence(at(w))'),
  notion(
    'copied',
    'n: Node',
    'The log says by which change it was staged, and that change is INSYNC.',
    'exists x: Change. staged(n, x) & insync(x)',
  ),
  notion('thereAfter', 'n: Node', 'It stands once the batch is accepted.', 'there(n) & !drops(n) | makes(n)'),
  notion('movesSome', '', 'The batch moves a root.', 'exists r: Root. moves(r)'),
  notion(
    'pointsAfter',
    'r: Root, n: Node',
    'The root points there once the batch is accepted.',
    'moves(r) & to(r, n) | !moves(r) & points(r, n)',
  ),
  notion(
    'copiesTouched',
    'r: Root',
    'The batch points the root at what is known only because roots point there that a hand has touched.',
    `
    exists n: Node. moves(r) & to(r, n) & !copied(n)
      & (exists q: Root. knows(writer, q, n)) & (forall q: Root. knows(writer, q, n) -> touched(q))`,
  ),
];

export const PREDICATES: readonly Predicate[] = [
  ...NOTIONS,
  ...FENCE_GUARDS,
  ...STAGING_GUARDS,
  ...FLIP_GUARDS,
  ...HANDOVER_GUARDS,
  ...RESCUE_GUARDS,
  ...RETIREMENT_GUARDS,
  ...FREEZE_GUARDS,
  ...LOG_GUARDS,
  ...READING_GUARDS,
  ...SERVER_GUARDS,
  ...HAND_GUARDS,
];
