import { Resolver as DnsResolver } from 'node:dns/promises';
import { audit } from '../auditor/audit.ts';
import type { AuditOutcome, AuditorDeps, EmptyAnswer } from '../auditor/auditor.ts';
import type { Resolver } from '../auditor/resolver.ts';
import type { FrozenHalf } from '../cell/freeze-halves.ts';
import { halfFrozenText } from '../cell/freeze-halves.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { readOnlyZone } from '../zone/read-only-zone.ts';
import { clientAnswers, nameServersOf } from './client-answers.ts';
import type { CellSettings, RoleRun } from './role-run.ts';
import { serverAnswers } from './server-answers.ts';
import type { World } from './world.ts';

export interface AuditorSources {
  /** The resolver by which empty answers are found; when absent, none is asked. */
  readonly resolver?: Resolver | undefined;
  /** Record sets that the zone may hold; as Route 53 says, when absent. */
  readonly recordLimit?: number | undefined;
}

/** An auditor is given a zone that cannot be written to. */
export function auditorDeps(
  world: Pick<World, 'zone' | 'quota' | 'clock' | 'telemetry' | 'operator' | 'clientAt'>,
  ledger: Ledger,
  { scope, unknownChangeMs }: Pick<CellSettings, 'scope' | 'unknownChangeMs'>,
  { resolver, recordLimit }: AuditorSources = {},
): AuditorDeps {
  const { clock, telemetry, operator } = world;
  const zone = readOnlyZone(world.zone(scope.zoneId));
  const settings = { recordLimit, unknownChangeMs };
  const { clientAt } = world;
  const asks = resolver === undefined ? {} : { resolver, ...(clientAt === undefined ? {} : { clientAt }) };
  const quota = world.quota(scope.zoneId);
  return { zone, quota, scope, ledger, clock, telemetry, name: operator, settings, ...asks };
}

/** Reads a zone and records what is wrong with it; the enactors find it in the log. */
export function auditorRuns(world: World): RoleRun {
  const halves = new Map<CellName, FrozenHalf | undefined>();
  return async ({ ledger, settings }, { cell, deadline }) => {
    const resolver = resolverOf(world, settings.scope.zone);
    const outcome = await audit(auditorDeps(world, ledger, settings, { resolver }), { deadline });
    const half = outcome.type === 'idle' ? undefined : outcome.report.halfFrozen?.half;
    // A freeze or a thaw that is under way has one half too: only what the run before saw as well has lasted.
    const lasts = half !== undefined && halves.get(cell) === half;
    halves.set(cell, half);
    const what = unrecorded(outcome, lasts);
    return { outcome, remark: what === undefined ? undefined : { type: 'found', what } };
  };
}

/**
 * What an audit found that no event records: names that resolve to nothing although the zone is as planned, and half a
 * freeze that `lasts`.
 */
function unrecorded(outcome: AuditOutcome, lasts: boolean): string | undefined {
  if (outcome.type === 'idle') return undefined;
  const { cell, dangling, empty, halfFrozen } = outcome.report;
  const found = [
    ...(lasts && halfFrozen !== undefined ? [halfFrozenText(cell, halfFrozen)] : []),
    ...dangling.map(({ name, target }) => `${name} points at ${target}, where nothing stands`),
    ...empty.map(emptyText),
  ];
  return found.length === 0 ? undefined : found.join('; ');
}

/** What an audit says of a question that was answered with nothing. */
export function emptyText({ name, type, from }: EmptyAnswer): string {
  return `${name} ${type} is answered with nothing${from === undefined ? '' : `, asked from ${from}`}`;
}

/** The local world's own server, or what this machine asks, and for clients elsewhere the zone's own name servers. */
function resolverOf(world: World, zone: DnsName): Resolver | undefined {
  if (world.dns !== undefined) return serverAnswers(world, world.dns);
  if (world.asksDns !== true) return undefined;
  const resolver = new DnsResolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return clientAnswers(world, machineAnswers(resolver), () => nameServersOf(resolver, zone));
}

/** The codes by which a resolver says that there is nothing, as opposed to that it does not know. */
const NOTHING: readonly string[] = ['ENODATA', 'ENOTFOUND'];
const TIMEOUT_MS = 3_000;
const TRIES = 2;

/** Asks the machine's own resolver, as clients do: what it says may be as old as the records' TTL. */
function machineAnswers(resolver: DnsResolver): Resolver {
  return {
    answers: async (name, type) => {
      try {
        const values = await resolver.resolve(name, type);
        return Array.isArray(values) && values.length === 0 ? 'empty' : 'answer';
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        return NOTHING.includes(code) ? 'empty' : 'unreachable';
      }
    },
  };
}
