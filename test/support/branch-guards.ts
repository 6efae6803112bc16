import { choose } from '../../lib/cell/proposal.ts';
import type { Choice } from '../../lib/plan/choose-answers.ts';
import type { CellFleet, CellPolicy, FleetRoute, Observations } from '../../lib/plan/fleet-model.ts';
import type { Leaf } from '../../lib/plan/plan.ts';
import { withLeaves } from '../../lib/plan/tree-nodes.ts';
import { endpoint, fleetOf } from '../plan/given-fleet.ts';
import { branches, failover, latency, routed, targets, to } from '../plan/given-routes.ts';
import { knownCell, NOW } from './known-cell.ts';
import type { Played } from './observed-loss.ts';
import { DEAD, MINUTE_MS, see } from './observed-loss.ts';

const EUROPE = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const AMERICA = Array.from({ length: 30 }, (_, index) => `u${index}`);
/** What is out of Europe is less than a third of the endpoint, and of the cell. */
const WIDE = latency({ 'eu-west-1': to(...EUROPE), 'us-east-1': to(...AMERICA) });

/** `api` over these branches, under the default policy. */
export function wideFleet(route: FleetRoute = WIDE, policy: Partial<CellPolicy> = {}): CellFleet {
  return fleetOf(targets([...EUROPE, ...AMERICA]), [routed(route)], policy);
}

/** The first targets of Europe, which are seen not to serve. */
export const lost = (count: number): Observations =>
  Object.fromEntries(EUROPE.slice(0, count).map((id) => [id, DEAD]));

/** The leaves that the plan has at a path. */
function leavesIn({ known }: Played, path: string): readonly Leaf[] {
  const leaves = known.desired.base?.endpoints[0]?.leaves ?? [];
  return leaves.filter(({ node }) => node === path);
}

const europeans = (played: Played): number => leavesIn(played, 'eu-west-1').length;
const americans = (played: Played): number => leavesIn(played, 'us-east-1').length;

/** The codes of what keeps the endpoint back. */
function codesIn({ choice }: Played): readonly string[] {
  return choice?.keptBack.flatMap(({ findings }) => findings.map(({ code }) => code)) ?? [];
}

/** A cell of which the log remembers only the plan that it answers by when a window begins. */
export function playedCell(fleet = wideFleet()): Played {
  return { known: knownCell({ before: fleet }), choice: undefined };
}

/** A run in a window that began after all plans before it. */
export function seeLater(played: Played, observations: Observations, now: number): void {
  played.known = { ...played.known, earlier: played.known.desired.base };
  see(played, observations, now);
}

/** What is kept back when a cell is pushed another fleet. */
export function pushed(before: CellFleet, fleet: CellFleet): Choice {
  return choose(knownCell({ before, fleet }), { claimed: new Map(), now: NOW });
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must hold of the guards of branches, each by itself, as in GUARD_CHECKS. */
export const BRANCH_GUARD_CHECKS = {
  'a branch has a window of its own': () => {
    const played = playedCell();
    see(played, lost(3), NOW);
    demand(europeans(played) === 4, 'half of a branch goes at once');
    see(played, lost(4), NOW + MINUTE_MS);
    demand(europeans(played) === 4, 'a branch loses half within one window, in two plans');
    demand(codesIn(played).includes('branch-capacity-removed'), 'nobody says why the rest of it stays');
  },
  'the window of a branch passes': () => {
    const played = playedCell();
    see(played, lost(2), NOW);
    seeLater(played, lost(3), NOW + 11 * MINUTE_MS);
    demand(europeans(played) === 3, 'what left before the window keeps a failed target');
  },
  'a branch of which nothing is left is left out': () => {
    const played = playedCell();
    see(played, lost(6), NOW);
    demand(europeans(played) === 0, 'a dead branch goes on answering');
    demand(codesIn(played).length === 0, 'a dead branch that the endpoint can spare waits for a person');
  },
  'one target of a branch may always go': () => {
    const played = playedCell(
      wideFleet(latency({ 'eu-west-1': to('e0', 'e1'), 'us-east-1': to(...AMERICA) })),
    );
    see(played, lost(1), NOW);
    demand(europeans(played) === 1, 'a branch of two keeps its dead target');
  },
  'a branch loses no more than is believed, however slowly': () => {
    const played = playedCell();
    for (let count = 1; count <= 5; count += 1) seeLater(played, lost(count), NOW + count * 11 * MINUTE_MS);
    demand(europeans(played) === 3, 'more than half of a branch is out by observation');
    demand(codesIn(played).includes('branch-observed-out'), 'nobody says why the rest of it stays');
    seeLater(played, lost(6), NOW + 77 * MINUTE_MS);
    demand(europeans(played) === 0, 'a branch that is dead in the end goes on answering');
  },
  'a branch comes back when enough of it serves': () => {
    const played = playedCell();
    see(played, lost(6), NOW);
    seeLater(played, lost(5), NOW + 11 * MINUTE_MS);
    demand(europeans(played) === 0, 'all clients of a branch get the first target that serves again');
    demand(codesIn(played).includes('branch-stays-out'), 'nobody says why a target that serves has no place');
    seeLater(played, lost(3), NOW + 22 * MINUTE_MS);
    demand(
      europeans(played) === 3 && codesIn(played).length === 0,
      'half of a branch serves, and it stays out',
    );
  },
  'a branch that stays out keeps no dead target elsewhere': () => {
    const played = playedCell();
    see(played, lost(6), NOW);
    seeLater(played, { ...lost(5), u0: DEAD }, NOW + 11 * MINUTE_MS);
    demand(americans(played) === 29 && europeans(played) === 0, 'a dead target stays because a branch does');
  },
  'a branch comes back at once where the endpoint needs it': () => {
    const two = latency({ 'eu-west-1': to(...EUROPE), 'us-east-1': to('u0', 'u1', 'u2', 'u3', 'u4') });
    const fleet = wideFleet(two, { capacityRemovedPercent: 60, blindPercent: 60 });
    const other = endpoint('other.example.test', AMERICA.slice(5));
    const played = playedCell({ ...fleet, endpoints: [...fleet.endpoints, other] });
    see(played, lost(6), NOW);
    demand(europeans(played) === 0, 'a dead branch goes on answering');
    seeLater(played, { ...lost(5), u0: DEAD, u1: DEAD }, NOW + 11 * MINUTE_MS);
    demand(europeans(played) === 1, 'a target stays out although fewer than half serve without it');
    demand(americans(played) === 4, 'what comes back keeps dead targets elsewhere');
  },
  'a dead default goes on answering': () => {
    const places = branches('geolocation', {
      default: [{ GeoLocation: { CountryCode: '*' } }, to(...EUROPE)],
      eu: [{ GeoLocation: { ContinentCode: 'EU' } }, to(...AMERICA)],
    });
    const played = playedCell(wideFleet(places, { capacityRemovedPercent: 100, blindPercent: 100 }));
    see(played, lost(6), NOW);
    demand(leavesIn(played, 'default').length > 0, 'clients elsewhere get no answer');
    demand(
      codesIn(played).includes('no-answer-in-place'),
      'nobody says why a dead default goes on answering',
    );
  },
  'a default is not without one of its families': () => {
    const places = branches('geolocation', {
      default: [{ GeoLocation: { CountryCode: '*' } }, to('e0', 'e1')],
      eu: [{ GeoLocation: { ContinentCode: 'EU' } }, to(...AMERICA)],
    });
    const fleet = wideFleet(places);
    const dual = fleet.targets.map((each, index) =>
      each.id === 'e1' ? each : { ...each, ipv6: [`2001:db8::${index}`] },
    );
    const endpoints = fleet.endpoints.map((each) => ({ ...each, families: ['A', 'AAAA'] as const }));
    const played = playedCell({ ...fleet, targets: dual, endpoints });
    see(played, lost(1), NOW);
    const types = leavesIn(played, 'default').map(({ type }) => type);
    demand(types.includes('AAAA'), 'clients elsewhere get no AAAA answer, and others do');
  },
  'a default that stays out comes back at once': () => {
    const networks = { CollectionId: '01234567-89ab-cdef-0123-456789abcdef' };
    const places = branches('cidr', {
      default: [{ CidrRoutingConfig: { ...networks, LocationName: '*' } }, to(...EUROPE)],
      office: [{ CidrRoutingConfig: { ...networks, LocationName: 'office' } }, to(...AMERICA)],
    });
    const played = playedCell(wideFleet(places, { capacityRemovedPercent: 100 }));
    const [before] = played.known.desired.base?.endpoints ?? [];
    if (before === undefined || played.known.desired.base === undefined)
      throw new Error('nothing is planned');
    const without = withLeaves(before, ({ node }) => node !== 'default');
    const base = {
      ...played.known.desired.base,
      endpoints: [{ ...before, ...without, nodes: before.nodes ?? [] }],
    };
    played.known = { ...played.known, desired: { ...played.known.desired, base } };
    see(played, lost(5), NOW);
    demand(
      leavesIn(played, 'default').length === 1,
      'clients of other networks get nothing until half is back',
    );
  },
  'what stands by takes over where the endpoint can spare the rest': () => {
    const played = playedCell(
      wideFleet(
        latency({ 'eu-west-1': failover(to('e0', 'e1', 'e2'), to('e5')), 'us-east-1': to(...AMERICA) }),
      ),
    );
    see(played, lost(3), NOW);
    demand(
      leavesIn(played, 'primary.eu-west-1').length === 0,
      'a dead primary keeps the clients of what stands by',
    );
    demand(leavesIn(played, 'secondary.eu-west-1').length === 1, 'nothing stands by any more');
  },
  'what stands by is no capacity': () => {
    const fleet = wideFleet(failover(to('e0', 'e1'), to('e5')));
    const large = fleet.targets.map((each) => (each.id === 'e5' ? { ...each, capacity: 400 } : each));
    const other = endpoint('other.example.test', AMERICA);
    const played = playedCell({ ...fleet, targets: large, endpoints: [...fleet.endpoints, other] });
    see(played, lost(2), NOW);
    demand(leavesIn(played, 'primary').length > 0, 'all clients go to what stands by, by observation alone');
  },
  'a primary comes back although much stood by for it': () => {
    const played = playedCell(
      wideFleet(failover(to('e0', 'e1', 'e2', 'e3', 'e4'), to(...AMERICA)), {
        blindPercent: 100,
        capacityRemovedPercent: 100,
      }),
    );
    see(played, lost(5), NOW);
    demand(leavesIn(played, 'primary').length === 0, 'a dead primary stays');
    played.known = {
      ...played.known,
      fleet: { ...played.known.fleet, policy: { ...played.known.fleet.policy, capacityRemovedPercent: 20 } },
    };
    seeLater(played, {}, NOW + 11 * MINUTE_MS);
    demand(leavesIn(played, 'primary').length === 5, 'what stood by counts as lost when it stands by again');
  },
  'a dead branch goes although others must stay': () => {
    const two = latency({ 'eu-west-1': to(...EUROPE), 'us-east-1': to(...AMERICA.slice(0, 8)) });
    const played = playedCell(wideFleet(two, { capacityRemovedPercent: 45, blindPercent: 70 }));
    const dying = Object.fromEntries(AMERICA.slice(0, 3).map((id) => [id, DEAD]));
    see(played, { ...lost(6), ...dying }, NOW);
    demand(europeans(played) === 0, 'a dead branch stays because another one is failing too');
    demand(codesIn(played).length > 0, 'more goes than the endpoint can spare');
  },
  'a push does not lower the floor that judges it': () => {
    const withFloor = (floor: number, ...ids: readonly string[]): FleetRoute =>
      latency({
        'eu-west-1': { type: 'targets', targets: ids, answer: 'weighted', floor },
        'us-east-1': to(...AMERICA),
      });
    const careless = { capacityRemovedPercent: 100, endpointsChangedPercent: 100 };
    const before = wideFleet(withFloor(5, ...EUROPE), careless);
    const { keptBack } = pushed(before, wideFleet(withFloor(1, ...EUROPE.slice(0, 3)), careless));
    const codes = keptBack.flatMap(({ findings }) => findings.map(({ code }) => code));
    demand(
      codes.includes('branch-under-floor'),
      'a branch loses half below a floor that the push has lowered',
    );
  },
} as const satisfies Readonly<Record<string, () => void>>;
