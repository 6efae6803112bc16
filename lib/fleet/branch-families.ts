import type { FleetTarget } from '../plan/fleet-model.ts';
import type { BranchInput } from './declared-route.ts';
import { branchInputs, targetLists } from './declared-route.ts';
import type { Family } from './families.ts';
import { familiesOf, fieldOf, inOrder } from './families.ts';
import type { ReportMistake } from './mistakes.ts';
import type { RouteInput } from './route-schema.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

/** What the check of a route's families needs to know of its endpoint and cell. */
export interface FamilySurroundings {
  /** In which the endpoint answers. */
  readonly families: readonly Family[];
  /** Every target that the cell declares; undefined for one that is itself a mistake. */
  readonly targets: ReadonlyMap<string, FleetTarget | undefined>;
}

/** A branch by place or network, and the families of its targets. */
interface Answering extends BranchInput {
  readonly families: readonly Family[];
  /** Whether all of its targets could be read. */
  readonly known: boolean;
}

/**
 * Reports the branches by place or network that lack a family which another branch beside them has. Route 53 chooses among
 * the records of one type, so that a client whose branch has none of that type gets what a larger place has, and where there
 * is no larger one, nothing. Only the outermost places are looked at therefore: `default` where there is one, for it has
 * what the others lack, and else every branch but a state beside its country. Which continent a country is in is on no table
 * here, so that a country beside its continent is asked for every family too.
 */
export function reportFamilies(
  input: RouteInput,
  path: Path,
  around: FamilySurroundings,
  report: ReportMistake,
): void {
  for (const policy of ['geolocation', 'cidr'] as const) {
    const set = branchInputs({ [policy]: input[policy] }, path).map((each) => answering(each, around));
    for (const branch of set) if (!isCovered(branch.key, set)) reportLack(branch, set, report);
  }
  for (const below of branchInputs(input, path)) reportFamilies(below.input, below.path, around, report);
}

function answering(branch: BranchInput, { families, targets }: FamilySurroundings): Answering {
  const ids = targetLists(branch.input, branch.path).flatMap((list) => list.ids);
  const named = ids.map((id) => targets.get(id));
  const answers = named.flatMap((target) => (target === undefined ? [] : familiesOf(target)));
  return {
    ...branch,
    families: inOrder(answers).filter((family) => families.includes(family)),
    known: named.every((target) => target !== undefined),
  };
}

/** Whether a larger place of the set answers where the branch does not. */
function isCovered(key: string, set: readonly Answering[]): boolean {
  const [country, part] = key.split('-');
  const isState = part !== undefined && country === 'US';
  return set.some(
    (other) =>
      other.key !== key &&
      (other.key === 'default' || (isState && (other.key === 'US' || other.key === 'country-US'))),
  );
}

/** One without any family has been reported already: its targets answer with no address. */
function reportLack(branch: Answering, set: readonly Answering[], report: ReportMistake): void {
  if (!branch.known || branch.families.length === 0) return;
  for (const family of inOrder(set.flatMap((other) => other.families))) {
    const other = set.find(({ families }) => families.includes(family));
    if (branch.families.includes(family) || other === undefined) continue;
    const what = `has no target with an ${fieldOf(family)}, which ${quoted(other.key)} beside it has`;
    report(
      branch.path,
      `${subject(branch.path)} ${what}, so that its clients get no ${family} answer: add one, or leave ${family} out of the endpoint's families.`,
      'key',
    );
  }
}
