import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { endpointLabels, fenceName, parseOwnedName } from '../plan/owned-names.ts';
import type { AnswerIndex, StandingAlias } from './alias-index.ts';

/**
 * I3: the aliases whose last record of the name and type that they need a commit has deleted. A record at the fence's own
 * name is no answer, and may go whatever points at it.
 */
export function lostPointers(
  before: Pick<AnswerIndex, 'there'>,
  { there: remaining, aliases }: AnswerIndex,
  scope: CellScope,
): readonly StandingAlias[] {
  const gone = new Set([...before.there].filter((key) => !remaining.has(key)));
  if (gone.size === 0) return [];
  const fence = fenceName(scope);
  return aliases.filter(({ target, needs }) => target !== fence && gone.has(needs));
}

/**
 * Whether a batch that deletes what an alias needs proves itself that the alias does not need it: so for a root or rollback
 * root that points at a tree of its own endpoint, and for an alias of a node that one of them leads to. What a hand points
 * there besides may be missing from the read that a batch rests on.
 */
export function isProvenByBatch(
  { name, target }: StandingAlias,
  before: AnswerIndex,
  scope: CellScope,
): boolean {
  return isProven(name, target, scope) || isLedTo(name, target, before, scope);
}

/** Whether a root or rollback root leads to this alias of a node, which points at a node of its own endpoint. */
function isLedTo(name: DnsName, target: DnsName, { aliases }: AnswerIndex, scope: CellScope): boolean {
  const node = parseOwnedName(target, scope);
  const own = parseOwnedName(name, scope);
  if (node?.kind !== 'node' || (own?.kind !== 'tree' && own?.kind !== 'node')) return false;
  if (own.endpoint !== node.endpoint) return false;
  const roots = aliases.filter((alias) => isProven(alias.name, alias.target, scope));
  const led = new Set(roots.map((alias) => alias.target));
  for (const each of led)
    for (const alias of aliases.filter((one) => one.name === each)) led.add(alias.target);
  return led.has(name);
}

/** Whether a root or rollback root points at a tree of its own endpoint. */
function isProven(name: DnsName, target: DnsName, scope: CellScope): boolean {
  const tree = parseOwnedName(target, scope);
  if (tree?.kind !== 'tree') return false;
  const own = parseOwnedName(name, scope);
  if (own?.kind === 'rollback') return own.endpoint === tree.endpoint;
  return own === undefined && isWithin(name, scope.zone) && endpointLabels(name, scope) === tree.endpoint;
}
