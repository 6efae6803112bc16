import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';

/** An alias that stands in a zone, and the name and type that it needs there. */
export interface StandingAlias {
  /** `name type`. */
  readonly key: string;
  readonly name: DnsName;
  readonly target: DnsName;
  /** `target type`. */
  readonly needs: string;
}

/** What one version of a zone holds: the names with types that answer, and the aliases among them. */
export interface AnswerIndex {
  readonly there: ReadonlySet<string>;
  readonly aliases: readonly StandingAlias[];
}

const indexes = new WeakMap<readonly RecordSet[], AnswerIndex>();

/** A version of a zone never changes. So each version is indexed once, however many checkers ask for it. */
export function answerIndex(records: readonly RecordSet[]): AnswerIndex {
  const known = indexes.get(records);
  if (known !== undefined) return known;
  const there = new Set<string>();
  const aliases: StandingAlias[] = [];
  for (const { name, type, alias } of records) {
    const key = `${name} ${type}`;
    there.add(key);
    if (alias !== undefined) {
      aliases.push({ key, name, target: alias.name, needs: `${alias.name} ${type}` });
    }
  }
  const index = { there, aliases };
  indexes.set(records, index);
  return index;
}
