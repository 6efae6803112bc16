import { z } from 'zod';
import type { ToldKind } from './told-kinds.ts';
import { TOLD, TOLD_VERSION } from './told-kinds.ts';

// The schema of every message (docs/events.md). The documents in docs/events/ are made from here, and a test holds them
// against it: npm run generate:events.

const generation = z.int().min(0).describe('The number of a plan, higher than that of every plan before it.');
const digest = z.string().describe('The first 12 digits of the digest, as commands take them.');
const names = z.array(z.string()).describe('Names of endpoints.');
const reason = z.string().describe('In the words of whoever gave it; up to 1,000 characters.');

/** What every message has, whatever its kind. */
const COMMON = {
  version: z.literal(TOLD_VERSION).describe('The version of this schema. A field may be added within one.'),
  id: z
    .string()
    .describe(
      'STACK/CELL/EVENT. The same event has the same id however often it comes: forget the second one.',
    ),
  stack: z.string().describe('The name of the stack; "local" in a world on one machine.'),
  cell: z.string(),
  zone: z.string().nullable().describe('The name of the hosted zone; null before the first fleet of a cell.'),
  event: z
    .int()
    .min(1)
    .describe(
      'The number of the event in the log of its cell, which has no gap. Messages may come in another order.',
    ),
  at: z.iso.datetime().describe("When it was appended, by the writer's clock."),
  who: z.string().describe('Who appended it: enactor-b, operator-ana.'),
  attention: z
    .enum(['act', 'watch', 'know'])
    .describe('act: a person has something to do. watch: unusual, and goes on by itself. know: it went on.'),
  generation: generation.nullable().describe('The plan that it is about; null where it is about none.'),
  summary: z.string().describe('What happened, in a sentence.'),
  next: z.string().describe('A command to type next.'),
  omitted: z
    .record(z.string(), z.int().min(1))
    .optional()
    .describe('Only in a message that was too large: how many items were left out at the end of each list.'),
};

const kept = z.array(
  z.strictObject({
    name: z.string(),
    digest: digest.describe('What waits: approve or reject it by these digits.'),
    why: z.array(z.string()).describe('Why it is kept back, a sentence each.'),
  }),
);

const plan = {
  digest,
  origin: z
    .enum(['planner', 'operator', 'approval', 'rollback', 'reissue', 'rescue'])
    .describe('What the plan came from.'),
  urgent: z.boolean().describe('True: it goes at once, and replaces what is being staged.'),
  added: names,
  changed: names,
  removed: names,
  removedPermille: z
    .number()
    .min(0)
    .describe("The largest share of any endpoint's capacity that goes, thousandths."),
  findings: z.array(z.string()).describe('What the guards found, a sentence each.'),
  keptBack: kept.describe('Every endpoint that is kept back beside this plan.'),
};
const order = { reason };
const policyFields = {
  looser: z
    .array(z.string())
    .describe('Each rule that is looser: its name, what is in effect, what is declared.'),
};
const handover = { names, other: z.string().describe('The other cell.') };

const FIELDS = {
  PlanHeld: plan,
  PlanAppendedInPart: plan,
  RollbackAppended: plan,
  PlanAppended: plan,
  PlanApproved: { digest },
  PlanRejected: { reason },
  PlanApplied: {
    digest,
    fenceSeq: z.int().describe('The sequence number of the fence under which it answers.'),
    how: z
      .enum(['flip', 'repair', 'observed'])
      .describe('flip: it went over. repair: it was written again. observed: it was found in the zone.'),
    endpoints: names,
    without: names.describe(
      'Endpoints that are not as planned, because what stands there cannot be repaired.',
    ),
    durationMs: z.number().nullable().describe('Milliseconds, where the writer knows them.'),
  },
  EndpointsKeptBack: { keptBack: kept },
  NothingKeptBack: {},
  KeptBackRejected: { names, reason },
  EndpointRefused: {
    name: z.string(),
    step: z.enum(['stage', 'repair', 'flip', 'conflict']),
    records: z.array(z.string()).describe('The record sets that were tried, each "name type".'),
    reason: z.string().describe("Route 53's own words, or what stands in the way; up to 1,000 characters."),
    attempt: z.int().nullable(),
  },
  SourcesBlind: { sources: z.array(z.strictObject({ source: z.string(), reason })) },
  SourcesSee: {},
  FleetDeclared: { digest, endpoints: z.int(), targets: z.int() },
  LooseningHeld: { digest, endpoints: z.int(), targets: z.int(), ...policyFields },
  LooseningApproved: policyFields,
  LooseningRejected: { ...policyFields, reason },
  TargetDrained: { target: z.string(), ...order },
  TargetRestored: { target: z.string() },
  AzEvacuated: { az: z.string(), ...order },
  AzRestored: { az: z.string() },
  BranchEvacuated: { branch: z.string(), ...order },
  BranchRestored: { branch: z.string() },
  PlannerPaused: { reason },
  PlannerResumed: {},
  CellFrozen: { reason },
  CellThawed: {},
  ZoneRegressed: {
    what: z.enum(['fence', 'root']),
    name: z.string(),
    found: z.string(),
    expected: z.string(),
  },
  DriftFound: { count: z.int(), names },
  DriftRepaired: { count: z.int(), names },
  FenceAhead: {
    fenceGeneration: generation,
    reissued: generation.nullable().describe('The goal under its new number; null where there was none.'),
  },
  LogContradicted: {
    number: z.int().describe('Of the event that the anchor knows.'),
    digits: z.string().describe('The first digits of its hash.'),
    found: z.string().nullable().describe('Those that the log has there; null where it does not reach.'),
  },
  RescueFound: { plan: z.string(), by: z.string(), fenceSeq: z.int() },
  EndpointAdopted: { name: z.string(), was: z.array(z.string()).describe('The records that stood there.') },
  EndpointsOffered: handover,
  OffersWithdrawn: { names },
  OffersEnded: { names },
  EndpointsAwaited: {
    names,
    other: z.string().nullable().describe('The other cell; null: awaited no more.'),
  },
  EndpointsGiven: handover,
  EndpointsTaken: handover,
} as const satisfies Readonly<Record<ToldKind, z.core.$ZodLooseShape>>;

/** The fields of a kind beside those that every message has. */
export type FieldsOf<Kind extends ToldKind> = z.input<z.ZodObject<(typeof FIELDS)[Kind]>>;

/** What every message has. */
export type CommonFields = z.input<z.ZodObject<typeof COMMON>>;

/** The schema of a message, which refuses a field that it does not know. */
export function detailSchema(kind: ToldKind): z.ZodType {
  return z.strictObject({ ...COMMON, ...FIELDS[kind] });
}

/**
 * The same as a document for programs of others (JSON Schema, draft 2020-12). It allows fields that it does not know,
 * because a later release of the same version may add one.
 */
export function detailSchemaText(kind: ToldKind): string {
  const schema = z.toJSONSchema(z.object({ ...COMMON, ...FIELDS[kind] }), {
    io: 'input',
    // The format says it; the pattern that comes along is a calendar.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  const { says } = TOLD[kind];
  const whole = { $id: `pawl/${kind}/${TOLD_VERSION}`, title: kind, description: says, ...schema };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
