import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import type { EndpointDraft, Surroundings } from './described-zone.ts';

type Around = Pick<Surroundings, 'zone' | 'view'>;

/** A name and type of the zone whose health counts for what another name answers. */
interface Reading {
  readonly of: DnsName;
  readonly type: string;
  readonly by: DnsName;
}

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
  for (;;) {
    const taken = new Map(
      drafts.filter(({ name }) => !left.has(name)).map((draft) => [draft.name, draft] as const),
    );
    const found = readings(taken, around).filter(
      ({ of, type }) => taken.has(of) && canFail(of, type, around),
    );
    if (found.length === 0) return left;
    for (const { of, by } of found)
      left.set(of, `${by} is an alias to it that evaluates its health, which an endpoint does not report`);
  }
}

/** What aliases go by that stay aliases: those of targets, and those of names that are left. */
function readings(taken: ReadonlyMap<DnsName, EndpointDraft>, around: Around): readonly Reading[] {
  const found = [...taken.values()].flatMap((draft) => ofTargets(draft, around));
  for (const [by, records] of around.view) {
    if (taken.has(by)) continue;
    for (const record of records)
      if (record.setIdentifier !== undefined) found.push(...evaluated(record, by, around));
  }
  // A plain record answers whatever its health is: it counts where something goes by it. The list grows meanwhile.
  const seen = new Set<string>();
  for (const { of, type, by } of found) {
    if (taken.has(of) || seen.has(`${of} ${type}`)) continue;
    seen.add(`${of} ${type}`);
    for (const record of recordsOf(of, type, around)) found.push(...evaluated(record, by, around));
  }
  return found;
}

/** One target has no other beside it that its health could count against. */
function ofTargets({ name, targets, families, route }: EndpointDraft, { zone }: Around): Reading[] {
  if (targets.length < 2 && route === undefined) return [];
  return targets.flatMap(({ alias }) =>
    alias?.zoneId === zone.id && alias.evaluateTargetHealth
      ? families.map((type) => ({ of: alias.name, type, by: name }))
      : [],
  );
}

function evaluated({ alias, type }: RecordSet, by: DnsName, { zone }: Around): readonly Reading[] {
  const isOne = alias?.zoneId === zone.id && alias.evaluateTargetHealth;
  return isOne ? [{ of: alias.name, type, by }] : [];
}

/** True when Route 53 can find all records of a name and type unhealthy. */
function canFail(name: DnsName, type: string, around: Around, above: readonly DnsName[] = []): boolean {
  const records = recordsOf(name, type, around);
  const isInside = (zoneId: string) => zoneId === around.zone.id;
  return (
    records.length > 0 &&
    !above.includes(name) &&
    records.every(({ healthCheckId, alias, weight }) => {
      if (healthCheckId !== undefined) return true;
      if (alias === undefined) return weight === 0 && records.some((other) => other.weight !== 0);
      const { evaluateTargetHealth, zoneId } = alias;
      return (
        evaluateTargetHealth && (!isInside(zoneId) || canFail(alias.name, type, around, [...above, name]))
      );
    })
  );
}

function recordsOf(name: DnsName, type: string, { view }: Around): readonly RecordSet[] {
  return recordsAtName(view, name).filter((record) => record.type === type);
}
