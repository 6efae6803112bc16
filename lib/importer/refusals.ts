import { parseFleet } from '../fleet/parse-fleet.ts';
import { resolveFleet } from '../fleet/resolve-fleet.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import { findingSentence } from '../plan/finding-text.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { MAX_ENDPOINTS_A_CELL } from '../plan/fleet-model.ts';
import { generation } from '../plan/generation.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { EndpointDraft, ImportedZone } from './described-zone.ts';
import { fleetYaml } from './fleet-yaml.ts';

/**
 * Endpoints that would make the file unreadable or never be planned, and why. The reader of fleet files and the
 * planner's linter decide that, so it includes what the drafts did not consider. Pure.
 *
 * @param cell the longest name that any cell of the file may have.
 */
export function refusals(
  drafts: readonly EndpointDraft[],
  zone: ImportedZone,
  cell: CellName,
): ReadonlyMap<DnsName, string> {
  const refused = new Map<DnsName, string>();
  const examined = drafts.filter((draft) => !isAliasOfUnknownZone(draft, zone));
  for (const { name } of drafts.filter((draft) => isAliasOfUnknownZone(draft, zone)))
    refused.set(
      name,
      'it is an alias to a name of its own zone, whose id is not known: give it to --zone-id',
    );
  for (let from = 0; from < examined.length; from += MAX_ENDPOINTS_A_CELL)
    examine(examined.slice(from, from + MAX_ENDPOINTS_A_CELL), zone, cell, refused);
  return refused;
}

function isAliasOfUnknownZone({ targets }: EndpointDraft, zone: ImportedZone): boolean {
  return zone.id === '' && targets.some(({ alias }) => alias?.zoneId === '');
}

/** Reads all of them as one file. If that fails, it reads each half by itself, down to the endpoint that is the cause. */
function examine(
  drafts: readonly EndpointDraft[],
  zone: ImportedZone,
  cell: CellName,
  refused: Map<DnsName, string>,
): void {
  const [first] = drafts;
  if (first === undefined) return;
  const parsed = parseFleet(fleetYaml([{ cell, endpoints: drafts }], zone, []), 'fleet');
  if (parsed.type === 'fleet') {
    const resolved = resolveFleet(parsed.fleet, new Map([[zone.name, zone.id]]));
    for (const fleet of resolved.type === 'resolved' ? resolved.cells : []) lint(fleet, refused);
  } else if (drafts.length === 1) {
    const message = parsed.mistakes[0]?.message ?? 'it cannot be read back';
    refused.set(first.name, withoutFullStop(message).replace(`cells.${cell}.`, ''));
  } else {
    const half = Math.ceil(drafts.length / 2);
    examine(drafts.slice(0, half), zone, cell, refused);
    examine(drafts.slice(half), zone, cell, refused);
  }
}

function lint(fleet: CellFleet, refused: Map<DnsName, string>): void {
  const { cell, zone, zoneId } = fleet;
  const endpoints = desiredEndpoints({
    fleet,
    observations: {},
    drained: [],
    evacuated: [],
    base: undefined,
  });
  const findings = lintPlan({
    scope: { cell, zone, zoneId },
    fleet,
    generation: generation(1),
    endpoints,
    newTrees: new Set(endpoints.map(({ name }) => name)),
    zone: undefined,
    claimed: new Map(),
  });
  for (const finding of findings) {
    const endpoint = endpoints.find(({ name }) => name === finding.subject);
    if (finding.severity === 'fatal' && endpoint !== undefined)
      refused.set(endpoint.name, withoutFullStop(findingSentence(finding)));
  }
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
