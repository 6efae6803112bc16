import { endpointOfLabels, offerName } from '../plan/owned-names.ts';
import type { Structure } from '../proof/evaluate.ts';
import { nameOfRoot } from './batch-names.ts';
import type { BatchParts } from './batch-parts.ts';
import { offerKey, offersIn } from './batch-parts.ts';
import type { LoggedSwap, SaidFences } from './said-fences.ts';
import type { TrailedSwap } from './trail-batch.ts';
import { standingAt } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { placeOf } from './zone-trail.ts';

/** The offers of a batch, and those that stand where it moves roots of two cells. */
export interface SaidOffers {
  /** What stood before it, as far as that is known and concerns it. */
  readonly standing: ReadonlySet<string>;
  readonly puts: ReadonlySet<string>;
  readonly takesBack: ReadonlySet<string>;
  /** The cells that are offered something. */
  readonly cells: readonly string[];
  /** A root for each endpoint of which only offers change. */
  readonly roots: readonly string[];
  /** False for a batch that cannot have changed any. */
  readonly isTouched: boolean;
}

const NONE: SaidOffers = {
  ...{ standing: new Set(), puts: new Set(), takesBack: new Set() },
  ...{ cells: [], roots: [], isTouched: false },
};

/** @param roots of the names: one of which nobody can say whether it is offered is taken out. */
export function saidOffers(
  trail: ZoneTrail,
  { puts, takesBack }: BatchParts,
  { swap: own }: LoggedSwap,
  giver: TrailedSwap | undefined,
  roots: Map<string, string | undefined>,
): SaidOffers {
  if (giver === undefined && puts.size + takesBack.size === 0) return NONE;
  const standing = new Set(takesBack);
  const { cell } = own.scope;
  for (const root of giver === undefined ? [] : roots.keys()) {
    const { kind, endpoint = '' } = placeOf(trail, nameOfRoot(root));
    if (giver === undefined || kind !== 'root' || standing.has(offerKey(giver.scope.cell, cell, endpoint)))
      continue;
    const key = `${offerName(endpointOfLabels(endpoint, giver.scope), giver.scope)} TXT`;
    if (standingAt(trail.model, key) === 'unknown') roots.delete(root);
    for (const offer of offersIn(trail, trail.model.sets.get(key) ?? [])) standing.add(offer);
  }
  const moved = new Set([...roots.keys()].map((root) => placeOf(trail, nameOfRoot(root)).endpoint));
  const ends = [...puts, ...takesBack].map((offer) => offer.split(' '));
  const alone = new Set(ends.flatMap(([, , endpoint = '']) => (moved.has(endpoint) ? [] : [endpoint])));
  return {
    ...{ standing, puts, takesBack, isTouched: true },
    cells: ends.map(([, to = '']) => to),
    roots: [...alone].map((endpoint) => `${endpointOfLabels(endpoint, own.scope)} A`),
  };
}

/** Whether a root is among these offers. A rollback root goes with its endpoint, and is not offered. */
function isOffered(
  trail: ZoneTrail,
  offers: ReadonlySet<string>,
  [giving, to, root]: readonly [string, string, string],
): boolean {
  if (offers.size === 0) return false;
  const { kind, endpoint } = placeOf(trail, nameOfRoot(root));
  return kind === 'root' && endpoint !== undefined && offers.has(offerKey(giving, to, endpoint));
}

/** Whether a cell offers the root to another one once the batch is accepted. */
export function offerAfter(
  trail: ZoneTrail,
  { standing, puts, takesBack }: SaidOffers,
  ...offer: readonly [giving: string, to: string, root: string]
): boolean {
  const stays = isOffered(trail, standing, offer) && !isOffered(trail, takesBack, offer);
  return stays || isOffered(trail, puts, offer);
}

/** The symbols of the proof that speak of offers. */
export function offerSymbols(
  trail: ZoneTrail,
  now: () => { readonly fences: SaidFences; readonly offers: SaidOffers },
): Structure['symbols'] {
  return {
    offer: (giving = '', to = '', root = '') => isOffered(trail, now().offers.standing, [giving, to, root]),
    puts: (to = '', root = '') => isOffered(trail, now().offers.puts, [now().fences.cell, to, root]),
    takesBack: (to = '', root = '') =>
      isOffered(trail, now().offers.takesBack, [now().fences.cell, to, root]),
  };
}
