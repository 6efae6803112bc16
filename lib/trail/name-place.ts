import type { CellName, DnsName } from '../plan/names.ts';
import { cellName, isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { cellOfName, endpointLabels, isPawlsSubtree, parseOwnedName } from '../plan/owned-names.ts';

/** Where a name stands, in the words of the proof. */
export interface NamePlace {
  /** `root`: an endpoint's own name, and any other outside of what is Pawl's. `none`: below the cells of nobody. */
  readonly kind: 'fence' | 'tree' | 'node' | 'stray' | 'rollback' | 'offer' | 'root' | 'none';
  /** The cell below whose names it is; undefined for a root. */
  readonly cell: CellName | undefined;
  /** In relative form; undefined for what is of none. */
  readonly endpoint: string | undefined;
  readonly label: string;
}

export function findPlace(zone: Omit<CellScope, 'cell'>, name: DnsName): NamePlace {
  const cell = cellOfName(name, zone);
  if (cell === undefined) {
    const isRoot = isWithin(name, zone.zone) && !isPawlsSubtree(name, zone);
    if (!isRoot) return { kind: 'none', cell, endpoint: undefined, label: '' };
    return { kind: 'root', cell, endpoint: endpointLabels(name, scopeIn(zone, ANY_CELL)), label: '' };
  }
  const owned = parseOwnedName(name, scopeIn(zone, cell));
  if (owned === undefined) return { kind: 'none', cell, endpoint: undefined, label: '' };
  return {
    kind: owned.kind,
    cell,
    endpoint: 'endpoint' in owned ? owned.endpoint : undefined,
    label: 'label' in owned ? owned.label : '',
  };
}

const scopes = new WeakMap<Omit<CellScope, 'cell'>, Map<CellName, CellScope>>();

/** The scope of a cell of a zone, the same object each time: names are kept by it. */
export function scopeIn(zone: Omit<CellScope, 'cell'>, cell: CellName): CellScope {
  const ofZone = scopes.get(zone) ?? new Map<CellName, CellScope>();
  scopes.set(zone, ofZone);
  const scope = ofZone.get(cell) ?? { ...zone, cell };
  ofZone.set(cell, scope);
  return scope;
}

/** Names outside of all cells are the same in the scope of each. */
const ANY_CELL = cellName('any');
