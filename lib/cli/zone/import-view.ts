import type { DescribedZone, ImportedZone } from '../../importer/described-zone.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

/** What an import described, a cell a row, then what it could not, each with the reason. */
export function importView({ cells, unexpressed }: DescribedZone, zone: ImportedZone, paper: Paper): string {
  const names = cells.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  const described = `${zone.name} (${zone.id}): ${counted(names, 'name')} described, ${unexpressed.length} left as they are`;
  const left = table(
    paper,
    [{ head: 'LEFT' }, { head: 'TYPE' }, { head: 'WHY' }],
    unexpressed.map(({ name, type, reason }) => [tame(name), tame(type), tame(reason)]),
  );
  return lines(described) + (unexpressed.length === 0 ? '' : left);
}
