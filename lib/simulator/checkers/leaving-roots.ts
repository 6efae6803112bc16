import type { RecordSet } from '../../plan/records.ts';
import type { RefinedBatch } from './refined-names.ts';
import type { RefinedZone } from './refined-zone.ts';
import { cellOf } from './refined-zone.ts';

/** What is wrong with the last batch of a cell, a sentence each: the fence goes. */
export function lastFence({ scope, after }: Pick<RefinedBatch, 'scope' | 'after'>): readonly string[] {
  return after.fences.has(scope.cell) ? ['a fence stands still'] : [];
}

/**
 * What is wrong with roots that a person gives back, a sentence each: their own records must answer what the roots have
 * answered, and lead into the cell no more; rollback roots go.
 */
export function leavingRoots({
  scope,
  before,
  after,
  change,
}: Pick<RefinedBatch, 'scope' | 'before' | 'after' | 'change'>): readonly string[] {
  return [...change.moves].flatMap((root) => {
    const there = after.roots.get(root) ?? [];
    if (cellOf(root, scope) !== undefined)
      return there.length === 0 ? [] : [`${root} is a rollback root, and stays`];
    if (there.some(({ alias }) => alias !== undefined && cellOf(alias.name, scope) === scope.cell))
      return [`${root} leads into the cell still`];
    const [was, is] = [answersOf(before, before.roots.get(root)), answersOf(after, there)];
    return was === is ? [] : [`${root} answered ${was}, and answers ${is}`];
  });
}

/** What records answer in the end, in one order: values, and names that are not of a tree. */
function answersOf(zone: RefinedZone, records: readonly RecordSet[] = []): string {
  const found = new Set<string>();
  const pending = [...records];
  // Aliases of trees lead downwards, so this ends; a record is looked at once, whatever a hand has made of it.
  const seen = new Set(pending);
  for (const record of pending) {
    const { alias, type, values = [] } = record;
    for (const value of values) found.add(value);
    if (alias === undefined) continue;
    const below = (zone.nodes.get(alias.name) ?? []).filter((each) => each.type === type && !seen.has(each));
    if (!zone.nodes.has(alias.name)) found.add(alias.name);
    for (const each of below) {
      seen.add(each);
      pending.push(each);
    }
  }
  return [...found].sort().join();
}
