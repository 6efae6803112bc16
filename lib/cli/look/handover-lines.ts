import type { DnsName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import { duration } from '../printing/moment.ts';
import type { CellStatus } from './cell-status.ts';

/** What goes over to another cell, and what comes from one; each cell's part is one line. */
export function handoverLines(
  { cell, offers, awaited }: Pick<CellStatus, 'cell' | 'offers' | 'awaited'>,
  now: number,
): readonly string[] {
  const lines = new Map<string, { readonly names: DnsName[]; readonly at: number }>();
  const add = (text: string, name: DnsName, at: number): void => {
    const known = lines.get(text) ?? { names: [], at };
    known.names.push(name);
    lines.set(text, known);
  };
  for (const { name, to, at, withdrawn } of offers)
    add(
      withdrawn === true
        ? `is withdrawing its offer to ${to}, which may still take it`
        : `offers to ${to}, and answers until ${to} has taken it`,
      name,
      at,
    );
  for (const { name, from, at } of awaited) add(`awaits from ${from}`, name, at);
  return [...lines].map(
    ([text, { names, at }]) => `${cell} ${text}, for ${duration(now - at)}: ${some(names)}.`,
  );
}
