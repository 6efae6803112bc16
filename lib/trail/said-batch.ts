import type { Structure } from '../proof/evaluate.ts';
import type { BatchNames } from './batch-names.ts';
import { nameOfRoot, namesOf } from './batch-names.ts';
import type { BatchParts } from './batch-parts.ts';
import { isForeign, rootOfForeign } from './batch-parts.ts';
import type { LoggedSwap, SaidFences } from './said-fences.ts';
import { fenceSymbols, NOBODY, saidFences } from './said-fences.ts';
import type { SaidLog } from './said-log.ts';
import { logSymbols, saidLog } from './said-log.ts';
import type { SaidOffers } from './said-offers.ts';
import { offerSymbols, saidOffers } from './said-offers.ts';
import { zoneSymbols } from './said-zone.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { placeOf } from './zone-trail.ts';

/** A batch in the words of the proof: what the trail and the log show of it, and of the names that it touches. */
export interface SaidBatch {
  readonly parts: BatchParts;
  readonly names: BatchNames;
  readonly fences: SaidFences;
  readonly offers: SaidOffers;
  readonly log: SaidLog;
  /** What a quantifier runs over. */
  readonly members: Structure['members'];
}

export function saidBatch(
  trail: ZoneTrail,
  parts: BatchParts,
  own: LoggedSwap,
  giver: LoggedSwap | undefined,
): SaidBatch {
  const names = namesOf(trail, parts);
  const fences = saidFences(own, giver);
  const offers = saidOffers(trail, parts, own, giver?.swap, names.roots);
  const cells = [fences.cell, ...(giver === undefined ? [] : [fences.giver])];
  const members = {
    Cell: offers.isTouched ? [...new Set([...cells, ...offers.cells])] : cells,
    Plan: [fences.next.plan],
    Node: [...names.nodes],
    Root: [...names.roots.keys(), ...offers.roots],
  };
  return { parts, names, fences, offers, log: saidLog(own), members };
}

/** The symbols of the proof, which speak of the batch that is asked about at the time. */
export function saidSymbols(trail: ZoneTrail, now: () => SaidBatch): Structure['symbols'] {
  return {
    ...fenceSymbols(() => now().fences),
    ...offerSymbols(trail, now),
    ...nameSymbols(trail),
    ...zoneSymbols(trail, now),
    ...logSymbols(trail, now),
  };
}

/** What names say by themselves. */
function nameSymbols(trail: ZoneTrail): Structure['symbols'] {
  const of = (name: string) => placeOf(trail, nameOfRoot(name));
  const endpointOf = (node: string) => of(isForeign(node) ? rootOfForeign(node) : node).endpoint;
  return {
    home: (node = '') => (isForeign(node) ? NOBODY : (of(node).cell ?? NOBODY)),
    foreign: (node = '') => isForeign(node),
    serves: (node = '', root = '') => endpointOf(node) === of(root).endpoint,
    rolls: (rollback = '', root = '') =>
      of(rollback).kind === 'rollback' &&
      of(root).kind === 'root' &&
      of(rollback).endpoint === of(root).endpoint,
  };
}
