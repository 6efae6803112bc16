import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import { hasBranch, withoutPlace } from '../plan/evacuated-branches.ts';
import type { FleetTarget, Observation } from '../plan/fleet-model.ts';
import type { Generation } from '../plan/generation.ts';
import type { DnsName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';

/** Something that a person ordered or recorded, and that a declaration would leave without effect. */
export type Undone =
  /** A drained target leaves the file. `servesAs`: the target that has its place and is not drained; null: none has. */
  | { readonly type: 'drain'; readonly target: string; readonly servesAs: string | null }
  /** An evacuated zone. `serving`: targets that were in it and would serve again; empty: the file has none in it any more. */
  | { readonly type: 'evacuation'; readonly az: string; readonly serving: readonly string[] }
  /**
   * An evacuated branch. `serving`: targets that were in it alone and would serve again; empty: no route has it any more.
   */
  | { readonly type: 'branch-evacuation'; readonly branch: string; readonly serving: readonly string[] }
  /** What was recorded of a target gives way to the file's values; null: to what its source sees. */
  | {
      readonly type: 'observation';
      readonly target: string;
      readonly observed: Observation;
      readonly declared: Observation | null;
    }
  /** Something else waits for an endpoint than what was declined. */
  | { readonly type: 'rejection'; readonly name: DnsName; readonly by: string }
  /** A plan that waits for an approval as a whole: the next one takes its place. */
  | { readonly type: 'held-plan'; readonly generation: Generation };

export interface UndoneInput {
  readonly now: CellKnowledge;
  /** As it would be known once the fleet is declared. */
  readonly pushed: CellKnowledge;
  /** What would be kept back then. */
  readonly keptBack: readonly WaitingEndpoint[];
  /** The planner would append a plan then. */
  readonly plans: boolean;
}

/** What a push would undo of what people ordered and recorded. Pure. */
export function undoneByPush(input: UndoneInput): readonly Undone[] {
  return [
    ...drainsUndone(input),
    ...evacuationsUndone(input),
    ...branchEvacuationsUndone(input),
    ...observationsUndone(input),
    ...rejectionsUndone(input),
    ...heldPlanUndone(input),
  ];
}

function drainsUndone({ now, pushed }: UndoneInput): readonly Undone[] {
  const { drained } = now.head.state;
  if (drained.length === 0) return [];
  const before = byId(now.fleet.targets);
  const after = byId(pushed.fleet.targets);
  const serving = new Map(
    pushed.fleet.targets
      .filter((target) => !isOrderedOut(target, now))
      .flatMap((target) => placesOf(target).map((place) => [place, target.id] as const)),
  );
  return drained.flatMap((id): readonly Undone[] => {
    const target = before.get(id);
    if (target === undefined || after.has(id)) return [];
    const [servesAs = null] = placesOf(target).flatMap((place) => serving.get(place) ?? []);
    return [{ type: 'drain', target: id, servesAs }];
  });
}

function evacuationsUndone({ now, pushed }: UndoneInput): readonly Undone[] {
  return now.head.state.evacuated.flatMap((az): readonly Undone[] => {
    const members = now.fleet.targets.filter((target) => target.az === az);
    if (members.length === 0) return [];
    const ids = new Set(members.map(({ id }) => id));
    const places = new Set(members.flatMap(placesOf));
    const serving = pushed.fleet.targets.filter(
      (target) =>
        !isOrderedOut(target, now) &&
        (ids.has(target.id) || placesOf(target).some((place) => places.has(place))),
    );
    const isNamed = pushed.fleet.targets.some((target) => target.az === az);
    return serving.length === 0 && isNamed
      ? []
      : [{ type: 'evacuation', az, serving: serving.map(({ id }) => id) }];
  });
}

function branchEvacuationsUndone({ now, pushed }: UndoneInput): readonly Undone[] {
  const { evacuatedBranches } = now.head.state;
  return evacuatedBranches.flatMap((branch): readonly Undone[] => {
    if (!hasBranch(now.fleet, branch)) return [];
    const after = new Map(pushed.fleet.endpoints.map((endpoint) => [endpoint.name, endpoint]));
    const targets = byId(pushed.fleet.targets);
    const serving = new Set(
      now.fleet.endpoints.flatMap(({ name, route }) => {
        const then = after.get(name);
        if (route === undefined || then === undefined) return [];
        const out = then.route === undefined ? new Set() : withoutPlace(then.route, evacuatedBranches);
        return [...withoutPlace(route, [branch])].filter((id) => {
          const target = targets.get(id);
          return (
            then.targets.includes(id) && !out.has(id) && target !== undefined && !isOrderedOut(target, now)
          );
        });
      }),
    );
    return serving.size === 0 && hasBranch(pushed.fleet, branch)
      ? []
      : [{ type: 'branch-evacuation', branch, serving: [...serving] }];
  });
}

/** Of targets that no source looks at: what the log has of them and the fleet that stands does not say is a person's. */
function observationsUndone({ now, pushed }: UndoneInput): readonly Undone[] {
  const { fleet, observations } = now.head.state;
  if (fleet === null || observations?.fleet !== fleet.digest) return [];
  const after = byId(pushed.fleet.targets);
  return now.fleet.targets.flatMap((before): readonly Undone[] => {
    const observed = ownValue(now.desired.observations, before.id);
    const target = after.get(before.id);
    if (observed === undefined || target === undefined || before.observedBy !== undefined) return [];
    const { health, capacity } = target;
    const declared = target.observedBy === undefined ? { health, capacity } : null;
    const isPersons = !isSame(observed, { health: before.health, capacity: before.capacity });
    return isPersons && (declared === null || !isSame(observed, declared))
      ? [{ type: 'observation', target: before.id, observed, declared }]
      : [];
  });
}

function rejectionsUndone({ now, keptBack }: UndoneInput): readonly Undone[] {
  const digests = new Map(keptBack.map(({ name, digest }) => [name, digest]));
  return now.head.state.keptBack.flatMap(({ name, digest, rejected }): readonly Undone[] =>
    rejected === undefined || digests.get(name) === digest
      ? []
      : [{ type: 'rejection', name, by: rejected.by }],
  );
}

function heldPlanUndone({ now, plans }: UndoneInput): readonly Undone[] {
  const { newest, paused } = now.head.state;
  const isHeld = newest?.disposition === 'held' && newest.origin !== 'planner';
  return isHeld && plans && paused === null ? [{ type: 'held-plan', generation: newest.generation }] : [];
}

function byId(targets: readonly FleetTarget[]): ReadonlyMap<string, FleetTarget> {
  return new Map(targets.map((target) => [target.id, target]));
}

function isOrderedOut({ id, az }: FleetTarget, { head: { state } }: CellKnowledge): boolean {
  return state.drained.includes(id) || state.evacuated.includes(az);
}

/** Where traffic to a target goes: a target of another id with one of these is the same one renamed. */
function placesOf({ ipv4, ipv6, hostname, alias }: FleetTarget): readonly string[] {
  return [...ipv4, ...ipv6, hostname ?? [], alias === undefined ? [] : canonicalJson(alias)].flat();
}

function isSame(a: Observation, b: Observation): boolean {
  return a.health === b.health && a.capacity === b.capacity;
}
