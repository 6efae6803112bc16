import type { LedgerEvent } from '../ledger/decider/events.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { DnsName } from '../plan/names.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import { labelGeneration } from '../plan/owned-names.ts';

/** From which event of a log on, and up to which, plans may use a tree. */
interface Listing {
  readonly made: number;
  /** The event that retired it; infinite where none has. */
  gone: number;
  /** The event since which the log may have forgotten it, because nobody had applied its plan; infinite where none has. */
  doubtful: number;
}

/** From which event on a log lets another cell have an endpoint, up to the last that it did. */
interface Lending {
  /** The last event that ended it; infinite while it lasts. */
  until: number;
}

/** What is noted of a log's names and of the moments at which they were of use. */
export interface NameNotes {
  /** False where only the newest part of the log was read: what it does not name is from before, or is nothing. */
  isWhole: boolean;
  readonly trees: Map<string, Listing>;
  /** Trees that a plan has made which nobody had applied. */
  readonly unsettled: Map<string, number>;
  readonly lent: Map<DnsName, Lending>;
  /** Names that the cell may take over, or has taken from another one. */
  readonly adopted: Set<DnsName>;
}

/** What a log says of names at a moment that a trail shows. What it does not tell is left undefined. */
export interface LoggedNames {
  /** Whether the log has listed the tree (`label.endpoint`) at its event of this number, or at any after it. */
  isListedSince(tree: string, number: number): boolean | undefined;
  /** Whether the log listed the tree at this event, certainly. */
  isListedAt(tree: string, number: number): boolean;
  /** Whether the log lets another cell have the endpoint at this event, or at any after it. */
  isLentSince(name: DnsName, number: number): boolean;
  /** Whether the cell may ever take over what stands at the endpoint. */
  isAdopted(name: DnsName): boolean;
}

export function newNameNotes(): NameNotes {
  return { isWhole: true, trees: new Map(), unsettled: new Map(), lent: new Map(), adopted: new Set() };
}

/** Notes what stands at the head of a log of which the newest part alone is read. */
export function noteNamesAtHead(
  notes: NameNotes,
  { endpoints, offers, given, owned, adopted }: CellState,
): void {
  notes.isWhole = false;
  for (const [endpoint, { trees }] of Object.entries(endpoints))
    for (const label of trees) notes.trees.set(`${label}.${endpoint}`, listing(0));
  for (const { name } of [...offers, ...given]) notes.lent.set(name, { until: Number.POSITIVE_INFINITY });
  for (const name of [...owned, ...adopted]) notes.adopted.add(name);
}

function listing(made: number): Listing {
  return { made, gone: Number.POSITIVE_INFINITY, doubtful: Number.POSITIVE_INFINITY };
}

/** Notes what an event says of names. */
export function noteNames(notes: NameNotes, number: number, event: LedgerEvent): void {
  const { trees, unsettled, lent, adopted } = notes;
  switch (event.type) {
    case 'PlanAppended':
      doubt(notes, number);
      for (const [endpoint, label] of Object.entries(event.newTrees)) make(notes, endpoint, label, number);
      return;
    case 'PlanApproved':
    case 'PlanRejected':
    case 'FenceAhead':
      doubt(notes, number);
      return;
    case 'PlanApplied':
      for (const [tree, generation] of unsettled) if (generation <= event.generation) unsettled.delete(tree);
      return;
    case 'TreesRetired':
      for (const tree of event.trees) {
        const known = trees.get(tree) ?? listing(0);
        known.gone = Math.min(known.gone, number);
        trees.set(tree, known);
        unsettled.delete(tree);
      }
      return;
    case 'EndpointsOffered':
    case 'EndpointsGiven':
      for (const name of event.names) lent.set(name, { until: Number.POSITIVE_INFINITY });
      return;
    case 'OffersEnded':
    case 'EndpointsTaken':
      for (const name of event.names) {
        lent.set(name, { until: number });
        if (event.type === 'EndpointsTaken') adopted.add(name);
      }
      return;
    case 'EndpointAdopted':
      adopted.add(event.name);
      return;
    default:
      return;
  }
}

function make({ trees, unsettled }: NameNotes, endpoint: string, label: TreeLabel, number: number): void {
  const tree = `${label}.${endpoint}`;
  if (trees.has(tree) && trees.get(tree)?.made !== 0) return;
  trees.set(tree, { ...listing(number), gone: trees.get(tree)?.gone ?? Number.POSITIVE_INFINITY });
  const generation = labelGeneration(label);
  if (generation !== undefined) unsettled.set(tree, generation);
}

/** A log forgets trees that were superseded before anybody staged them (docs/adr/0006-superseded-trees-are-forgotten.md). */
function doubt({ trees, unsettled }: NameNotes, number: number): void {
  for (const tree of unsettled.keys()) {
    const known = trees.get(tree);
    if (known !== undefined) known.doubtful = Math.min(known.doubtful, number);
  }
  unsettled.clear();
}

export function loggedNames({ isWhole, trees, lent, adopted }: NameNotes): LoggedNames {
  return {
    isListedSince: (tree, number) => {
      const known = trees.get(tree);
      if (known === undefined) return isWhole ? false : undefined;
      return known.gone > number;
    },
    isListedAt: (tree, number) => {
      const known = trees.get(tree);
      return known !== undefined && known.made <= number && Math.min(known.gone, known.doubtful) > number;
    },
    isLentSince: (name, number) => (lent.get(name)?.until ?? 0) > number,
    isAdopted: (name) => adopted.has(name),
  };
}
