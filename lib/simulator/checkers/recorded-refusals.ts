import type { Head } from '../../ledger/ledger.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName, DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { recordsFingerprint } from '../fingerprint.ts';
import type { CellLooks, Checker, Commit, ZoneLooks } from './zone-history.ts';
import { isOf, obstaclesAt } from './zone-obstacles.ts';

interface Memory {
  /** Endpoints that something has stood in the way of, and all protected names: a stray may be one. */
  readonly met: ReadonlySet<DnsName>;
  /** Whether something has stood in the way of any endpoint: a limit, a deleted health check, somebody else's alias. */
  readonly anywhere: boolean;
}

const NOTHING: Memory = { met: new Set(), anywhere: false };

/**
 * A refusal is not a lost race: the log says that an endpoint was refused only where something has stood in its way, and
 * never because another writer was faster, or a listing was wrong. Nor does it say that a root is missing
 * which nobody has touched. A hand does not move the fence, so what a batch lost to it can look refused: the
 * rule demands nothing of endpoints whose records a hand has changed. A return of the zone brings a fence back, so what
 * was lost to a batch that is lost itself can look refused too (docs/verification.md): after one it demands nothing.
 *
 * @param declared the endpoint names that the cell has ever declared.
 */
export function recordedRefusals(
  declared: ReadonlySet<DnsName>,
  { peek, restrictions, zone }: CellLooks,
  memory = NOTHING,
): Checker {
  let { met, anywhere } = memory;
  let healthChecks = restrictions().healthChecks.size;
  const look = ({ scope, after: records }: Commit): void => {
    const now = restrictions();
    const zone = { scope, records, restrictions: now, state: peek() };
    const names = [...declared].filter((name) => !met.has(name) && obstaclesAt(zone, name).length > 0);
    const strays = now.protections.map(({ name }) => name).filter((name) => !met.has(name));
    if (names.length + strays.length > 0) met = new Set([...met, ...names, ...strays]);
    anywhere ||= now.healthChecks.size < healthChecks || hasForeignPointer(records, declared, scope);
    healthChecks = now.healthChecks.size;
  };
  const changed = (commit: Commit): void => {
    look(commit);
    met = new Set([...met, ...touched(commit, declared)]);
  };
  return {
    name: 'refusals',
    check: look,
    tampered: changed,
    returned: (commit) => {
      changed(commit);
      anywhere = true;
    },
    hindered: (zone, where) => {
      anywhere ||= where === 'ports';
      look(zone);
    },
    appended: (_: Head, { cell, last }) => {
      if (last?.event.type === 'ZoneRegressed' && last.event.found === 'missing') {
        const { what, name } = last.event;
        const isExcused = what === 'fence' || anywhere || met.has(name);
        invariant(isExcused, `the root ${name} was said to be missing, and nobody has touched it`);
      }
      if (last?.event.type !== 'EndpointRefused') return;
      const { name, reason } = last.event;
      invariant(
        anywhere || met.has(name) || isOthers(name, cell, zone),
        `${name} was refused (${reason}), and nothing has ever stood in its way`,
      );
    },
    clone: (cell) => recordedRefusals(declared, cell, { met, anywhere }),
    key: () => (anywhere || met.size > 0 ? `${anywhere} ${[...met].sort().join()}` : ''),
  };
}

/** Whether another cell of the zone has the endpoint: then its root is in the way. */
function isOthers(name: DnsName, cell: CellName, zone: ZoneLooks | undefined): boolean {
  const others = zone?.scopes.filter((scope) => scope.cell !== cell).map(ownedSubtree) ?? [];
  const roots = zone?.records().filter((record) => record.name === name) ?? [];
  return roots.some(
    ({ alias }) => alias !== undefined && others.some((other) => isWithin(alias.name, other)),
  );
}

/** The endpoints whose records differ before and after. */
function touched({ scope, before, after }: Commit, declared: ReadonlySet<DnsName>): readonly DnsName[] {
  const standing = (records: readonly RecordSet[], name: DnsName): string =>
    recordsFingerprint(records.filter((record) => isOf(record.name, name, scope)));
  return [...declared].filter((name) => standing(before, name) !== standing(after, name));
}

/** Whether an alias of somebody else points at a record of Pawl's, which must then stay (docs/adr/0003-foreign-alias-holds-a-root.md). */
function hasForeignPointer(
  records: readonly RecordSet[],
  declared: ReadonlySet<DnsName>,
  scope: CellScope,
): boolean {
  const subtree = ownedSubtree(scope);
  return records.some(
    ({ name, alias }) =>
      alias !== undefined && isWithin(alias.name, subtree) && !isWithin(name, subtree) && !declared.has(name),
  );
}
