import { fleetBody } from '../../lib/cell/cell-bodies.ts';
import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import { judgedBy } from '../../lib/cell/cell-knowledge.ts';
import { choose, propose } from '../../lib/cell/proposal.ts';
import { decide } from '../../lib/ledger/decider/decide.ts';
import { evolve } from '../../lib/ledger/decider/evolve.ts';
import { waitingLoosening } from '../../lib/ledger/decider/loosening.ts';
import { withCapacitiesOf } from '../../lib/operator/known-capacities.ts';
import { declareFleet } from '../../lib/operator/push-fleet.ts';
import type { Choice } from '../../lib/plan/choose-answers.ts';
import type { CellFleet, CellPolicy, Observation, Observations } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { LeafType } from '../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { endpoint, fleetOf, target } from '../plan/given-fleet.ts';
import { afterKeepingBack, afterPlan, knownCell, NOW } from './known-cell.ts';

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;
export const API = dnsName('api.example.test');
export const PAIR = dnsName('pair.example.test');

/** A planner that plans whenever it is told what is seen. */
export interface Played {
  known: CellKnowledge;
  choice: Choice | undefined;
}

/** One run of the planner, which sees this. */
export function see(played: Played, observations: Observations, now: number): void {
  const { desired } = played.known;
  const known = { ...played.known, desired: { ...desired, observations } };
  const choice = choose(known, { claimed: new Map(), now });
  const isPlan = texts(choice.endpoints) !== texts(known.desired.base?.endpoints ?? []);
  played.choice = choice;
  played.known = isPlan
    ? afterPlan(known, propose(known, { choice, origin: 'planner' }), now)
    : afterKeepingBack(known, choice.keptBack, now);
}

const texts = (endpoints: readonly DesiredEndpoint[]): string =>
  JSON.stringify(
    endpoints.map(({ name, ttl, leaves }) => [
      name,
      ttl,
      leaves.map(({ target: id, weight }) => `${id} ${weight}`),
    ]),
  );

/** The share of an endpoint's declared capacity that its plan still answers with, percent: of one family, or of the whole. */
export function servingPercent({ fleet, desired }: CellKnowledge, name: string, type?: LeafType): number {
  const declared = fleet.endpoints.find((each) => each.name === name)?.targets ?? [];
  const members = fleet.targets.filter(
    ({ id, ipv6 }) => declared.includes(id) && (type !== 'AAAA' || ipv6.length > 0),
  );
  const leaves = desired.base?.endpoints.find((each) => each.name === name)?.leaves ?? [];
  const serving = new Map(
    leaves
      .filter((leaf) => type === undefined || leaf.type === type)
      .map((leaf) => [leaf.target, leaf.capacity]),
  );
  const whole = members.reduce((sum, { capacity }) => sum + capacity, 0);
  const now = members.reduce((sum, { id, capacity }) => sum + Math.min(capacity, serving.get(id) ?? 0), 0);
  return (100 * now) / whole;
}

export const COUNT = 40;
export const IDS = Array.from({ length: COUNT }, (_, index) => `t${index}`);

/** `api` over forty targets, and `pair` over two, under the default policy. */
export function bigFleet(): CellFleet {
  const pair = ['p1', 'p2'];
  return fleetOf(
    [...IDS, ...pair].map((id, index) => target(id, { ipv4: [`192.0.2.${index}`] })),
    [endpoint(API, IDS), endpoint(PAIR, pair)],
  );
}

export const DEAD: Observation = { health: 'unhealthy', capacity: 100 };

/** The first targets of the big endpoint, each seen so. */
export const first = (count: number, what: Observation): Observations =>
  Object.fromEntries(IDS.slice(0, count).map((id) => [id, what]));

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** The cell `before`, in which a fleet is declared now; what is then kept back. */
function pushed(before: CellFleet, fleet: CellFleet): Choice {
  return choose(knownCell({ before, fleet }), { claimed: new Map(), now: NOW });
}

/** Four targets of an endpoint under these ids, in two zones, at addresses of this network. */
function four(ids: readonly string[], net: string, policy: Partial<CellPolicy> = {}): CellFleet {
  const targets = ids.map((id, index) =>
    target(id, { az: index < 3 ? 'az1' : 'az2', ipv4: [`${net}.${index + 1}`] }),
  );
  return fleetOf(targets, [endpoint(API, ids)], policy);
}

const LETTERS = ['a', 'b', 'c', 'd'];

/**
 * What must hold of the guards, each by itself and without a person. A seeded bug in one of them must break the check that
 * is named for it (test/mutants/guard-mutants.test.ts).
 */
export const GUARD_CHECKS = {
  'what clients get is counted': () => {
    const before = four(LETTERS, '192.0.2');
    const replaced = pushed(before, four(LETTERS, '203.0.113'));
    demand(replaced.keptBack.length === 1, 'all addresses are replaced, and nothing is kept back');
    const renamed = pushed(before, four(['w', 'x', 'y', 'z'], '192.0.2'));
    demand(renamed.keptBack.length === 0, 'ids are renamed, and something is kept back');
  },
  'what came back is not gone': () => {
    const known = knownCell({ before: four(LETTERS, '192.0.2', { capacityRemovedPercent: 75 }) });
    const played: Played = { known, choice: undefined };
    for (const evacuated of [['az1'], [], ['az1'], [], ['az1']]) {
      played.known = { ...played.known, desired: { ...played.known.desired, evacuated } };
      see(played, {}, NOW);
      demand(played.choice?.keptBack.length === 0, 'an evacuation is kept back that was taken back before');
    }
    const more = { d: DEAD };
    see(played, more, NOW);
    demand(played.choice?.keptBack.length === 1, 'the last target goes although the zone has not come back');
  },
  'what comes back pays for no other loss': () => {
    const played: Played = { known: knownCell({ before: four(LETTERS, '192.0.2') }), choice: undefined };
    const orders = [['a'], ['b', 'c']];
    for (const [index, drained] of orders.entries()) {
      played.known = { ...played.known, desired: { ...played.known.desired, drained } };
      see(played, {}, NOW + index * 60 * MINUTE_MS);
    }
    demand(played.choice?.keptBack.length === 1, 'two of three targets leave because a third comes back');
  },
  'what left earlier counts for the cell': () => {
    const alone = fleetOf(
      [...IDS].map((id, index) => target(id, { ipv4: [`192.0.2.${index}`] })),
      Array.from({ length: COUNT / 2 }, (_, index) =>
        endpoint(`e${index}.example.test`, [`t${index}`, `t${index + COUNT / 2}`]),
      ),
      { capacityRemovedPercent: 100 },
    );
    const played: Played = { known: knownCell({ before: alone }), choice: undefined };
    for (let count = 1; count <= COUNT / 2; count += 1) see(played, first(count, DEAD), NOW);
    demand(played.choice?.keptBack.length === 0, 'one target of each pair does not leave');
    const state = { ...played.known.head.state, keptBack: [] };
    played.known = { ...played.known, head: { ...played.known.head, state } };
    see(played, first(COUNT / 2 + 1, DEAD), NOW);
    const codes = played.choice?.keptBack.flatMap(({ findings }) => findings.map(({ code }) => code)) ?? [];
    demand(codes.includes('targets-observed-out'), 'more than half of the cell is out, and nobody doubts it');
  },
  'what left earlier counts for an endpoint': () => {
    const fleet = bigFleet();
    const others = Array.from({ length: 3 * COUNT }, (_, index) => `o${index}`);
    const large = {
      ...fleet,
      targets: [...fleet.targets, ...others.map((id) => target(id, { ipv4: ['198.51.100.1'] }))],
      endpoints: [...fleet.endpoints, endpoint('other.example.test', others)],
    };
    const played: Played = { known: knownCell({ before: large }), choice: undefined };
    for (let count = 1; count <= COUNT; count += 1) {
      see(played, first(count, DEAD), NOW + count * 11 * MINUTE_MS);
      demand(
        servingPercent(played.known, API) >= 50,
        `${count} targets leave one by one, and nothing stops them`,
      );
    }
    demand(servingPercent(played.known, API) === 50, 'fewer targets leave than can be spared');
  },
  'a lowered floor waits': () => {
    const floored = (ids: readonly string[], floor: number): CellFleet => {
      const fleet = four(ids, '192.0.2', { capacityRemovedPercent: 100 });
      return { ...fleet, endpoints: fleet.endpoints.map((each) => ({ ...each, floor })) };
    };
    const known = knownCell({ before: floored(LETTERS, 3) });
    const next = floored(LETTERS.slice(0, 1), 1);
    const replaced = { before: known.fleet, state: known.head.state };
    const decision = decide(declareFleet(next, fleetBody(next), replaced), known.head.state);
    if (decision.type !== 'append') throw new Error('the fleet is not declared');
    const state = evolve(known.head.state, decision.event, { at: NOW, by: 'ana' });
    demand(waitingLoosening(state) !== null, 'a floor is lowered, and nobody is asked');
    const fleet = judgedBy(next, state);
    const after = { ...known, head: { ...known.head, state }, fleet, desired: { ...known.desired, fleet } };
    const { keptBack } = choose(after, { claimed: new Map(), now: NOW });
    demand(keptBack.length === 1, 'three of four targets go by the floor that their push declares');
  },
  'a proposed plan has the capacities of the log': () => {
    const known = knownCell({ before: four(LETTERS, '192.0.2') });
    const written = (known.desired.base?.endpoints ?? []).map((each) => ({
      ...each,
      leaves: each.leaves.map((leaf) => ({ ...leaf, capacity: leaf.weight })),
    }));
    const capacities = withCapacitiesOf(known, written).flatMap(({ leaves }) =>
      leaves.map(({ capacity }) => capacity),
    );
    demand(capacities.join() === '100,100,100,100', 'the weights of a file count as capacities');
  },
} as const satisfies Readonly<Record<string, () => void>>;
