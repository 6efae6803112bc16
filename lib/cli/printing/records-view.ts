import type { RecordSet } from '../../plan/records.ts';
import type { Paper } from './paper.ts';
import { tame } from './paper.ts';
import { table } from './table.ts';

/** Record sets as they stand in a zone, a row each. */
export function recordsView(records: readonly RecordSet[], paper: Paper): string {
  if (records.length === 0) return '';
  return table(
    paper,
    [
      { head: 'NAME' },
      { head: 'TYPE' },
      { head: 'SET' },
      { head: 'WEIGHT', align: 'right' },
      { head: 'TTL', align: 'right' },
      { head: 'ANSWER' },
    ],
    records.map((record) => [
      record.name,
      record.type,
      tame(record.setIdentifier ?? ''),
      record.weight === undefined ? '' : String(record.weight),
      record.ttl === undefined ? '' : String(record.ttl),
      recordAnswer(record),
    ]),
  );
}

/** A record's answer as text. */
export function recordAnswer({ alias, values = [] }: RecordSet): string {
  return alias === undefined ? tame(values.join(', ')) : `alias ${alias.name} in ${alias.zoneId}`;
}
