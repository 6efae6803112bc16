import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { endpointLabels, fenceName, parseOwnedName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { answerIndex } from './alias-index.ts';
import type { Checker } from './zone-history.ts';

/**
 * For each actor, the aliases that a hand made since the actor began, so that the actor may not have seen them. Actors
 * that have ended stay in the map, because a request of theirs may land later.
 */
type Unseen = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * I3: no commit deletes the last record of a name and type that an alias of the zone points at when it commits. There
 * are two exceptions. A record that a hand put at the fence's own name is no answer, and may be deleted whatever points
 * at it. An alias that a hand made or moved after the actor began may be missing from the read that the actor's batch
 * rests on. The second exception does not cover a root or a rollback root that points at a tree of its own endpoint, nor
 * an alias of a node that one of them leads to, because the batch itself proves that they do not point at what it
 * deletes.
 */
export function pointedRecords(memory: Unseen = new Map()): Checker {
  let unseen = memory;
  return {
    name: 'I3 pointed records',
    started: ({ name }) => {
      unseen = new Map([...unseen, [name, new Set<string>()]]);
    },
    tampered: ({ before, after }) => {
      const old = new Set(answerIndex(before).aliases.map(({ key, target }) => `${key} ${target}`));
      const made = answerIndex(after).aliases.filter(({ key, target }) => !old.has(`${key} ${target}`));
      if (made.length === 0) return;
      const keys = made.map(({ key, target }) => `${key} ${target}`);
      unseen = new Map([...unseen].map(([actor, known]) => [actor, new Set([...known, ...keys])]));
    },
    check: ({ scope, by, before, after }) => {
      const { there } = answerIndex(before);
      const { there: remaining, aliases } = answerIndex(after);
      const gone = new Set([...there].filter((key) => !remaining.has(key)));
      if (gone.size === 0) return;
      const fence = fenceName(scope);
      for (const { key, name, target, needs } of aliases) {
        if (target === fence || !gone.has(needs)) continue;
        const isUnseen = unseen.get(by)?.has(`${key} ${target}`) === true;
        if (isUnseen && !isProven(name, target, scope) && !isLedTo(name, target, before, scope)) continue;
        invariant(false, `I3: ${needs} was deleted while ${key} points at it`);
      }
    },
    clone: () => pointedRecords(unseen),
    // While no hand has made an alias, it makes no difference who is at work.
    key: () =>
      [...unseen]
        .filter(([, known]) => known.size > 0)
        .map(([actor, known]) => `${actor}:${known.size}`)
        .join(),
  };
}

/** Whether a root or rollback root leads to this alias of a node, which points at a node of its own endpoint. */
function isLedTo(name: DnsName, target: DnsName, records: readonly RecordSet[], scope: CellScope): boolean {
  const node = parseOwnedName(target, scope);
  const own = parseOwnedName(name, scope);
  if (node?.kind !== 'node' || (own?.kind !== 'tree' && own?.kind !== 'node')) return false;
  if (own.endpoint !== node.endpoint) return false;
  const { aliases } = answerIndex(records);
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
