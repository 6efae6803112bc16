import { invariant } from '../../plan/invariant.ts';
import { answerIndex } from '../../rules/alias-index.ts';
import { isProvenByBatch, lostPointers } from '../../rules/lost-pointers.ts';
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
      const earlier = answerIndex(before);
      for (const alias of lostPointers(earlier, answerIndex(after), scope)) {
        const { key, target, needs } = alias;
        const isUnseen = unseen.get(by)?.has(`${key} ${target}`) === true;
        if (isUnseen && !isProvenByBatch(alias, earlier, scope)) continue;
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
