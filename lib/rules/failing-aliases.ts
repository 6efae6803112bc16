import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { endpointLabels, ownedSubtree, parseOwnedName } from '../plan/owned-names.ts';
import type { AnswerIndex, StandingAlias } from './alias-index.ts';

/** An alias that some name server cannot answer. */
export interface FailingAlias extends StandingAlias {
  /** The version, counted from 0, that has the alias. */
  readonly version: number;
}

/** What I2 demands nothing of. */
export interface Excused {
  /** `name type` of what a hand has deleted: nobody knows since when it stands, when it stands again. */
  readonly unproven: ReadonlySet<string>;
  /** The names that the cell has ever declared, where a hand may have pointed aliases elsewhere; absent: no hand has. */
  readonly declared?: ReadonlySet<DnsName> | undefined;
}

/**
 * I2: the aliases that need something of the cell which is missing in one of these versions of its zone, at once or further
 * down. A node of a tree is left out, because no client asks for it: what leads to it must not end there.
 *
 * @param indexes the versions that some name server may answer with.
 */
export function failingAliases(
  indexes: readonly AnswerIndex[],
  scope: CellScope,
  { unproven, declared }: Excused,
): readonly FailingAlias[] {
  const subtree = ownedSubtree(scope);
  const dead = deadEnds(indexes, subtree, unproven);
  const failing: FailingAlias[] = [];
  for (const [version, { aliases }] of indexes.entries()) {
    for (const alias of aliases) {
      const { name, target, needs } = alias;
      if (!isWithin(target, subtree) || unproven.has(needs) || !dead.has(needs)) continue;
      if (isInTree(name, scope)) continue;
      if (declared !== undefined && isDrift(name, target, scope, declared)) continue;
      failing.push({ ...alias, version });
    }
  }
  return failing;
}

/** Whether a name is a tree's, or one of its nodes'. */
export function isInTree(name: DnsName, scope: CellScope): boolean {
  const kind = parseOwnedName(name, scope)?.kind;
  return kind === 'tree' || kind === 'node';
}

/**
 * What some name server cannot answer, `name type`: what is missing in a version that can be answered from, and whatever
 * has an alias to such a thing in one of them.
 */
function deadEnds(
  indexes: readonly AnswerIndex[],
  subtree: DnsName,
  excused: ReadonlySet<string>,
): ReadonlySet<string> {
  const links = indexes.flatMap(({ aliases }) => aliases.filter(({ target }) => isWithin(target, subtree)));
  const needed = new Set(links.map(({ needs }) => needs));
  const dead = new Set([...needed].filter((needs) => !indexes.every(({ there }) => there.has(needs))));
  if (dead.size === 0) return dead;
  for (let known = -1; known !== dead.size; ) {
    known = dead.size;
    for (const { key, needs } of links) if (dead.has(needs) && !excused.has(needs)) dead.add(key);
  }
  return dead;
}

/** Whether Pawl would never let this alias point there. An alias that is not Pawl's may point at any tree. */
function isDrift(name: DnsName, target: DnsName, scope: CellScope, declared: ReadonlySet<DnsName>): boolean {
  const tree = parseOwnedName(target, scope);
  const own = parseOwnedName(name, scope);
  if (tree?.kind === 'node' && (own?.kind === 'tree' || own?.kind === 'node'))
    return own.endpoint !== tree.endpoint;
  if (tree?.kind !== 'tree') return true;
  if (own?.kind === 'rollback') return own.endpoint !== tree.endpoint;
  return declared.has(name) && endpointLabels(name, scope) !== tree.endpoint;
}
