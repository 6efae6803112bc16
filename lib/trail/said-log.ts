import type { HeadMark } from '../plan/fence.ts';
import { labelGeneration, labelRescueSeq } from '../plan/owned-names.ts';
import type { Structure } from '../proof/evaluate.ts';
import { nameOfRoot } from './batch-names.ts';
import type { BatchParts } from './batch-parts.ts';
import type { KnownLog } from './known-log.ts';
import type { LoggedSwap } from './said-fences.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { placeOf } from './zone-trail.ts';

/** The log of a batch's cell, with the moments that its fences name. */
export interface SaidLog {
  readonly cell: string;
  readonly known: KnownLog;
  /** The event that the deleted fence names: whoever read that fence has read the log after it. Undefined where it is lost. */
  readonly since: number | undefined;
  /** The event that the next fence names; undefined where it names none, or one that is lost. */
  readonly decided: number | undefined;
  /** Of the deleted fence. */
  readonly seq: number;
}

export function saidLog({ swap: { scope, before, after }, log: known }: LoggedSwap): SaidLog {
  const numberOf = (mark: HeadMark | undefined): number | undefined =>
    mark !== undefined && known.eventAt(mark) === 'mine' ? mark.number : undefined;
  const stood = before.type === 'fence' ? before.fence : undefined;
  return {
    ...{ cell: scope.cell, known, seq: stood?.seq ?? 0 },
    since: stood?.head === undefined ? 0 : numberOf(stood.head),
    decided: numberOf(after.type === 'fence' ? after.fence.head : undefined),
  };
}

/** The symbols of the proof that speak of a log. What it does not tell is said in the writer's favour. */
export function logSymbols(
  trail: ZoneTrail,
  now: () => { readonly parts: BatchParts; readonly log: SaidLog },
): Structure['symbols'] {
  const treeOf = (node: string): string | undefined => {
    const { kind, label, endpoint } = placeOf(trail, nameOfRoot(node));
    return kind === 'tree' ? `${label}.${endpoint}` : undefined;
  };
  return {
    lists: (_, node = '') => {
      const { since, known } = now().log;
      const tree = treeOf(node);
      return tree === undefined || since === undefined || known.logged.isListedSince(tree, since) !== false;
    },
    listed: (node = '') => {
      const { decided, known } = now().log;
      const tree = treeOf(node);
      // What is retired is appended at exactly the head that was read.
      return tree !== undefined && decided !== undefined && known.logged.isListedAt(tree, decided + 1);
    },
    coined: (node = '') => {
      const { parts, log } = now();
      if (parts.drops.has(node)) return true;
      const { label } = placeOf(trail, nameOfRoot(node));
      const seq = labelRescueSeq(label);
      return seq === undefined ? (labelGeneration(label) ?? 0) <= log.known.highest : seq !== log.seq;
    },
    lends: (_, root = '') => {
      const { since, known } = now().log;
      return since === undefined || known.logged.isLentSince(nameOfRoot(root), since);
    },
    adopted: (_, root = '') => {
      const { cell, known } = now().log;
      const name = nameOfRoot(root);
      // Whatever stands below the cell's own names is the cell's.
      return placeOf(trail, name).cell === cell || known.names.has(name) || known.logged.isAdopted(name);
    },
  };
}
