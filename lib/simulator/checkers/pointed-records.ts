import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Checker } from './zone-history.ts';

/**
 * I3: no commit deletes the last record of a name and type that an alias of the zone points at when it commits. What a
 * hand put at the fence's own name is no answer, and goes whatever points at it.
 */
export function pointedRecords(): Checker {
  return {
    name: 'I3 pointed records',
    tampered: () => undefined,
    check: ({ scope, before, after }) => {
      const fence = fenceName(scope);
      const remaining = types(after);
      const gone = [...types(before)].filter((key) => !remaining.has(key));
      for (const { name, type, alias } of after) {
        const key = alias === undefined || alias.name === fence ? undefined : `${alias.name} ${type}`;
        invariant(
          key === undefined || !gone.includes(key),
          `I3: ${key} was deleted while ${name} points at it`,
        );
      }
    },
  };
}

function types(records: readonly RecordSet[]): ReadonlySet<string> {
  return new Set(records.map(({ name, type }) => `${name} ${type}`));
}
