import type { HealthReading } from '../plan/health-readings.ts';
import { canFail, healthReadings } from '../plan/health-readings.ts';
import type { DnsName } from '../plan/names.ts';
import type { EndpointDraft, Surroundings } from './described-zone.ts';

type Around = Pick<Surroundings, 'zone' | 'view'>;

/**
 * Names that cannot be endpoints, and why: an alias elsewhere goes by their health, which the alias at an endpoint's own
 * name does not report. A name that is left may itself have such aliases, so that this goes on until there are no more.
 *
 * @param drafts those that would be endpoints.
 */
export function evaluatedNames(
  drafts: readonly EndpointDraft[],
  around: Around,
): ReadonlyMap<DnsName, string> {
  const left = new Map<DnsName, string>();
  const read = { zoneId: around.zone.id, view: around.view };
  for (;;) {
    const taken = new Map(
      drafts.filter(({ name }) => !left.has(name)).map((draft) => [draft.name, draft] as const),
    );
    // What aliases go by that stay aliases: those of targets, and those of names that are left.
    const ofEndpoints = [...taken.values()].flatMap((draft) => ofTargets(draft, around));
    const found = healthReadings(taken, read, ofEndpoints).filter(
      ({ of, type }) => taken.has(of) && canFail(of, type, read),
    );
    if (found.length === 0) return left;
    for (const { of, by } of found)
      left.set(of, `${by} is an alias to it that evaluates its health, which an endpoint does not report`);
  }
}

/** One target has no other beside it that its health could count against. */
function ofTargets({ name, targets, families, route }: EndpointDraft, { zone }: Around): HealthReading[] {
  if (targets.length < 2 && route === undefined) return [];
  return targets.flatMap(({ alias }) =>
    alias?.zoneId === zone.id && alias.evaluateTargetHealth
      ? families.map((type) => ({ of: alias.name, type, by: name }))
      : [],
  );
}
