import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answer } from '../../lib/emulator/dns/answer.ts';
import type { AnswerSource } from '../../lib/emulator/dns/answer-source.ts';
import { clientIn } from '../../lib/emulator/dns/client.ts';
import { zoneView } from '../../lib/emulator/dns/served-records.ts';
import { BUILT_IN_PLACES } from '../../lib/emulator/places/built-in-places.ts';
import { clientAt } from '../../lib/emulator/places/client-at.ts';
import { ipBlock } from '../../lib/emulator/places/ip-block.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { rootRecords } from '../../lib/plan/plan.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, fleetOf, planOf } from './given-fleet.ts';
import { anyRoute, routed, targets } from './given-routes.ts';

// What a person reads in a route, held against what Route 53 answers from the tree that Pawl makes of it, while targets
// fail and nothing of Pawl's is alive. The meaning shares no code with the tree or with the emulator.

const IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);
/** From each Region, which of the three that routes use is nearest, then next. */
const NEAREST: Readonly<Record<string, readonly string[]>> = {
  'eu-west-1': ['eu-west-1', 'us-east-1', 'ap-south-1'],
  'us-east-1': ['us-east-1', 'eu-west-1', 'ap-south-1'],
  'ap-south-1': ['ap-south-1', 'eu-west-1', 'us-east-1'],
};
const FRACTIONS = Array.from({ length: 24 }, (_, index) => (index + 0.5) / 24);

/** The targets that may answer a client in a Region. */
function mayAnswer(route: FleetRoute, from: string, isUp: (id: string) => boolean): readonly string[] {
  if (route.type === 'targets') {
    const up = route.targets.filter(isUp);
    return up.length === 0 ? route.targets : up;
  }
  const live = route.branches.filter(({ routing }) => !('weight' in routing) || routing.weight > 0);
  const healthy = live.filter((branch) => hasHealthy(branch.route, isUp));
  const among = healthy.length === 0 ? live : healthy;
  if (route.policy === 'weighted') return among.flatMap((branch) => mayAnswer(branch.route, from, isUp));
  const order = route.policy === 'failover' ? ['primary', 'secondary'] : (NEAREST[from] ?? []);
  const best = order
    .map((id) => among.find((branch) => branch.id === id))
    .find((branch) => branch !== undefined);
  return best === undefined ? [] : mayAnswer(best.route, from, isUp);
}

function hasHealthy(route: FleetRoute, isUp: (id: string) => boolean): boolean {
  if (route.type === 'targets') return route.targets.some(isUp);
  return route.branches
    .filter(({ routing }) => !('weight' in routing) || routing.weight > 0)
    .some((branch) => hasHealthy(branch.route, isUp));
}

it('a client anywhere gets what its route says, whichever targets fail while nothing of Pawl is alive', () => {
  const name = routed({ type: 'targets', targets: IDS, answer: 'weighted' }).name;
  let answered = 0;
  fc.assert(
    fc.property(anyRoute, fc.subarray(IDS), (route, down) => {
      const members = targets(IDS).map((each) => ({ ...each, healthCheckId: `check-${each.id}` }));
      const [endpoint] = planOf(desiredOf(fleetOf(members, [routed(route)]))).endpoints;
      if (endpoint === undefined || endpoint.leaves.length === 0) return;
      const records = [...treeRecords(endpoint, SCOPE), ...rootRecords(endpoint, SCOPE)];
      const served = zoneView(SCOPE.zoneId, SCOPE.zone, records);
      const source: AnswerSource = {
        zoneFor: () => served,
        zoneById: () => served,
        isElsewhere: () => true,
        healthOf: (id) => !down.includes(id.slice('check-'.length)),
        places: BUILT_IN_PLACES,
        cidrBlocks: () => [],
      };
      const idOf = new Map(members.map(({ id, ipv4 }) => [ipv4[0], id]));
      for (const from of Object.keys(NEAREST)) {
        const client = clientIn(BUILT_IN_PLACES, ipBlock(clientAt(BUILT_IN_PLACES, from) ?? ''));
        const may = new Set(mayAnswer(route, from, (id) => !down.includes(id)));
        for (const fraction of FRACTIONS) {
          const got = answer(source, { name, type: 'A' }, fraction, client).answers.map(({ value }) =>
            idOf.get(value),
          );
          expect(got.length).toBeGreaterThan(0);
          expect(may).toEqual(new Set([...may, ...got]));
          answered += got.length;
        }
      }
    }),
    { numRuns: 200 },
  );
  expect(answered).toBeGreaterThan(200);
});
