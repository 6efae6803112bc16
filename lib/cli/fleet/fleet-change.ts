import { canonicalJson } from '../../plan/canonical.ts';
import type { CellFleet, FleetEndpoint } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import type { FieldChange } from './field-change.ts';
import { routeChanges } from './route-change.ts';

/** The changes of one cell's fleet. */
export interface FleetChange {
  readonly cell: CellName;
  readonly zone: string;
  readonly isFirst: boolean;
  readonly endpoints: Listed;
  readonly targets: Listed;
  /** Of the policy, of endpoints and of targets, in that order. */
  readonly fields: readonly FieldChange[];
}

interface Listed {
  readonly count: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const SHOWN_MAX = 40;
/** Of the targets that one list gains and loses. */
const IDS_SHOWN_MAX = 20;

/** Compares a cell's fleet with the one before. Pure. */
export function fleetChange(before: CellFleet | undefined, after: CellFleet): FleetChange {
  const endpoints = keyed(before?.endpoints ?? [], ({ name }) => name);
  const targets = keyed(before?.targets ?? [], ({ id }) => id);
  const policy = before === undefined ? [] : fieldChanges('policy', before.policy, after.policy);
  return {
    cell: after.cell,
    zone: after.zone,
    isFirst: before === undefined,
    endpoints: listed(
      endpoints,
      keyed(after.endpoints, ({ name }) => name),
    ),
    targets: listed(
      targets,
      keyed(after.targets, ({ id }) => id),
    ),
    fields: [
      ...policy,
      ...after.endpoints.flatMap((each) => endpointChanges(endpoints.get(each.name), each)),
      ...after.targets.flatMap((each) => fieldChanges(each.id, targets.get(each.id), each)),
    ],
  };
}

/** True when nothing is different. */
function isSame({ isFirst, endpoints, targets, fields }: FleetChange): boolean {
  const lists = [endpoints, targets];
  return (
    !isFirst &&
    fields.length === 0 &&
    lists.every(({ added, removed }) => added.length + removed.length === 0)
  );
}

function keyed<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [key(item), item]));
}

function listed(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Listed {
  return {
    count: after.size,
    added: [...after.keys()].filter((key) => !before.has(key)).sort(),
    removed: [...before.keys()].filter((key) => !after.has(key)).sort(),
  };
}

function endpointChanges(before: FleetEndpoint | undefined, after: FleetEndpoint): readonly FieldChange[] {
  if (before === undefined) return [];
  const { name: subject } = after;
  // The targets of an endpoint with a route are those of its branches, and are shown there.
  const isRouted = before.route !== undefined && after.route !== undefined;
  const shownByItself = ({ field }: FieldChange) => field !== 'route' && !(isRouted && field === 'targets');
  return [
    ...fieldChanges(subject, before, after).filter(shownByItself),
    ...routeChanges(before, after).map((change) => ({ subject, ...change })),
  ];
}

function fieldChanges(subject: string, before: object | undefined, after: object): readonly FieldChange[] {
  if (before === undefined) return [];
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((field) => {
    const [was, is] = [text(old.get(field)), text(now.get(field))];
    return was === is ? [] : [{ subject, field, before: was, after: is }];
  });
}

function text(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(', ') || 'none';
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** The changes that a push would make, cell by cell, as a list with `+`, `-` and `~`. */
export function fleetChangeView(changes: readonly FleetChange[], paper: Paper): string {
  return lines(changes.flatMap((change) => cellLines(change, paper)));
}

function cellLines(change: FleetChange, paper: Paper): readonly string[] {
  const { cell, zone, isFirst, endpoints, targets, fields } = change;
  const head = `${paint(paper, 'strong', cell)} (${zone}):`;
  if (isSame(change)) return [`${head} unchanged`];
  if (isFirst)
    return [`${head} new, ${counted(endpoints.count, 'endpoint')}, ${counted(targets.count, 'target')}`];
  const body = [
    ...endpoints.added.map((name) => paint(paper, 'good', `  + endpoint ${name}`)),
    ...endpoints.removed.map((name) => paint(paper, 'bad', `  - endpoint ${name}`)),
    ...targets.added.map((id) => paint(paper, 'good', `  + target ${id}`)),
    ...targets.removed.map((id) => paint(paper, 'bad', `  - target ${id}`)),
    ...fields.map((change) =>
      paint(paper, 'careful', `  ~ ${change.subject} ${change.field}: ${changeText(change)}`),
    ),
  ];
  const more = body.length - SHOWN_MAX;
  return [head, ...body.slice(0, SHOWN_MAX), ...(more > 0 ? [`  and ${more} more`] : [])];
}

function changeText({ before, after, added, removed }: FieldChange): string {
  if (added === undefined || removed === undefined) return `${tame(before)} -> ${tame(after)}`;
  const all = [...added.map((id) => `+ ${id}`), ...removed.map((id) => `- ${id}`)];
  const more = all.length - IDS_SHOWN_MAX;
  return tame(all.slice(0, IDS_SHOWN_MAX).join(', ')) + (more > 0 ? ` and ${more} more` : '');
}
