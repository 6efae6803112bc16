import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { cellOfName, endpointLabels, parseOwnedName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { answerIndex } from '../../rules/alias-index.ts';
import type { Checker, Commit } from './zone-history.ts';

const ROOT_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME'];

/**
 * I2 across the cells of a zone: a name that answers goes on answering, whichever cell's tree it is pointed at. A resolver
 * asks each step of a chain of aliases of some name server, and each may be behind by another number of commits: so the
 * root of every version that may be answered with must find its tree, all the way down, in every such version. What a
 * hand has put in the place of a root, or pointed elsewhere than at a tree of the endpoint, is nothing that anybody promises.
 *
 * @param declared the endpoint names that any cell has ever declared.
 */
export function answersAcrossCells(
  declared: ReadonlySet<DnsName>,
  answered: ReadonlySet<string> = new Set(),
  handled: ReadonlySet<string> = new Set(),
): Checker {
  let promised = answered;
  let unproven = handled;
  const look = ({ scope, after, answerable }: Commit): void => {
    const there = answerable.map((records) => answerIndex(records).there);
    const answers = (name: DnsName, type: string, path: readonly string[] = []): boolean => {
      const key = `${name} ${type}`;
      if (path.includes(key)) return false;
      // Nobody knows since when a tree stands that a hand has deleted and an enactor made again (docs/verification.md).
      if (path.length > 0 && unproven.has(key)) return true;
      if (!there.every((version) => version.has(key))) return false;
      return answerable.every((records) =>
        aliasesAt(records, name, type).every((target) => answers(target, type, [...path, key])),
      );
    };
    const now = new Set<string>();
    for (const name of declared) {
      for (const type of ROOT_TYPES) {
        const key = `${name} ${type}`;
        if (answers(name, type)) {
          if (isPawls(after, name, type, scope)) now.add(key);
        }
        // Nobody removes an endpoint in these worlds: it moves.
        else
          invariant(
            !promised.has(key),
            `I2: ${key} has no answer at some name server (${after.length} records)`,
          );
      }
    }
    promised = now;
  };
  return {
    name: 'I2 answers of a zone',
    check: look,
    tampered: ({ before, after }) => {
      const { there } = answerIndex(after);
      unproven = new Set([...unproven, ...[...answerIndex(before).there].filter((key) => !there.has(key))]);
      promised = new Set();
    },
    clone: () => answersAcrossCells(declared, promised, unproven),
    key: () => [...promised].sort().join(),
  };
}

/** Whether this root points at a tree of its endpoint, of any cell. */
function isPawls(records: readonly RecordSet[], name: DnsName, type: string, scope: CellScope): boolean {
  const targets = aliasesAt(records, name, type);
  return (
    targets.length > 0 &&
    targets.every((target) => {
      const cell = cellOfName(target, scope) ?? scope.cell;
      const owned = parseOwnedName(target, { ...scope, cell });
      return owned?.kind === 'tree' && owned.endpoint === endpointLabels(name, scope);
    })
  );
}

function aliasesAt(records: readonly RecordSet[], name: DnsName, type: string): readonly DnsName[] {
  return answerIndex(records)
    .aliases.filter(({ key }) => key === `${name} ${type}`)
    .map(({ target }) => target);
}
