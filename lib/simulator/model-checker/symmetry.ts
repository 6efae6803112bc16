import type { Head } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import { invariant } from '../../plan/invariant.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { AnswerLens } from '../engine/answer-key.ts';
import { fingerprint } from '../fingerprint.ts';
import { noncePrefix } from '../ports/actor-nonces.ts';
import type { SearchedActor } from './shared-state.ts';

/** An exchange of names among actors. */
export interface Permutation {
  /** For each actor, the number of the actor whose name it takes. */
  readonly to: readonly number[];
  /** How answers read after the exchange. */
  readonly lens: AnswerLens;
}

/**
 * Returns every way in which actors of the same role can exchange their names. The way that changes nothing comes
 * first. A name and the nonces made from it are only texts that actors write and compare for equality. So what happens
 * after an exchange is what happens without it, with the names exchanged.
 */
export function permutationsOf(actors: readonly SearchedActor[]): readonly Permutation[] {
  const kinds = actors.map(({ role }) => canonicalJson(role));
  return orders(actors.length)
    .filter((to) => to.every((other, actor) => kinds[other] === kinds[actor]))
    .map((to) => ({ to, lens: exchanging(pairsOf(actors, to)) }));
}

/** All orders of the numbers below `count`. The ascending one comes first. */
function orders(count: number): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (let length = 0; length < count; length += 1) {
    all = all.flatMap((start) =>
      Array.from({ length: count }, (_, next) => next)
        .filter((next) => !start.includes(next))
        .map((next) => [...start, next]),
    );
  }
  return all;
}

function pairsOf(actors: readonly SearchedActor[], to: readonly number[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const [index, { name }] of actors.entries()) {
    const other = actors[to[index] ?? index]?.name ?? name;
    if (other === name) continue;
    const prefix = noncePrefix(name);
    invariant(/[g-z]/.test(prefix), `the nonces of ${name} could be taken for a digest`);
    pairs.set(name, other);
    pairs.set(prefix, noncePrefix(other));
  }
  return pairs;
}

/** @param pairs the names and the prefixes of nonces, each with the text that takes its place. */
function exchanging(pairs: ReadonlyMap<string, string>): AnswerLens {
  const texts = new WeakMap<RecordSet, string>();
  const listings = new WeakMap<readonly RecordSet[], string>();
  const heads = new WeakMap<Head, string>();
  // A whole name, or the prefix of a nonce with the count after it.
  const words = [...pairs.keys()].map(
    (word) => `\\b${word}(?=${word.includes('-') ? '\\b' : '[0-9a-z]{4}'})`,
  );
  const pattern = new RegExp(words.join('|'), 'g');
  const text = (plain: string): string =>
    pairs.size === 0 ? plain : plain.replace(pattern, (word) => pairs.get(word) ?? word);
  const recordText = (record: RecordSet): string => {
    const known = texts.get(record) ?? text(canonicalJson(record));
    texts.set(record, known);
    return known;
  };
  return {
    text,
    head: (head) => {
      const known = heads.get(head) ?? fingerprint(`${head.number} ${text(canonicalJson(head.state))}`);
      heads.set(head, known);
      return known;
    },
    records: (listing) => {
      const known = listings.get(listing) ?? fingerprint(listing.map(recordText).sort().join());
      listings.set(listing, known);
      return known;
    },
  };
}
