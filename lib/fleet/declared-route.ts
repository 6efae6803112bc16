import type { FleetBranch, FleetRoute } from '../plan/fleet-model.ts';
import { isBranchId } from '../plan/owned-names.ts';
import { choiceOf } from '../plan/place-names.ts';
import type { RoutingPolicy } from '../plan/routing.ts';
import { branchRouting } from './declared-branch-routing.ts';
import type { ReportMistake } from './mistakes.ts';
import type { RouteInput } from './route-schema.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

/** Levels of branches, so that names stay short enough to read. */
const LEVELS_MAX = 4;
/** Records of one name and type ("Quotas on records", Developer Guide). */
const BRANCHES_MAX = 100;
const GEOPROXIMITY_MAX = 30;
const POLICIES = ['weighted', 'latency', 'geolocation', 'geoproximity', 'failover', 'cidr'] as const;

/** A list of targets in the file. */
export interface TargetList {
  readonly ids: readonly string[];
  readonly path: Path;
}

/** Every list of targets of a route, with its place. */
export function targetLists(input: RouteInput, path: Path): readonly TargetList[] {
  const own = (['targets', 'standby'] as const).flatMap((key) => {
    const ids = input[key];
    return ids === undefined ? [] : [{ ids, path: [...path, key] }];
  });
  return [...own, ...branchInputs(input, path).flatMap((each) => targetLists(each.input, each.path))];
}

/**
 * Reads a route whose shape is right, and reports every mistake in its values; undefined where one of them leaves nothing
 * to read.
 */
export function readRoute(
  input: RouteInput,
  path: Path,
  report: ReportMistake,
  level = 0,
): FleetRoute | undefined {
  const policies = POLICIES.filter((policy) => input[policy] !== undefined);
  const given = [...(input.targets === undefined ? [] : ['targets']), ...policies];
  const [first, second] = given;
  if (first === undefined) {
    report(
      path,
      `${subject(path)} says nothing of what answers: add targets, or one of ${POLICIES.join(', ')}.`,
    );
    return undefined;
  }
  if (second !== undefined) {
    const at = [...path, second];
    report(
      at,
      `${subject(at)} stands beside ${first}: use one of them, and nest the other in a branch.`,
      'key',
    );
    return undefined;
  }
  reportMisplaced(input, path, report);
  const [policy] = policies;
  if (policy === undefined) {
    reportFloor(input, path, report);
    if (input.standby !== undefined && level >= LEVELS_MAX) {
      const at = [...path, 'standby'];
      report(
        at,
        `${subject(at)} is a failover nested more than ${LEVELS_MAX} levels deep: use fewer.`,
        'key',
      );
    }
    return targetsRoute(input);
  }
  if (level >= LEVELS_MAX) {
    report(path, `${subject(path)} is nested more than ${LEVELS_MAX} levels deep: use fewer.`, 'key');
    return undefined;
  }
  return branchesRoute(policy, input, path, report, level);
}

function reportFloor({ targets = [], floor = 0 }: RouteInput, path: Path, report: ReportMistake): void {
  const count = new Set(targets).size;
  const at = [...path, 'floor'];
  const what = `is ${floor}, more than the number of targets beside it (${count})`;
  if (floor > count) report(at, `${subject(at)} ${what}: lower the floor, or add targets.`);
}

function targetsRoute({ targets = [], standby, floor, group, answer = 'weighted' }: RouteInput): FleetRoute {
  const own: FleetRoute = {
    ...{ type: 'targets', targets: sorted(targets), answer },
    ...(floor === undefined ? {} : { floor }),
    ...(group === undefined ? {} : { group }),
  };
  if (standby === undefined) return own;
  const second: FleetRoute = { type: 'targets', targets: sorted(standby), answer };
  return {
    type: 'branches',
    policy: 'failover',
    branches: [
      { id: 'primary', routing: { Failover: 'PRIMARY' }, route: own },
      { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: second },
    ],
  };
}

function sorted(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}

/** Keys that mean something beside other keys only. */
function reportMisplaced(input: RouteInput, path: Path, report: ReportMistake): void {
  for (const key of ['standby', 'floor', 'answer', 'group'] as const) {
    if (input[key] === undefined || input.targets !== undefined) continue;
    const at = [...path, key];
    report(at, `${subject(at)} belongs beside targets: move it into a branch.`, 'key');
  }
  if (input.group !== undefined && input.answer === 'multivalue') {
    const where = [...path, 'group'];
    report(
      where,
      `${subject(where)} cannot be beside multivalue answers, which are one set: remove it.`,
      'key',
    );
  }
  reportElsewhere(input, path, report);
}

/** Where a route chooses by place or network, it has a default, or says that nobody else gets an answer. */
function reportElsewhere(input: RouteInput, path: Path, report: ReportMistake): void {
  const { elsewhere, geolocation, cidr } = input;
  const at = [...path, 'elsewhere'];
  const policy = geolocation === undefined ? 'cidr' : 'geolocation';
  const branches = geolocation ?? cidr?.locations;
  if (branches === undefined) {
    if (elsewhere !== undefined)
      report(at, `${subject(at)} belongs beside geolocation or cidr: remove it.`, 'key');
    return;
  }
  const hasDefault = branches['default'] !== undefined;
  if (elsewhere !== undefined && hasDefault)
    report(at, `${subject(at)} is none although ${policy} has a default: remove one of them.`, 'key');
  if (elsewhere !== undefined || hasDefault) return;
  const where = policy === 'cidr' ? [...path, 'cidr', 'locations'] : [...path, policy];
  const who = policy === 'cidr' ? 'clients in other networks' : 'clients elsewhere';
  report(
    where,
    `${subject(where)} has no default, so that ${who} get no answer: add one, or say "elsewhere: none" beside ${policy}.`,
    'key',
  );
}

export interface BranchInput {
  readonly key: string;
  readonly input: RouteInput;
  readonly path: Path;
}

/** The branches of a route in the file, each with its place. */
export function branchInputs(input: RouteInput, path: Path): readonly BranchInput[] {
  return POLICIES.flatMap((policy) => {
    const [map, at] =
      policy === 'cidr'
        ? [input.cidr?.locations, [...path, 'cidr', 'locations']]
        : [input[policy], [...path, policy]];
    return Object.entries(map ?? {}).map(([key, each]) => ({ key, input: each, path: [...at, key] }));
  });
}

function branchesRoute(
  policy: RoutingPolicy,
  input: RouteInput,
  path: Path,
  report: ReportMistake,
  level: number,
): FleetRoute | undefined {
  const branches: FleetBranch[] = [];
  const all = branchInputs(input, path);
  const at = [...path, policy];
  const max = policy === 'geoproximity' ? GEOPROXIMITY_MAX : BRANCHES_MAX;
  if (all.length > max) {
    report(
      at,
      `${subject(at)} has ${all.length} branches, more than the ${max} records of this policy that Route 53 allows for one name and type: nest some of them.`,
      'key',
    );
    return undefined;
  }
  if (all.length === 0) report(at, `${subject(at)} has no branches: add one.`);
  for (const each of all) {
    const routing = branchRouting(policy, each, input, report);
    const id = branchId(policy, each.key);
    const route = readRoute(each.input, each.path, report, level + 1);
    const twin = branches.find((other) => other.id === id);
    const choice = routing === undefined ? undefined : choiceOf(routing);
    const same =
      choice === undefined ? undefined : branches.find((each) => choiceOf(each.routing) === choice);
    if (!isBranchId(id)) {
      report(each.path, `${subject(each.path)} ${whyNoLabel(policy, id)}`, 'key');
    } else if (twin !== undefined) {
      report(each.path, `${subject(each.path)} ${whyTwin(policy, id)}`, 'key');
    } else if (same !== undefined) {
      const what = `is to Route 53 what the branch ${quoted(same.id)} is`;
      report(each.path, `${subject(each.path)} ${what}: remove one of them.`, 'key');
    } else if (routing !== undefined && route !== undefined) branches.push({ id, routing, route });
  }
  if (policy === 'weighted' && all.length > 0 && all.every(({ key }) => input.weighted?.[key]?.share === 0))
    report(at, `${subject(at)} gives every branch a share of 0: give one of them traffic.`);
  if (branches.length === 0) return undefined;
  return { type: 'branches', policy, branches: branches.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Route 53 refuses two record sets of one name and type for one place. */
/**
 * The label of a branch in names. Route 53 takes a location such as `_Lab-1_`, and the label is then `lab-1`: what is stored
 * of fleets and plans has letters and digits at both ends of a label, and earlier releases read it too.
 */
function branchId(policy: RoutingPolicy, key: string): string {
  const id = key.toLowerCase();
  return policy === 'cidr' ? id.replaceAll('_', '-').replace(/^-+|-+$/g, '') : id;
}

function whyNoLabel(policy: RoutingPolicy, id: string): string {
  if (policy !== 'cidr') return 'cannot be a label of a name: use another name.';
  return id === ''
    ? 'has no letter and no digit, so that it cannot be a label of a name: use another name in the collection.'
    : `cannot be a label of a name, because ${quoted(id)} is another thing's there: use another name in the collection.`;
}

function whyTwin(policy: RoutingPolicy, id: string): string {
  return policy === 'cidr'
    ? `has the label ${quoted(id)} in names, which another location here has already: remove one of them, or use another name in the collection.`
    : `is the branch ${quoted(id)}, which is here already: remove it.`;
}
