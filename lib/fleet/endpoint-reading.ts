import type { FleetEndpoint, FleetRoute, FleetTarget } from '../plan/fleet-model.ts';
import type { DnsName } from '../plan/names.ts';
import { reportFamilies } from './branch-families.ts';
import type { TargetList } from './declared-route.ts';
import { branchInputs, readRoute, targetLists } from './declared-route.ts';
import { DEFAULT_FLOOR, DEFAULT_TTL_S } from './defaults.ts';
import type { Family } from './families.ts';
import { familiesOf, fieldOf, inOrder } from './families.ts';
import type { ReportMistake } from './mistakes.ts';
import type { RouteInput } from './route-schema.ts';
import type { DefaultsInput, EndpointInput } from './schema.ts';
import { nearest } from './suggestion.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

/** What an endpoint's reading needs to know of its cell. */
export interface EndpointSurroundings {
  /** Absent when the cell's zone is itself a mistake. */
  readonly zone: DnsName | undefined;
  readonly defaults: DefaultsInput;
  /** Every target that the cell declares; undefined for one that is itself a mistake, so that it is not reported twice. */
  readonly targets: ReadonlyMap<string, FleetTarget | undefined>;
}

/** Reads an endpoint whose shape and name are right, and reports every mistake in its values. */
export function readEndpoint(
  name: DnsName,
  input: EndpointInput,
  path: Path,
  around: EndpointSurroundings,
  report: ReportMistake,
): FleetEndpoint {
  const { route, lists } = readAnswers(input, path, report);
  const ids = new Set(lists.flatMap((list) => list.ids));
  const families = readFamilies(input, [...ids], path, around, report);
  checkTargets(name, input, { families, lists }, path, around, report);
  if (input.kind === 'addresses' && input.route !== undefined)
    reportFamilies(input.route, [...path, 'route'], { families, targets: around.targets }, report);
  const floor = input.floor ?? around.defaults.floor ?? DEFAULT_FLOOR;
  const count = ids.size;
  if (lists.length > 0 && floor > count) {
    const at = input.floor === undefined ? path : [...path, 'floor'];
    const what = `has a floor of ${floor}, more than the number of its targets (${count})`;
    report(at, `${subject(path)} ${what}: lower the floor, or add targets.`);
  }
  if (input.kind === 'hostname' && name === around.zone) {
    const at = [...path, 'kind'];
    report(
      at,
      `${subject(at)} is hostname at the top of its zone, where no CNAME can stand: use addresses or alias.`,
    );
  }
  return {
    name,
    kind: input.kind,
    ttl: input.ttl_s ?? around.defaults.ttl_s ?? DEFAULT_TTL_S,
    floor,
    families,
    targets: [...ids].sort(),
    ...(route === undefined ? {} : { route }),
  };
}

/** What an endpoint answers with: its targets, or a route. */
function readAnswers(
  input: EndpointInput,
  path: Path,
  report: ReportMistake,
): { readonly route: FleetRoute | undefined; readonly lists: readonly TargetList[] } {
  const { targets, standby, group, route: given } = input;
  if (given !== undefined) {
    for (const key of ['targets', 'standby', 'group'] as const) {
      const at = [...path, key];
      if (input[key] !== undefined)
        report(at, `${subject(at)} stands beside a route: move it into the route, or remove it.`, 'key');
    }
    const at = [...path, 'route'];
    const route = readRoute(given, at, report);
    reportMultivalue(given, input.kind, at, report);
    const isPlain = route?.type === 'targets' && route.answer === 'weighted' && route.group === undefined;
    return { route: isPlain ? undefined : route, lists: targetLists(given, at) };
  }
  if (targets === undefined) {
    const what = standby === undefined ? 'no targets' : 'a standby and no targets';
    report(path, `${subject(path)} has ${what}: add a list of one or more target ids, or a route.`);
    return { route: undefined, lists: [] };
  }
  const own = { targets, standby, group };
  const isPlain = standby === undefined && group === undefined;
  const route = isPlain ? undefined : readRoute(own, path, report);
  return { route, lists: targetLists(own, path) };
}

/** Developer Guide, "Values specific for multivalue answer records": neither an alias nor a CNAME can be one. */
function reportMultivalue(
  input: RouteInput,
  kind: EndpointInput['kind'],
  path: Path,
  report: ReportMistake,
): void {
  const at = [...path, 'answer'];
  if (input.answer === 'multivalue' && kind !== 'addresses')
    report(at, `${subject(at)} is multivalue, which only an endpoint with addresses can be: remove it.`);
  for (const below of branchInputs(input, path)) reportMultivalue(below.input, kind, below.path, report);
}

function readFamilies(
  input: EndpointInput,
  ids: readonly string[],
  path: Path,
  around: EndpointSurroundings,
  report: ReportMistake,
): readonly Family[] {
  const given = input.families;
  const at = [...path, 'families'];
  if (input.kind === 'hostname') {
    if (given !== undefined) {
      report(
        at,
        `${subject(at)} has no meaning for a hostname endpoint, which answers with a CNAME: remove it.`,
        'key',
      );
    }
    return [];
  }
  if (given !== undefined) {
    const [first, second] = given;
    if (first === second)
      report([...at, 1], `${subject([...at, 1])} is ${first}, which is in the list already: remove it.`);
    return inOrder(given);
  }
  if (input.kind === 'alias') return ['A'];
  const named = ids.flatMap((id) => around.targets.get(id) ?? []);
  return inOrder(named.flatMap((target) => familiesOf(target)));
}

function checkTargets(
  name: DnsName,
  input: EndpointInput,
  { families, lists }: { readonly families: readonly Family[]; readonly lists: readonly TargetList[] },
  path: Path,
  around: EndpointSurroundings,
  report: ReportMistake,
): void {
  const answered = new Set<Family>();
  let known = lists.length > 0;
  for (const list of lists) {
    const seen = new Set<string>();
    for (const [index, id] of list.ids.entries()) {
      const at = [...list.path, index];
      const target = around.targets.get(id);
      if (target === undefined) known = false;
      if (seen.has(id)) {
        report(at, `${subject(at)} is ${quoted(id)}, which is in the list already: remove it.`);
      } else if (!around.targets.has(id)) {
        report(at, `${subject(at)} is ${quoted(id)}, which is no target of its cell: ${advice(id, around)}`);
      } else if (target !== undefined) {
        checkTarget(name, input, target, families, at, report);
        for (const family of familiesOf(target)) answered.add(family);
      }
      seen.add(id);
    }
  }
  if (input.kind !== 'addresses' || !known) return;
  for (const [index, family] of (input.families ?? []).entries()) {
    const at = [...path, 'families', index];
    if (!answered.has(family)) {
      report(
        at,
        `${subject(at)} is ${family}, but none of the endpoint's targets has an ${fieldOf(family)}: add one, or remove ${family}.`,
      );
    }
  }
}

function checkTarget(
  name: DnsName,
  input: EndpointInput,
  target: FleetTarget,
  families: readonly Family[],
  at: Path,
  report: ReportMistake,
): void {
  const destination = input.kind === 'hostname' ? target.hostname : target.alias?.name;
  const serves =
    input.kind === 'addresses'
      ? familiesOf(target).some((family) => families.includes(family))
      : destination !== undefined;
  if (!serves) {
    const needs = needed(input.kind, families);
    report(
      at,
      `${subject(at)} is ${quoted(target.id)}, which has no ${needs}: add one to the target, or remove it here.`,
    );
  } else if (input.kind !== 'addresses' && destination === name) {
    report(
      at,
      `${subject(at)} is ${quoted(target.id)}, which points back at ${name}: point the target elsewhere.`,
    );
  }
}

function needed(kind: EndpointInput['kind'], families: readonly Family[]): string {
  if (kind !== 'addresses') return kind;
  return families.length === 0 ? 'ipv4 or ipv6' : families.map(fieldOf).join(' or ');
}

function advice(id: string, around: EndpointSurroundings): string {
  const meant = nearest(id, [...around.targets.keys()]);
  return meant === undefined
    ? 'declare it under targets, or remove it here.'
    : `did you mean ${quoted(meant)}?`;
}
