import type { Command } from 'commander';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { declaredFleet } from '../command/cells.ts';

/** What the ledger knows that may stand at a place of a command line. */
export type WordKind = 'cell' | 'plan' | 'name' | 'target' | 'az';

/** The arguments and the options of commands, by what stands there. */
const KINDS: Readonly<Record<string, WordKind>> = {
  cell: 'cell',
  '--cell': 'cell',
  plan: 'plan',
  before: 'plan',
  after: 'plan',
  name: 'name',
  names: 'name',
  endpoints: 'name',
  target: 'target',
  az: 'az',
};

/** Cells that are read for what is in them: a completion may not take long. */
const CELLS_READ_MAX = 20;
/** The newest generations of a cell that are offered. */
const GENERATIONS_MAX = 20;

/**
 * What may stand in the place of the last word; undefined where nothing of the ledger does. Pure.
 *
 * @param root the whole command line.
 * @param words what was typed after `pawl`, the word that is being typed last; it may be empty.
 */
export function kindAt(root: Command, words: readonly string[]): WordKind | undefined {
  let command = root;
  let operands = 0;
  const before = words.slice(0, -1);
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? '';
    if (word.startsWith('-')) {
      const takes = command.options.find(({ long, short }) => long === word || short === word)?.required;
      if (takes === true && index === before.length - 1) return KINDS[word];
      if (takes === true) index += 1;
      continue;
    }
    const child = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined;
    if (child === undefined) operands += 1;
    else command = child;
  }
  const all = command.registeredArguments;
  const last = all.at(-1);
  const at = all[operands] ?? (last?.variadic === true ? last : undefined);
  return at === undefined ? undefined : KINDS[at.name()];
}

/**
 * The words of a kind that the ledger knows, in order.
 *
 * @param typed the beginning of the word, by which a plan's cell is known.
 * @throws LedgerUnavailable, LedgerUnusable when the ledger cannot be read.
 */
export async function knownWords(ledger: Ledger, kind: WordKind, typed: string): Promise<readonly string[]> {
  const cells = [...(await ledger.cells())].sort();
  if (kind === 'cell') return cells;
  const meant =
    kind === 'plan' && typed.includes('@') ? cells.filter((cell) => typed.startsWith(`${cell}@`)) : cells;
  const heads = await Promise.all(meant.slice(0, CELLS_READ_MAX).map((cell) => ledger.head(cell)));
  if (kind === 'plan') return [...cells, ...heads.flatMap(plansOf)];
  const fleets = await Promise.all(heads.map((head) => declaredFleet(ledger, head)));
  const words = fleets.flatMap((fleet) => (fleet === undefined ? [] : wordsIn(fleet, kind)));
  return [...new Set(words)].sort();
}

function plansOf({ cell, state: { highest } }: Head): readonly string[] {
  const count = Math.min(highest, GENERATIONS_MAX);
  return Array.from({ length: count }, (_, index) => `${cell}@${highest - index}`);
}

function wordsIn({ endpoints, targets }: CellFleet, kind: 'name' | 'target' | 'az'): readonly string[] {
  switch (kind) {
    case 'name':
      return endpoints.map(({ name }) => name);
    case 'target':
      return targets.map(({ id }) => id);
    case 'az':
      return targets.map(({ az }) => az);
  }
}
