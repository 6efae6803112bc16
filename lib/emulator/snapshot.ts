import { z } from 'zod';
import type { RecordSet } from '../plan/records.ts';
import { readability, writtenBy } from '../plan/stored-format.ts';
import { firstAliasTargets, targetMap } from './alias-targets.ts';
import { parseDomain } from './domain-names.ts';
import { protectionKey } from './protections.ts';
import type {
  ChangeState,
  CidrCollectionState,
  HealthCheckState,
  HostedZoneState,
  KnownTarget,
  Protection,
  Route53State,
} from './route53-state.ts';
import { allRecords, contentsOf } from './zone-contents.ts';

const FORM_NAME = 'pawl-route53/';
/** The newest known number of the form. */
const FORM_NUMBER = 2;
/** The first form has no protections, no alias targets, no CIDR collections and no accelerated recovery. What it can hold is written in it, so that an older Pawl can read it. */
const PLAIN_FORMAT = `${FORM_NAME}1` as const;
const SNAPSHOT_FORMAT = `${FORM_NAME}${FORM_NUMBER}` as const;

const name = z.string().transform((text, context) => {
  const parsed = parseDomain(text);
  if ('name' in parsed) return parsed.name;
  context.addIssue({ code: 'custom', message: parsed.problem });
  return z.NEVER;
});

const recordSet = z.strictObject({
  name,
  type: z.string(),
  ttl: z.number().int().optional(),
  values: z.array(z.string()).optional(),
  alias: z.strictObject({ zoneId: z.string(), name, evaluateTargetHealth: z.boolean() }).optional(),
  setIdentifier: z.string().optional(),
  weight: z.number().int().optional(),
  healthCheckId: z.string().optional(),
  routing: z.record(z.string(), z.unknown()).optional(),
});

const aliasTarget = z.strictObject({ zoneId: z.string(), name, exists: z.boolean() });
const protection = z.strictObject({ name, type: z.string(), comment: z.string().optional() });

const snapshotSchema = z.strictObject({
  format: z.enum([PLAIN_FORMAT, SNAPSHOT_FORMAT]),
  zones: z.array(
    z.strictObject({
      id: z.string(),
      name,
      callerReference: z.string(),
      comment: z.string().optional(),
      acceleratedRecovery: z.boolean().optional(),
      records: z.array(recordSet),
      protections: z.array(protection).optional(),
    }),
  ),
  changes: z.array(
    z.strictObject({
      id: z.string(),
      zoneId: z.string(),
      submittedAt: z.number(),
      insyncAt: z.number().nullable(),
      comment: z.string().optional(),
    }),
  ),
  healthChecks: z.array(
    z.strictObject({
      id: z.string(),
      callerReference: z.string(),
      config: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      healthy: z.boolean(),
    }),
  ),
  cidrCollections: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        callerReference: z.string(),
        version: z.number().int(),
        locations: z.record(z.string(), z.array(z.string())),
      }),
    )
    .optional(),
  /** Absent: the targets that a new account has, and those of its records. */
  aliasTargets: z.array(aliasTarget).optional(),
});

/**
 * The state that outlives a process, as plain JSON. It leaves out the lag of the name servers (after a restart they
 * answer from the last commit) and the tokens in the buckets of the rate limits.
 */
export type Route53Snapshot = z.input<typeof snapshotSchema>;

/** A snapshot that is not one, or of another form. The message is one sentence. */
export class SnapshotUnreadable extends Error {
  override readonly name = 'SnapshotUnreadable';
  /** Set when a later Pawl wrote it: a phrase that names the writer. The snapshot is then undamaged. */
  readonly newer: string | undefined;

  constructor(message: string, newer?: string) {
    super(message);
    this.newer = newer;
  }
}

export function takeSnapshot(state: Route53State): Route53Snapshot {
  const zones = [...state.zones.values()];
  // Left out where a reader that finds none computes the same.
  const targets = inKeyOrder(state.aliasTargets);
  const hasTargets = JSON.stringify(targets) !== JSON.stringify(inKeyOrder(targetsOfRecords(state)));
  const hasCollections = state.cidrCollections.size > 0;
  const isPlain = !hasTargets && !hasCollections && zones.every(isPlainZone);
  return {
    format: isPlain ? PLAIN_FORMAT : SNAPSHOT_FORMAT,
    zones: zones.map(({ contents, protections, ...zone }) => ({
      id: zone.id,
      name: zone.name,
      callerReference: zone.callerReference,
      comment: zone.comment,
      ...(zone.acceleratedRecovery === undefined ? {} : { acceleratedRecovery: zone.acceleratedRecovery }),
      records: allRecords(contents).map(plainRecord),
      ...(protections.size === 0
        ? {}
        : { protections: [...protections.values()].map((one) => ({ ...one })) }),
    })),
    changes: [...state.changes.values()].map((change) => ({
      ...change,
      insyncAt: Number.isFinite(change.insyncAt) ? change.insyncAt : null,
    })),
    healthChecks: [...state.healthChecks.values()].map(({ config, ...check }) => ({
      ...check,
      config: Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
      ),
    })),
    ...(hasCollections ? { cidrCollections: [...state.cidrCollections.values()].map(plainCollection) } : {}),
    ...(hasTargets ? { aliasTargets: targets.map((target) => ({ ...target })) } : {}),
  };
}

/**
 * Replaces everything in `state` with a snapshot.
 *
 * @throws SnapshotUnreadable when `json` is not a snapshot of this form; the state is then as it was.
 */
export function applySnapshot(state: Route53State, json: unknown): void {
  const newer = newerForm(json);
  if (newer !== undefined) throw new SnapshotUnreadable(`This snapshot cannot be read: ${newer}.`, newer);
  const read = snapshotSchema.safeParse(json);
  if (!read.success) {
    const issue = read.error.issues[0];
    const place = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw new SnapshotUnreadable(
      `This is not a snapshot of the form ${SNAPSHOT_FORMAT}: ${issue?.message}${place}.`,
    );
  }
  state.zones.clear();
  state.changes.clear();
  state.healthChecks.clear();
  state.cidrCollections.clear();
  delete state.requests;
  delete state.recordChanges;
  for (const { records, protections = [], ...zone } of read.data.zones) {
    const contents = contentsOf(records.map((record) => withoutAbsent<RecordSet>(record)));
    const kept =
      withoutAbsent<Omit<HostedZoneState, 'contents' | 'insync' | 'pending' | 'protections'>>(zone);
    const protectedKeys = new Map(
      protections.map((one) => [protectionKey(one), withoutAbsent<Protection>(one)] as const),
    );
    const lagging = { contents, insync: contents, pending: [] };
    state.zones.set(zone.id, { ...kept, ...lagging, protections: protectedKeys });
  }
  for (const change of read.data.changes) {
    const insyncAt = change.insyncAt ?? Number.POSITIVE_INFINITY;
    state.changes.set(change.id, withoutAbsent<ChangeState>({ ...change, insyncAt }));
  }
  for (const check of read.data.healthChecks)
    state.healthChecks.set(check.id, check satisfies HealthCheckState);
  for (const { locations, ...collection } of read.data.cidrCollections ?? [])
    state.cidrCollections.set(collection.id, {
      ...collection,
      locations: new Map(Object.entries(locations)),
    });
  state.aliasTargets.clear();
  const targets = read.data.aliasTargets;
  const kept = targets === undefined ? targetsOfRecords(state) : targetMap(targets);
  for (const [key, target] of kept) state.aliasTargets.set(key, target);
}

function isPlainZone({ protections, acceleratedRecovery }: HostedZoneState): boolean {
  return protections.size === 0 && acceleratedRecovery === undefined;
}

function inKeyOrder(targets: ReadonlyMap<string, KnownTarget>): readonly KnownTarget[] {
  return [...targets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, target]) => target);
}

/** An account that was kept before targets were must go on with the load balancers that its records name. */
function targetsOfRecords({ zones }: Route53State): ReadonlyMap<string, KnownTarget> {
  const named = [...zones.values()]
    .flatMap(({ contents }) => allRecords(contents))
    .flatMap(({ alias }) => (alias === undefined || zones.has(alias.zoneId) ? [] : [alias]))
    .map((alias) => ({ zoneId: alias.zoneId, name: alias.name, exists: true }));
  return new Map([...firstAliasTargets(), ...targetMap(named)]);
}

/** The reason, a phrase, why a snapshot of a later form is refused: a zone that is read in part is worse than none. */
function newerForm(json: unknown): string | undefined {
  if (json === null || typeof json !== 'object' || !('format' in json)) return undefined;
  const { format } = json;
  if (typeof format !== 'string' || !format.startsWith(FORM_NAME)) return undefined;
  const written = writtenBy({ ...json, format: Number(format.slice(FORM_NAME.length)) });
  const readable = written && readability({ ...written, readableFrom: written.format }, FORM_NUMBER);
  return readable?.type === 'newer' ? readable.what : undefined;
}

function plainCollection({
  locations,
  ...collection
}: CidrCollectionState): NonNullable<Route53Snapshot['cidrCollections']>[number] {
  const networks = [...locations].map(([location, blocks]): [string, string[]] => [location, [...blocks]]);
  return { ...collection, locations: Object.fromEntries(networks) };
}

function plainRecord(record: RecordSet): Route53Snapshot['zones'][number]['records'][number] {
  const { values, routing, alias, ...rest } = record;
  return {
    ...rest,
    ...(values === undefined ? {} : { values: [...values] }),
    ...(alias === undefined ? {} : { alias: { ...alias } }),
    ...(routing === undefined ? {} : { routing: { ...routing } }),
  };
}

/** The same object without the keys that hold `undefined`: the record types leave out absent fields. */
function withoutAbsent<T extends object>(value: { readonly [K in keyof T]: T[K] | undefined }): T {
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return Object.fromEntries(entries) as T;
}
