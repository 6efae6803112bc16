import type { Effect } from '../theory.ts';
import { effect } from '../theory.ts';

/** What every batch does to the zone, to its history, and to what its writer knows: it goes on under its own fence. */
export const BATCH: readonly Effect[] = [
  effect('fence', 'c: Cell', 'if c = at(writer) then next else fence(c)'),
  effect('written', 'f: Fence', 'written(f) | f = next'),
  effect('reached', 'c: Cell, p: Plan', 'reached(c, p) | c = at(writer) & p = gen(next)'),
  effect(
    'follows',
    'f: Fence, g: Fence',
    'follows(f, g) | g = next & (f = next | follows(f, fence(at(writer))))',
  ),
  effect('there', 'n: Node', 'thereAfter(n)'),
  effect('was', 'n: Node', 'was(n) | makes(n)'),
  effect('has', 's: Server, n: Node', 'has(s, n) & !drops(n)'),
  effect('points', 'r: Root, n: Node', 'pointsAfter(r, n)'),
  effect('touched', 'r: Root', 'touched(r) | copiesTouched(r)'),
  effect('answers', 's: Server, r: Root, n: Node', 'answers(s, r, n) | moves(r) & to(r, n)'),
  effect('sent', 'x: Change', 'sent(x) | x = change'),
  effect('upto', 'x: Change, n: Node', 'if x = change then thereAfter(n) else upto(x, n)'),
  effect(
    'since',
    'x: Change, r: Root, n: Node',
    'if x = change then pointsAfter(r, n) else since(x, r, n) | sent(x) & moves(r) & to(r, n)',
  ),
  effect('movedAt', 'c: Cell', 'if c = at(writer) & movesSome then next else movedAt(c)'),
  effect(
    'calm',
    'f: Fence, x: Change',
    'calm(f, x) | x = change & f = (if movesSome then next else movedAt(at(writer)))',
  ),
  effect('breach', 'c: Cell', 'breach(c) | c = at(writer) & (exists f: Fence. promise(c, f))'),
  effect('saw', 'w: Writer', 'if w = writer then next else saw(w)'),
  effect('decided', 'w: Writer', 'if w = writer then next else decided(w)'),
  effect('wrote', 'w: Writer, f: Fence', 'wrote(w, f) | w = writer & f = next'),
  effect('lists', 'w: Writer, n: Node', 'lists(w, n) & !(w = writer & drops(n))'),
  effect('settles', 'w: Writer, x: Change', 'settles(w, x) & !(w = writer & movesSome)'),
  effect(
    'sees',
    'w: Writer, n: Node',
    'if w = writer then sees(w, n) & !drops(n) | makes(n) else sees(w, n)',
  ),
  effect(
    'knows',
    'w: Writer, r: Root, n: Node',
    'if w = writer & moves(r) then to(r, n) else knows(w, r, n)',
  ),
];

/** The same, but for what these say. */
export function batchBut(...others: readonly Effect[]): readonly Effect[] {
  const parts = new Set(others.map(({ part }) => part));
  return [...BATCH.filter(({ part }) => !parts.has(part)), ...others];
}

/** Whoever freezes or thaws with a right to it breaks no promise. */
export const KEEPS_PROMISES = effect('breach', 'c: Cell', 'breach(c)');

/** Guards of every batch; of one through an open fence; of one with nothing but the fence. */
export const SWAP = ['fence-stands', 'fence-is-new', 'change-is-new'];
export const UNFROZEN = ['fence-is-open', 'stays-open'];
export const FENCE_ALONE = ['makes-nothing', 'moves-nothing', 'drops-nothing'];
