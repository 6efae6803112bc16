import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import { choose, chooseForPerson, propose } from '../../lib/cell/proposal.ts';
import type { CellState } from '../../lib/ledger/decider/state.ts';
import type { Choice } from '../../lib/plan/choose-answers.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type {
  CellFleet,
  FleetEndpoint,
  FleetRoute,
  FleetTarget,
  Observations,
} from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { Leaf } from '../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import {
  answeringIn,
  branchesOf,
  breaksBranchFloor,
  emptiesBranch,
  isInOrdered,
  randomBranchOrders,
  randomRoute,
} from './branch-orders.ts';
import { afterKeepingBack, afterPlan, knownCell, NOW, refusal } from './known-cell.ts';
import { seededChoice } from './seeded-choice.ts';

type Choose = (below: number) => number;

const NAMES = ['api', 'lab', 'mail', 'old', 'web'].map((label) => dnsName(`${label}.example.test`));
const ODD_NAMES = ['out.example.org', 'a._pawl.example.test'].map((name) => dnsName(name));
const TARGETS_MAX = 6;
const ROUNDS_MAX = 3;
const RUNS_MAX = 3;
/** Findings by which the observer is not believed. */
const DOUBTS: readonly string[] = [
  'observer-blind',
  'targets-observed-out',
  'capacity-observed-out',
  'branch-observed-out',
];
const BRANCHING_SEEDS = 500_000_000;
const OTHER_CELL = cellName('use1-b');

/** What happens to a cell between two runs of its planner. */
interface Round {
  readonly fleet: CellFleet;
  readonly observations: Observations;
  readonly drained: readonly string[];
  readonly evacuated: readonly string[];
  readonly evacuatedBranches: readonly string[];
  readonly claimed: ReadonlyMap<DnsName, CellName>;
  readonly facts: CellState['facts'];
  /** Endpoints that Route 53 refused in this round's run before. */
  readonly refused: readonly DnsName[];
  readonly waitS: number;
}

/** What the oracle remembers of the rounds before, by itself. */
interface Memory {
  readonly removals: Map<DnsName, { at: number; permille: number }[]>;
  /** The fleet by which each endpoint was planned last. */
  readonly plannedBy: Map<DnsName, CellFleet>;
  readonly waited: Map<DnsName, string>;
}

/**
 * How many runs of a planner were judged, and how many endpoints in them were as asked, kept back, or changed in part; how
 * many evacuated branches left an endpoint, and how many stayed in one.
 */
export interface Tally {
  cases: number;
  asAsked: number;
  kept: number;
  partly: number;
  branchesLeft: number;
  branchesKept: number;
}

/** Plays one random cell for each seed, and checks every run of its planner against what a simple oracle says. */
export function judgeRandomCells(first: number, count: number, stride = 1): Tally {
  const tally: Tally = { cases: 0, asAsked: 0, kept: 0, partly: 0, branchesLeft: 0, branchesKept: 0 };
  for (let index = 0; index < count; index += 1) judgeRandomCell(first + index * stride, tally);
  return tally;
}

/** Every third cell has endpoints with routes, of which branches are evacuated. It chooses them by numbers of its own. */
interface Branching {
  /** The route of an endpoint of these targets. */
  readonly routeOf: (ids: readonly string[]) => FleetRoute | undefined;
  readonly ordersIn: (fleet: CellFleet, before: readonly string[]) => readonly string[];
}

function branchingIn(seed: number): Branching {
  const pick = seededChoice(seed + BRANCHING_SEEDS);
  if (pick(3) > 0) return { routeOf: () => undefined, ordersIn: () => [] };
  return {
    routeOf: (ids) => (pick(3) === 0 ? undefined : randomRoute(pick, ids)),
    ordersIn: (fleet, before) => randomBranchOrders(pick, fleet, before),
  };
}

function judgeRandomCell(seed: number, tally: Tally): void {
  const pick = seededChoice(seed);
  const branching = branchingIn(seed);
  const memory: Memory = { removals: new Map(), plannedBy: new Map(), waited: new Map() };
  let fleet = randomFleet(pick, branching);
  let known = knownCell({ before: fleet });
  for (const { name } of fleet.endpoints) memory.plannedBy.set(name, fleet);
  // An endpoint without an answer is not in a plan.
  const there = new Set(
    known.desired.base?.endpoints.filter(({ leaves }) => leaves.length > 0).map(({ name }) => name),
  );
  if (there.size !== fleet.endpoints.length) return;
  let now = NOW;
  const rounds = 1 + pick(ROUNDS_MAX);
  for (let number = 1; number <= rounds; number += 1) {
    const round = randomRound(pick, branching, fleet, known);
    fleet = round.fleet;
    now += round.waitS * 1_000;
    known = inRound(known, round, number, now);
    const choice = choose(known, { claimed: round.claimed, now });
    const demand: Demand = (holds, what) => {
      if (!holds) throw new Error(`seed ${seed}, round ${number}: ${what}\n${story(round, known, choice)}`);
    };
    const checked = { known, round, choice, memory, now };
    check(checked, demand, tally);
    if (pick(4) === 0) checkApproval(checked, pick, demand);
    tally.cases += 1;
    known = remember(known, choice, memory, now);
    if (pick(3) === 0) known = settled(known, choice, round, memory, now, demand);
  }
}

/**
 * The cell once further runs find nothing new. A target that came back in one plan may be what lets another one go in
 * the next.
 */
function settled(
  start: CellKnowledge,
  first: Choice,
  { claimed, facts }: Round,
  memory: Memory,
  now: number,
  demand: Demand,
): CellKnowledge {
  let known = start;
  let before = first;
  for (let run = 1; run <= RUNS_MAX; run += 1) {
    const again = choose(known, { claimed, now });
    const isSame =
      contentOf(again.endpoints) === contentOf(before.endpoints) && waits(again) === waits(before);
    if (isSame) return known;
    known = remember(known, again, memory, now);
    before = again;
  }
  // Where the zone is nearly full, trees that nobody needs any more make room only once they are gone.
  const isNearlyFull = facts !== null && facts.recordLimit < 200;
  demand(isNearlyFull, `${RUNS_MAX} more runs find something new each: ${contentOf(before.endpoints)}`);
  return known;
}

type Demand = (holds: boolean, what: string) => void;

const contentOf = (endpoints: readonly DesiredEndpoint[]): string =>
  JSON.stringify(
    endpoints.map(({ name, ttl, leaves, nodes = [] }) => [
      name,
      ttl,
      leaves.map(leafText),
      nodes.map(({ path, branches, answer }) => [path, branches, answer]),
    ]),
  );
const leafText = ({ target, type, weight, values, node = '' }: Leaf): string =>
  `${target} ${type} ${weight} ${values?.join()} ${node}`;
const waits = ({ keptBack }: Choice): string =>
  keptBack.map(({ name, digest }) => `${name} ${digest}`).join();

function story(round: Round, known: CellKnowledge, choice: Choice): string {
  const { policy, endpoints, targets } = round.fleet;
  return JSON.stringify(
    {
      policy,
      endpoints: endpoints.map(({ name, targets: ids, ttl, floor, families, route }) => ({
        ...{ name, ids, ttl, floor, families },
        route: route === undefined ? undefined : JSON.stringify(route),
      })),
      targets: targets.map(({ id, az, health, ipv6 }) => `${id} ${az} ${health} ${ipv6.length}`),
      observations: round.observations,
      drained: round.drained,
      evacuated: round.evacuated,
      evacuatedBranches: round.evacuatedBranches,
      claimed: [...round.claimed.keys()],
      facts: round.facts,
      standing: known.desired.base?.endpoints.map(({ name, ttl, leaves }) => [
        name,
        ttl,
        leaves.map(leafText),
      ]),
      chosen: choice.endpoints.map(({ name, ttl, leaves }) => [name, ttl, leaves.map(leafText)]),
      keptBack: choice.keptBack,
      refused: known.head.state.refused,
    },
    undefined,
    1,
  );
}

// Generators: the fleet and what becomes of it, observations, orders, refusals, and what stands in the way.

function randomFleet(pick: Choose, branching: Branching): CellFleet {
  const targets = Array.from({ length: 2 + pick(TARGETS_MAX - 1) }, (_, index) => randomTarget(pick, index));
  const names = NAMES.filter(() => pick(4) > 0).slice(0, 4);
  const endpoints = (names.length === 0 ? NAMES.slice(0, 1) : names).map((name) =>
    randomEndpoint(pick, branching, name, targets),
  );
  return { ...SCOPE, policy: randomPolicy(pick), targets, endpoints };
}

function randomPolicy(pick: Choose): CellFleet['policy'] {
  return {
    ...DEFAULT_POLICY,
    capacityRemovedPercent: [100, 34, 50, 20][pick(4)] ?? 100,
    endpointsChangedPercent: [100, 100, 50, 34][pick(4)] ?? 100,
    blindPercent: [100, 100, 50][pick(3)] ?? 100,
  };
}

function randomTarget(pick: Choose, index: number): FleetTarget {
  return {
    id: `t${index}`,
    az: `az${pick(3)}`,
    capacity: 100 * (1 + pick(2)),
    health: 'healthy',
    ipv4: [`192.0.2.${index}`],
    ipv6: pick(2) === 0 ? [`2001:db8::${index}`] : [],
  };
}

function randomEndpoint(
  pick: Choose,
  { routeOf }: Branching,
  name: DnsName,
  targets: readonly FleetTarget[],
): FleetEndpoint {
  const some = targets.filter(() => pick(3) > 0).map(({ id }) => id);
  const ids = some.length === 0 ? ['t0'] : some;
  const route = routeOf(ids);
  return {
    name,
    kind: 'addresses',
    ttl: 60,
    floor: 1,
    families: pick(3) === 0 ? ['A', 'AAAA'] : ['A'],
    targets: ids,
    ...(route === undefined ? {} : { route }),
  };
}

function randomRound(pick: Choose, branching: Branching, before: CellFleet, known: CellKnowledge): Round {
  const fleet = pick(2) === 0 ? before : editedFleet(pick, branching, before);
  const { observations, evacuatedBranches = [] } = known.desired;
  const evacuated = pick(4) === 0 ? [`az${pick(3)}`] : known.desired.evacuated.filter(() => pick(2) === 0);
  const drained = fleet.targets.filter(({ id }) =>
    known.desired.drained.includes(id) ? pick(3) > 0 : pick(8) === 0,
  );
  return {
    fleet,
    observations: pick(3) === 0 ? observations : randomObservations(pick, fleet),
    drained: drained.map(({ id }) => id),
    evacuated,
    evacuatedBranches: branching.ordersIn(fleet, evacuatedBranches),
    claimed: new Map(
      pick(6) === 0
        ? [[NAMES[pick(NAMES.length)] ?? NAMES[0], OTHER_CELL] as const].flatMap(([name, cell]) =>
            name === undefined ? [] : [[name, cell] as const],
          )
        : [],
    ),
    facts: randomFacts(pick),
    refused: pick(5) === 0 ? NAMES.filter(() => pick(3) === 0) : [],
    waitS: [0, 30, 90, 700][pick(4)] ?? 0,
  };
}

function editedFleet(pick: Choose, branching: Branching, fleet: CellFleet): CellFleet {
  const edited = fleet.endpoints.flatMap((endpoint): FleetEndpoint[] => {
    switch (pick(9)) {
      case 0:
        return [{ ...endpoint, ttl: 30 + pick(3) }];
      case 1:
        return [];
      case 2:
        return [{ ...endpoint, targets: [...endpoint.targets, 'ghost'], ttl: 30 + pick(3) }];
      case 3:
        return [{ ...endpoint, floor: 1 + pick(3) }];
      case 4:
        return [
          { ...randomEndpoint(pick, branching, endpoint.name, fleet.targets), families: endpoint.families },
        ];
      default:
        return [endpoint];
    }
  });
  const free = [...NAMES, ...ODD_NAMES].filter((name) => !edited.some((each) => each.name === name));
  const added = free[pick(free.length * 3)];
  const endpoints =
    added === undefined ? edited : [...edited, randomEndpoint(pick, branching, added, fleet.targets)];
  return { ...fleet, endpoints };
}

function randomObservations(pick: Choose, { targets }: CellFleet): Observations {
  const rate = 2 + pick(5);
  return Object.fromEntries(
    targets.flatMap(({ id, capacity }) => {
      const health = pick(rate) === 0 ? 'unhealthy' : pick(8) === 0 ? 'unknown' : 'healthy';
      return pick(8) === 0 ? [] : [[id, { health, capacity } as const]];
    }),
  );
}

function randomFacts(pick: Choose): CellState['facts'] {
  if (pick(3) > 0) return null;
  const delegation = pick(3) === 0 ? NAMES[pick(NAMES.length)] : undefined;
  return {
    records: 100,
    recordLimit: pick(3) === 0 ? 100 + pick(30) : 10_000,
    negativeTtlS: 60,
    delegations: delegation === undefined ? [] : [delegation],
    conflicts: [],
  };
}

/** The cell with what happened since the run before. */
function inRound(known: CellKnowledge, round: Round, number: number, now: number): CellKnowledge {
  const digest = round.fleet === known.fleet ? (known.head.state.fleet?.digest ?? '') : `fleet-${number}`;
  const { fleet, observations, drained, evacuated, evacuatedBranches, facts } = round;
  const { state } = known.head;
  const declared = state.fleet === null ? null : { ...state.fleet, digest, policy: fleet.policy };
  // The goal was applied, with what it holds, before anything was refused of an earlier one.
  const applied = state.goal === null ? null : { ...state.goal, seq: 9 as never, by: 'enactor' };
  const refused = round.refused.map((name) =>
    refusal(name, { generation: generation(Math.max(1, state.highest - 1)), at: now, fleet: digest }),
  );
  const isApplied = number % 2 === 0;
  return {
    ...known,
    fleet,
    head: {
      ...known.head,
      state: {
        ...state,
        fleet: declared,
        drained,
        evacuated,
        evacuatedBranches,
        facts,
        refused,
        ...(isApplied ? { applied } : {}),
      },
    },
    desired: { ...known.desired, fleet, observations, drained, evacuated, evacuatedBranches },
    accepted: new Map([...known.accepted, [digest, fleet]]),
  };
}

/** The cell after the run, and what the oracle remembers of it. */
function remember(known: CellKnowledge, choice: Choice, memory: Memory, now: number): CellKnowledge {
  const standing = new Map(known.desired.base?.endpoints.map((each) => [each.name, each]));
  const isPlan = contentOf(choice.endpoints) !== contentOf([...standing.values()]);
  for (const endpoint of choice.endpoints) {
    const before = standing.get(endpoint.name);
    if (before === undefined) continue;
    const permille = lost(before, endpoint);
    const fleet = memory.plannedBy.get(endpoint.name) ?? known.fleet;
    const all = withoutReturned(endpoint.name, cameBack(before, endpoint, fleet, known, choice), memory);
    memory.removals.set(endpoint.name, permille > 0 ? [...all, { at: now, permille }] : all);
  }
  const kept = new Set(
    choice.keptBack.flatMap(({ name, byDeclared }) => (byDeclared === true ? [] : [name])),
  );
  for (const { name } of choice.endpoints) if (!kept.has(name)) memory.plannedBy.set(name, known.fleet);
  memory.waited.clear();
  for (const { name, digest } of choice.keptBack) memory.waited.set(name, digest);
  return isPlan
    ? afterPlan(known, propose(known, { choice, origin: 'planner' }), now)
    : afterKeepingBack(known, choice.keptBack, now);
}

// The oracle. It knows answers by their targets, and nothing of rungs, limits in order, or what code decides.

interface Checked {
  readonly known: CellKnowledge;
  readonly round: Round;
  readonly choice: Choice;
  readonly memory: Memory;
  readonly now: number;
}

function check(checked: Checked, demand: Demand, tally: Tally): void {
  const { known, choice, round } = checked;
  const standing = new Map(known.desired.base?.endpoints.map((each) => [each.name, each]));
  const asked = new Map(desiredEndpoints(known.desired).map((each) => [each.name, each]));
  const chosen = new Map(choice.endpoints.map((each) => [each.name, each]));
  const kept = new Map(choice.keptBack.map((each) => [each.name, each]));
  for (const name of new Set([...standing.keys(), ...asked.keys()])) {
    const before = standing.get(name);
    const wanted = asked.get(name);
    const answer = chosen.get(name);
    const isAsAsked = textOf(answer) === textOf(wanted);
    demand(isAsAsked !== kept.has(name), `${name} is kept back and as asked, or neither`);
    if (isAsAsked) tally.asAsked += 1;
    else tally.kept += 1;
    if (!isAsAsked && textOf(answer) !== textOf(before)) tally.partly += 1;
    const against = obstacles(name, before, wanted, checked);
    if (against.length === 0) demand(isAsAsked, `${name} has no obstacle and is not as asked`);
    if (answer !== undefined) demand(answer.leaves.length > 0, `${name} is left without an answer`);
    if (before !== undefined) demand(answer !== undefined, `${name} went without an approval`);
    if (!isAsAsked)
      demand((kept.get(name)?.findings.length ?? 0) > 0, `nothing says why ${name} is kept back`);
    if (before === undefined || answer === undefined) {
      if (!isAsAsked) demand(answer === undefined, `${name} is new and was added in part`);
      continue;
    }
    if (textOf(answer) !== textOf(before)) demandAllowed(name, before, answer, checked, demand);
    if (!isAsAsked) demandAsBefore(before, answer, round, demand);
    demandSpared(name, before, answer, checked, demand);
    demandOut(before, answer, checked, tally, demand);
  }
  demandRecords(checked, standing, demand);
}

/** What a person lets go of one endpoint changes this endpoint, as it was shown, and no other. */
function checkApproval({ known, round, choice, now }: Checked, pick: Choose, demand: Demand): void {
  const waiting = choice.keptBack.filter(({ findings }) =>
    findings.every(({ severity }) => severity === 'held'),
  );
  const name = waiting[pick(Math.max(1, waiting.length))]?.name;
  if (name === undefined) return;
  const standing = new Map(known.desired.base?.endpoints.map((each) => [each.name, each as DesiredEndpoint]));
  const wanted = desiredEndpoints(known.desired).find((each) => each.name === name);
  const asked = new Map(standing);
  if (wanted === undefined) asked.delete(name);
  else asked.set(name, wanted);
  const approval = chooseForPerson(
    known,
    { asked, approved: new Set([name]) },
    { claimed: round.claimed, now },
  );
  const after = new Map(approval.endpoints.map((each) => [each.name, each]));
  const isNearlyFull = round.facts !== null && round.facts.recordLimit < 200;
  demand(
    isNearlyFull || textOf(after.get(name)) === textOf(wanted),
    `${name} was let go and is not as it was shown`,
  );
  for (const other of new Set([...standing.keys(), ...after.keys()])) {
    const isSame = textOf(after.get(other)) === textOf(standing.get(other));
    demand(other === name || isSame, `${other} changed by the approval of ${name}`);
  }
}

const textOf = (endpoint: DesiredEndpoint | undefined): string =>
  endpoint === undefined ? '' : contentOf([endpoint]);
const idsOf = ({ leaves }: DesiredEndpoint): readonly string[] => [
  ...new Set(leaves.map(({ target }) => target)),
];

/** What stands against an endpoint, its own and what is about the cell; an answer may wait for nothing else. */
function obstacles(
  name: DnsName,
  before: DesiredEndpoint | undefined,
  wanted: DesiredEndpoint | undefined,
  checked: Checked,
): readonly string[] {
  const { round, memory } = checked;
  if (textOf(before) === textOf(wanted)) return [];
  if (wanted === undefined) return ['removed'];
  const found = [...nameObstacles(name, checked), ...losses(name, before, wanted, checked)];
  const file = memory.plannedBy.get(name) ?? round.fleet;
  const declared = before !== undefined && answerUnder(file, name, checked) !== textOf(wanted);
  if (declared && missing(name, round.fleet)) found.push('missing target');
  if (before === undefined && missing(name, round.fleet)) found.push('missing target');
  if (round.fleet.policy.endpointsChangedPercent < 100 && before !== undefined)
    found.push('a share of declarations');
  // A branch of which most is seen to fail does not come back either.
  const ids = round.fleet.endpoints.find((each) => each.name === name)?.targets ?? [];
  const isObserved = before !== undefined && [...idsOf(before), ...ids].some((id) => isDown(id, round));
  if (round.fleet.policy.blindPercent < 100 && isObserved) found.push('a blind observer');
  if (round.facts !== null && round.facts.recordLimit < 200) found.push('the room in the zone');
  return found;
}

function answerUnder(fleet: CellFleet, name: DnsName, { known }: Checked): string {
  return textOf(desiredEndpoints({ ...known.desired, fleet }).find((each) => each.name === name));
}

function missing(name: DnsName, { endpoints, targets }: CellFleet): boolean {
  const ids = endpoints.find((each) => each.name === name)?.targets ?? [];
  return ids.some((id) => !targets.some((target) => target.id === id));
}

/** What keeps an endpoint from changing at all. */
function nameObstacles(name: DnsName, { round, known, now }: Checked): readonly string[] {
  const found: string[] = [];
  if (!name.endsWith('.example.test')) found.push('outside the zone');
  if (name.includes('_pawl')) found.push('reserved');
  const goal = known.desired.base?.endpoints ?? [];
  const isSettled = known.head.state.owned.includes(name) || goal.some((each) => each.name === name);
  if (round.claimed.has(name) && !isSettled) found.push('claimed');
  if (round.facts?.delegations.includes(name) === true) found.push('delegated');
  if (known.head.state.refused.some((each) => each.name === name && each.at + 60_000 > now))
    found.push('refused');
  return found;
}

/** What an endpoint would lose more of than it may. */
function losses(
  name: DnsName,
  before: DesiredEndpoint | undefined,
  wanted: DesiredEndpoint,
  { round, memory, now, known, choice }: Checked,
): readonly string[] {
  const found: string[] = [];
  const serving = idsOf(wanted).length;
  if (serving === 0) found.push('no answer');
  const floor = round.fleet.endpoints.find((each) => each.name === name)?.floor ?? 1;
  const route = round.fleet.endpoints.find((each) => each.name === name)?.route;
  const planned = memory.plannedBy.get(name)?.endpoints.find((each) => each.name === name)?.route;
  const routes = { declared: route, accepted: before === undefined ? undefined : planned };
  if (serving > 0 && breaksBranchFloor(routes, before, wanted)) found.push('floor of a branch');
  if (serving < floor && (before === undefined || serving < idsOf(before).length)) found.push('floor');
  if (before === undefined) return found;
  const declared = round.fleet.endpoints.find((each) => each.name === name)?.families ?? [];
  for (const family of ['A', 'AAAA'] as const) {
    const had = before.leaves.some(({ type }) => type === family);
    if (had && declared.includes(family) && !wanted.leaves.some(({ type }) => type === family))
      found.push('family');
  }
  const { capacityRemovedPercent, capacityWindowS } = round.fleet.policy;
  const back = cameBack(before, wanted, memory.plannedBy.get(name) ?? round.fleet, known, choice);
  const earlier = withoutReturned(name, back, memory).filter(({ at }) => at > now - capacityWindowS * 1_000);
  const permille = lost(before, wanted);
  const sum = earlier.reduce((total, each) => total + each.permille, permille);
  if (permille > 0 && Math.min(1_000, sum) > capacityRemovedPercent * 10) found.push('capacity');
  const began = known.earlier?.endpoints.find((each) => each.name === name);
  for (const path of branchesOf([route, planned]))
    if (lostInBranch(path, [before, began ?? before], wanted) > capacityRemovedPercent * 10)
      found.push(`capacity of ${path}`);
  return found;
}

/**
 * Thousandths of an endpoint's capacity, or of one family's, that one answer has and the other has not. A target that left
 * one of two branches is half gone.
 */
function lost(before: DesiredEndpoint, then: DesiredEndpoint): number {
  const [old, now] = [answeringIn(before), answeringIn(then, '', before)];
  const [had, has] = [records(old), records(now)];
  return permille(old, (key) => Math.max(0, 1 - (has.get(key) ?? 0) / (had.get(key) ?? 0)));
}

/** What a branch loses that goes on answering, by a change, of what it has and had. One target alone may always go. */
function lostInBranch(
  path: string,
  [before, earlier]: readonly [DesiredEndpoint, DesiredEndpoint],
  then: DesiredEndpoint,
): number {
  if (lost(answeringIn(before, path), answeringIn(then, path, before)) === 0) return 0;
  const losses = [before, earlier].map((each) => {
    const [had, left] = [answeringIn(each, path), answeringIn(then, path, each)];
    if (left.leaves.length === 0) return 0;
    const gone = idsOf(had).filter((id) => !idsOf(left).includes(id));
    const back = had.leaves.filter(({ target }) => target === gone[0]);
    const isOne = gone.length === 1 && lost(had, { ...left, leaves: [...left.leaves, ...back] }) === 0;
    return isOne ? 0 : lost(had, left);
  });
  return Math.max(...losses);
}

/** Capacity of all records of a target in a family. */
function records({ leaves }: DesiredEndpoint): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const leaf of leaves) sums.set(keyOf(leaf), (sums.get(keyOf(leaf)) ?? 0) + leaf.capacity);
  return sums;
}

const keyOf = ({ type, target }: Pick<Leaf, 'type' | 'target'>): string => `${type} ${target}`;

/** The largest share of a family, or of the whole, where a target counts once by the family that it has most of. */
function permille({ leaves }: DesiredEndpoint, partOf: (key: string) => number): number {
  const share = (all: readonly { readonly capacity: number; readonly part: number }[]): number => {
    const whole = all.reduce((sum, { capacity }) => sum + capacity, 0);
    const gone = all.reduce((sum, { capacity, part }) => sum + capacity * part, 0);
    return whole === 0 ? 0 : Math.ceil((gone / whole) * 1_000 - 1e-6);
  };
  const parts = leaves.map((leaf) => ({ ...leaf, part: partOf(keyOf(leaf)) }));
  const targets = [...new Set(leaves.map(({ target }) => target))].map((id) => {
    const own = parts.filter(({ target }) => target === id);
    return { capacity: own[0]?.capacity ?? 0, part: Math.min(...own.map(({ part }) => part)) };
  });
  return Math.max(
    share(parts.filter(({ type }) => type === 'A')),
    share(parts.filter(({ type }) => type === 'AAAA')),
    share(targets),
  );
}

/** Thousandths of what an endpoint answers then that the fleet before asks for too, and that it does not answer now. */
function cameBack(
  before: DesiredEndpoint,
  then: DesiredEndpoint,
  fleet: CellFleet,
  { desired }: CellKnowledge,
  { keptBack }: Choice,
): number {
  // Where the observer is not believed, what answers although it was seen to fail may come back in another branch.
  const findings = keptBack.find(({ name }) => name === then.name)?.findings ?? [];
  const isDoubted = findings.some(({ code }) => DOUBTS.includes(code));
  const answering = then.leaves.map(
    ({ target, capacity }) => [target, { health: 'unknown', capacity }] as const,
  );
  const down = answering.filter(([id]) => isDoubted && desired.observations[id]?.health === 'unhealthy');
  const observations = { ...desired.observations, ...Object.fromEntries(down) };
  const asked = desiredEndpoints({ ...desired, fleet, observations }).find(({ name }) => name === then.name);
  const now = answeringIn(then);
  const [has, had] = [records(now), records(answeringIn(before, '', then))];
  const may = asked === undefined ? new Map<string, number>() : records(answeringIn(asked, '', then));
  const shareOf = (some: ReadonlyMap<string, number>, key: string): number =>
    Math.min(1, (some.get(key) ?? 0) / (has.get(key) ?? 0));
  return permille(now, (key) => Math.max(0, shareOf(may, key) - shareOf(had, key)));
}

/** What was taken of an endpoint and did not come back: what comes back is what went last. */
function withoutReturned(
  name: DnsName,
  permille: number,
  { removals }: Memory,
): { at: number; permille: number }[] {
  let open = permille;
  const left = (removals.get(name) ?? []).toReversed().map((removal) => {
    const part = Math.min(open, removal.permille);
    open -= part;
    return { ...removal, permille: removal.permille - part };
  });
  return left.toReversed();
}

/** No change does what nobody may do without a person. */
function demandAllowed(
  name: DnsName,
  before: DesiredEndpoint,
  answer: DesiredEndpoint,
  checked: Checked,
  demand: Demand,
): void {
  const found = [...nameObstacles(name, checked), ...losses(name, before, answer, checked)];
  demand(found.length === 0, `${name} was changed against ${found.join()}`);
}

/** What is kept back loses no target that serves and that nobody has ordered away, and takes over no declaration. */
function demandAsBefore(
  before: DesiredEndpoint,
  answer: DesiredEndpoint,
  round: Round,
  demand: Demand,
): void {
  const ids = idsOf(answer);
  const { evacuatedBranches: names } = round;
  const places = before.leaves.filter((leaf) => !isInOrdered(leaf, names));
  const stays = idsOf({ ...before, leaves: places }).filter(
    (id) => !isDown(id, round) && !isOrderedOut(id, round),
  );
  const declared = round.fleet.endpoints.find((each) => each.name === before.name);
  const isDeclaredAnswer = declared !== undefined && answer.ttl === declared.ttl;
  if (answer.ttl !== before.ttl) demand(isDeclaredAnswer, `${before.name} has a TTL that nobody asked for`);
  if (answer.ttl === before.ttl && declared?.ttl !== before.ttl)
    for (const id of stays) {
      demand(ids.includes(id), `${before.name} is kept back and lost ${id}`);
      const isThere = ({ type, node }: Leaf): boolean =>
        answer.leaves.some((leaf) => leaf.target === id && leaf.type === type && leaf.node === node);
      const isWhole = places.filter(({ target }) => target === id).every(isThere);
      demand(isWhole, `${before.name} is kept back and lost ${id} in a branch`);
    }
}

/** Nothing enters an evacuated branch that has left an endpoint. */
function demandOut(
  before: DesiredEndpoint,
  answer: DesiredEndpoint,
  { round }: Checked,
  tally: Tally,
  demand: Demand,
): void {
  for (const name of round.evacuatedBranches) {
    const isIn = (leaf: Leaf): boolean => isInOrdered(leaf, [name]);
    const [was, is] = [before.leaves.some(isIn), answer.leaves.some(isIn)];
    demand(was || !is, `${before.name} answers in ${name} again, which is evacuated`);
    if (was && is) tally.branchesKept += 1;
    if (was && !is) tally.branchesLeft += 1;
  }
}

const isDown = (id: string, { observations }: Round): boolean => observations[id]?.health === 'unhealthy';
function isOrderedOut(id: string, { drained, evacuated, fleet }: Round): boolean {
  const az = fleet.targets.find((target) => target.id === id)?.az;
  return drained.includes(id) || (az !== undefined && evacuated.includes(az));
}

/** A failed target, a drained target, an evacuated zone or branch is gone from every endpoint that can spare it. */
function demandSpared(
  name: DnsName,
  before: DesiredEndpoint,
  answer: DesiredEndpoint,
  checked: Checked,
  demand: Demand,
): void {
  const { round, known } = checked;
  if (nameObstacles(name, checked).length > 0) return;
  if (round.facts !== null && round.facts.recordLimit < 200) return;
  const ids = idsOf(before);
  const isAnySeen = ids.some((id) => !isDown(id, round));
  const zones = round.evacuated.map((az) =>
    round.fleet.targets.filter((target) => target.az === az).map(({ id }) => id),
  );
  const drained = round.drained.map((id) => [id]);
  const isDoubtful = round.fleet.policy.blindPercent < 100;
  const failed = isDoubtful || !isAnySeen ? [] : ids.filter((id) => isDown(id, round)).map((id) => [id]);
  const branches = round.evacuatedBranches.map((what) => {
    const isIn = (leaf: Leaf): boolean => isInOrdered(leaf, [what]);
    return { what, isIn, orders: [what], stays: before.leaves.some(isIn) && answer.leaves.some(isIn) };
  });
  const targets = [...zones, ...drained, ...failed].map((group) => {
    const isIn = ({ target }: Leaf): boolean => group.includes(target);
    const stays = idsOf(answer).some((id) => group.includes(id) && ids.includes(id));
    return { what: group.join(), isIn, orders: [], stays };
  });
  for (const { what, isIn, orders, stays } of [...branches, ...targets]) {
    if (!stays) continue;
    const without = { ...answer, leaves: answer.leaves.filter((leaf) => !isIn(leaf)) };
    if (emptiesBranch(answer, without, orders)) continue;
    const keeps = losses(name, before, without, checked);
    demand(keeps.length > 0, `${name} can spare ${what} (${known.head.state.highest})`);
  }
}

/** The plan fits into the zone, with what is planned and not applied. */
function demandRecords(
  checked: Checked,
  standing: ReadonlyMap<DnsName, DesiredEndpoint>,
  demand: Demand,
): void {
  const { known, choice, round } = checked;
  if (round.facts === null) return;
  const needs = choice.endpoints
    .filter((endpoint) => textOf(endpoint) !== textOf(standing.get(endpoint.name)))
    .filter((endpoint) => !standsAlready(endpoint, known))
    .reduce((sum, { name, leaves }) => {
      const before = new Set(standing.get(name)?.leaves.map(({ type }) => type));
      const added = new Set(leaves.map(({ type }) => type).filter((type) => !before.has(type)));
      return sum + newLeaves(name, leaves, checked) + 2 * added.size;
    }, 0);
  demand(
    needs === 0 || round.facts.records + needs <= round.facts.recordLimit,
    `${known.scope.zone} has no room for ${needs} records`,
  );
}

/** Leaves in sets that no plan has. What the aliases of a route take is not counted. */
function newLeaves(name: DnsName, leaves: readonly Leaf[], { known }: Checked): number {
  const setsOf = (of: readonly Leaf[]): ReadonlyMap<string, string> => {
    const sets = new Map<string, string>();
    for (const leaf of of) sets.set(leaf.node ?? '', `${sets.get(leaf.node ?? '') ?? ''} ${leafText(leaf)}`);
    return sets;
  };
  const plans = [known.desired.base, known.applied].flatMap(
    (plan) => plan?.endpoints.filter((each) => each.name === name) ?? [],
  );
  const there = new Set(plans.flatMap((each) => [...setsOf(each.leaves).values()]));
  const sets = setsOf(leaves);
  return leaves.filter(({ node = '' }) => node === '' || !there.has(sets.get(node) ?? '')).length;
}

/** The goal, or what is applied, has this very answer: its tree serves again. */
function standsAlready(endpoint: DesiredEndpoint, { desired, applied }: CellKnowledge): boolean {
  const plans = [desired.base, applied].map((plan) =>
    plan?.endpoints.find(({ name }) => name === endpoint.name),
  );
  return plans.some((before) => before !== undefined && textOf(before) === textOf(endpoint));
}
