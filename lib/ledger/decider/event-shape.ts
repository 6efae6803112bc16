import type { EventType, LedgerEvent } from './events.ts';

type Field = 'text' | 'number' | 'boolean' | 'object' | 'texts' | 'list' | 'text?' | 'number?' | 'object?';
type Shape = Readonly<Record<string, Field>>;

/** The fields of every event, all of them: one more or one fewer was written by another version of Pawl. */
const SHAPES: Readonly<Record<EventType, Shape>> = {
  FleetDeclared: {
    digest: 'text',
    zone: 'text',
    zoneId: 'text',
    policy: 'object',
    endpoints: 'number',
    targets: 'number',
  },
  TargetsObserved: { digest: 'text', changed: 'number', healthy: 'number' },
  TargetDrained: { target: 'text', reason: 'text' },
  TargetRestored: { target: 'text' },
  AzEvacuated: { az: 'text', reason: 'text' },
  AzRestored: { az: 'text' },
  PlanAppended: {
    generation: 'number',
    parent: 'number',
    digest: 'text',
    origin: 'text',
    lane: 'text',
    disposition: 'text',
    pausesPlanner: 'boolean',
    findings: 'list',
    summary: 'object',
    newTrees: 'object',
  },
  PlanApproved: { generation: 'number', digest: 'text' },
  PlanRejected: { generation: 'number', reason: 'text' },
  PlanStaged: { generation: 'number', digest: 'text', changes: 'list' },
  PlanApplied: {
    generation: 'number',
    seq: 'number',
    digest: 'text',
    changeId: 'text?',
    enactor: 'text',
    reason: 'text',
    endpoints: 'texts',
    rollbacks: 'object',
    durationMs: 'number?',
  },
  TreesRetired: { trees: 'texts', fenceSeq: 'number' },
  ZoneSurveyed: { facts: 'object' },
  DriftFound: { count: 'number', names: 'texts' },
  DriftRepaired: { count: 'number', names: 'texts', seq: 'number' },
  ZoneRegressed: { what: 'text', name: 'text', found: 'text', expected: 'text' },
  FenceAhead: { fenceGeneration: 'number', fenceSeq: 'number', reissue: 'object?' },
  PlannerPaused: { reason: 'text' },
  PlannerResumed: {},
  CellFrozen: { reason: 'text' },
  CellThawed: {},
  EndpointAdopted: { name: 'text', was: 'texts' },
  RescueFound: { generation: 'number', seq: 'number', plan: 'text', by: 'text' },
};

/** Every type of event. */
export const EVENT_TYPES = Object.keys(SHAPES) as readonly EventType[];

/** An event read back, or why it is none. `newer`: this version of Pawl does not know it. */
export type ParsedEvent =
  | { readonly type: 'event'; readonly event: LedgerEvent }
  | { readonly type: 'newer'; readonly what: string }
  | { readonly type: 'damaged'; readonly what: string };

/** Parses an event's JSON, with exactly the fields that this version of Pawl writes. Total. */
export function parseEvent(text: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { type: 'damaged', what: 'its event is not JSON' };
  }
  if (!isObject(value)) return { type: 'damaged', what: 'its event is not an object' };
  const { type, ...fields } = value;
  if (typeof type !== 'string') return { type: 'damaged', what: 'its event has no type' };
  if (!isEventType(type)) return { type: 'newer', what: `the event type "${type}"` };
  const shape = SHAPES[type];
  const unknown = Object.keys(fields).find((key) => !Object.hasOwn(shape, key));
  if (unknown !== undefined) return { type: 'newer', what: `the field "${unknown}" of ${type}` };
  for (const [key, field] of Object.entries(shape)) {
    if (!fits(fields[key], field))
      return { type: 'damaged', what: `the field "${key}" of ${type} is not right` };
  }
  return { type: 'event', event: value as unknown as LedgerEvent };
}

function fits(value: unknown, field: Field): boolean {
  switch (field) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'object':
      return isObject(value);
    case 'list':
      return Array.isArray(value);
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'text?':
      return value === undefined || fits(value, 'text');
    case 'number?':
      return value === undefined || fits(value, 'number');
    case 'object?':
      return value === undefined || fits(value, 'object');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(SHAPES, type);
}
