import { withReturns } from '../../plan/flapping.ts';
import type { CellFleet, Observations } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import { ownValue } from '../../plan/own-value.ts';
import type {
  BlindSource,
  Source,
  SourceReading,
  SourceTarget,
  TargetSource,
  TargetsReading,
} from './source.ts';
import { SOURCES } from './sources.ts';
import { asDeclared } from './static-source.ts';

/**
 * The source for a cell's planner. Each target is observed by the source that it names; a target that names none is as
 * the fleet file declares it. The sources are asked concurrently, each about its own targets; a blind one does not
 * affect the others.
 *
 * @param sources by the key that targets name them with.
 */
export function cellSource(sources: Readonly<Record<string, TargetSource>>): Source {
  return {
    kind: 'live',
    observe: async ({ cell, targets }, before) => {
      const declared = targets.filter(({ observedBy }) => observedBy === undefined);
      const looks = [...bySource(targets, before)].map(async ([name, own]) =>
        lookOf(sources, name, { cell, targets: own }),
      );
      const readings = await Promise.all(looks);
      return {
        type: 'observed',
        observations: Object.assign(
          asDeclared(declared),
          ...readings.map(({ observations }) => observations),
        ),
        repeated: declared.map(({ id }) => id),
        gone: readings.flatMap(({ gone }) => gone ?? []),
        blind: readings.flatMap(({ blind }) => blind ?? []),
      };
    },
  };
}

/** The targets that name each source. */
function bySource(
  targets: CellFleet['targets'],
  before: Observations,
): ReadonlyMap<string, readonly SourceTarget[]> {
  const groups = new Map<string, SourceTarget[]>();
  for (const { id, az, capacity, observedBy } of targets) {
    if (observedBy === undefined) continue;
    const { source, reference } = observedBy;
    const group = groups.get(source) ?? [];
    groups.set(source, group);
    group.push({ id, az, capacity, reference, before: ownValue(before, id) });
  }
  return groups;
}

async function lookOf(
  sources: Readonly<Record<string, TargetSource>>,
  source: string,
  { cell, targets }: { readonly cell: CellName; readonly targets: readonly SourceTarget[] },
): Promise<{
  readonly observations: Observations;
  readonly gone?: readonly string[] | undefined;
  readonly blind?: BlindSource;
}> {
  const asked = ownValue(sources, source);
  invariant(
    asked !== undefined,
    `the source ${source}, which a fleet names, is not among those that are asked`,
  );
  const reading = await asked.look(targets, cell);
  const ids = targets.map(({ id }) => id);
  if (reading.type === 'blind') {
    return {
      observations: neverObserved(source, targets),
      blind: { source, reason: reading.reason, targets: ids },
    };
  }
  const observations = ids.map((id) => {
    const seen = ownValue(reading.observations, id);
    invariant(seen !== undefined, `the source ${source} says nothing of target ${id}`);
    return [id, seen] as const;
  });
  const { gone, unseen } = reading;
  // It sees others, so it is named apart: a source that sees nothing is other news.
  const blind = named(source, unseen);
  return { observations: Object.fromEntries(observations), gone, ...blind };
}

/** What holds of targets that a blind source has never observed, where that is not what the fleet file says. */
function neverObserved(source: string, targets: readonly SourceTarget[]): Observations {
  const health = SOURCES.find(({ name }) => name === source)?.unobserved;
  if (health === undefined) return {};
  const fresh = targets.filter(({ before }) => before === undefined);
  return Object.fromEntries(fresh.map(({ id, capacity }) => [id, { health, capacity }]));
}

type Unseen = NonNullable<Extract<TargetsReading, { readonly type: 'observed' }>['unseen']>;

function named(source: string, unseen: Unseen | undefined): { readonly blind?: BlindSource } {
  if (unseen === undefined) return {};
  const { targets, reason, where = 'of some targets' } = unseen;
  return { blind: { source: `${source}, ${where}`, targets, reason } };
}

/** The sources that were blind in a reading, and why; `all` when no source could look. */
export function blindIn(reading: SourceReading): readonly Pick<BlindSource, 'source' | 'reason'>[] {
  return reading.type === 'blind' ? [{ source: 'all', reason: reading.reason }] : (reading.blind ?? []);
}

/**
 * What is known of a cell's targets after a reading: the new observations, and for targets without one the recorded
 * observations. Pure.
 *
 * @param before the cell's last recorded observations.
 * @param isSameFleet whether `before` was recorded under the same fleet. If not, the file is newer than an operator's
 * observations, and its values hold for the targets that the source only repeats.
 */
export function knownAfter(reading: SourceReading, before: Observations, isSameFleet: boolean): Observations {
  if (reading.type === 'blind') return before;
  const { repeated = [], blind = [] } = reading;
  const standing = [...(isSameFleet ? repeated : []), ...blind.flatMap(({ targets }) => targets)];
  const recorded = standing.flatMap((id) => {
    const observation = ownValue(before, id);
    return observation === undefined ? [] : [[id, observation] as const];
  });
  return { ...reading.observations, ...Object.fromEntries(recorded) };
}

/**
 * The observations with the returns of the targets that were looked at. What a fleet file says of a target is no
 * observation: a person who declares it healthy does not wait. Pure.
 *
 * @param known the recorded observations, and what is known after the reading.
 * @param now milliseconds since 1970.
 */
export function returnsAfter(
  reading: SourceReading,
  { before, after }: { readonly before: Observations; readonly after: Observations },
  now: number,
): Observations {
  if (reading.type === 'blind') return after;
  const { repeated = [], blind = [] } = reading;
  const unseen = new Set([...repeated, ...blind.flatMap(({ targets }) => targets)]);
  return Object.fromEntries(
    Object.entries(after).map(([id, observation]) => {
      const known = ownValue(before, id);
      return [id, known === undefined || unseen.has(id) ? observation : withReturns(known, observation, now)];
    }),
  );
}
