import { endpointOfLabels, offerName } from '../../plan/owned-names.ts';
import type { Structure } from '../../proof/evaluate.ts';
import type { RefinedBatch } from './refined-names.ts';
import type { RefinedZone } from './refined-zone.ts';
import { cellOf, endpointOf } from './refined-zone.ts';

/** Whether a cell offers the endpoint of a root to another one. */
export function isOffered(
  zone: RefinedZone,
  { scope, scopes }: Pick<RefinedBatch, 'scope' | 'scopes'>,
  [cell, to, root]: Triple,
): boolean {
  if (zone.offers.size === 0) return false;
  const giving = scopes.find((each) => each.cell === cell);
  const endpoint = endpointOf(root, scope);
  // A rollback root goes with its endpoint, and is not offered.
  if (giving === undefined || endpoint === undefined || cellOf(root, scope) !== undefined) return false;
  const there = zone.offers.get(offerName(endpointOfLabels(endpoint, scope), giving)) ?? [];
  return there.some(({ values }) => values?.[0]?.startsWith(`"v1 to=${to} `) === true);
}

type Triple = readonly [cell: string, to: string, root: string];

/** What a batch does to offers. */
export function offerSymbols(batch: RefinedBatch): Structure['symbols'] {
  const { before, after, scope } = batch;
  const is = (zone: RefinedZone, to: string, root: string) => isOffered(zone, batch, [scope.cell, to, root]);
  return {
    offer: (cell = '', to = '', root = '') => isOffered(before, batch, [cell, to, root]),
    puts: (to = '', root = '') => !is(before, to, root) && is(after, to, root),
    takesBack: (to = '', root = '') => is(before, to, root) && !is(after, to, root),
  };
}
