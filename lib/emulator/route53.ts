import type { AliasTargetControl } from './alias-targets.ts';
import { aliasTargetControl, firstAliasTargets } from './alias-targets.ts';
import type { CidrInspection, CidrVerbs } from './cidr-collections.ts';
import { cidrInspection, cidrVerbs } from './cidr-collections.ts';
import type { HealthCheckVerbs, HealthControl } from './health-checks.ts';
import { healthCheckVerbs, healthControl } from './health-checks.ts';
import type { HostedZoneVerbs } from './hosted-zones.ts';
import { hostedZoneVerbs } from './hosted-zones.ts';
import type { ProtectionVerbs } from './protections.ts';
import { protectionVerbs } from './protections.ts';
import type { Route53Deps, Route53State } from './route53-state.ts';
import type { Route53Settings } from './settings.ts';
import type { Route53Snapshot } from './snapshot.ts';
import { applySnapshot, takeSnapshot } from './snapshot.ts';
import type { RecordVerbs, ZoneInspection } from './zone-records.ts';
import { recordVerbs, zoneInspection } from './zone-records.ts';

/**
 * Route 53's behaviour without a wire: every verb is one request, answered at once, and throws a Route53Error where
 * Route 53 refuses. Left out: private zones, traffic policies, DNSSEC, and tags.
 */
export interface Route53
  extends HostedZoneVerbs,
    RecordVerbs,
    HealthCheckVerbs,
    ProtectionVerbs,
    CidrVerbs,
    CidrInspection,
    ZoneInspection,
    HealthControl,
    AliasTargetControl {
  settings(): Route53Settings;
  /** Changes the settings from now on. Changes that are PENDING keep the instant at which they become INSYNC. */
  configure(change: Partial<Route53Settings>): void;
  snapshot(): Route53Snapshot;
  /** Replaces everything. @throws SnapshotUnreadable, with nothing changed. */
  restore(json: unknown): void;
  /** An independent copy that shares all records: only a few small maps are copied. */
  clone(deps?: Route53Deps): Route53;
}

/** An account without hosted zones. */
export function createRoute53(settings: Route53Settings, deps: Route53Deps): Route53 {
  return route53On({
    settings,
    deps,
    zones: new Map(),
    changes: new Map(),
    healthChecks: new Map(),
    cidrCollections: new Map(),
    aliasTargets: firstAliasTargets(),
  });
}

function route53On(state: Route53State): Route53 {
  return {
    ...hostedZoneVerbs(state),
    ...recordVerbs(state),
    ...healthCheckVerbs(state),
    ...protectionVerbs(state),
    ...cidrVerbs(state),
    ...cidrInspection(state),
    ...zoneInspection(state),
    ...healthControl(state),
    ...aliasTargetControl(state),
    settings: () => state.settings,
    configure: (change) => {
      state.settings = { ...state.settings, ...change };
    },
    snapshot: () => takeSnapshot(state),
    restore: (json) => {
      applySnapshot(state, json);
      state.deps.changed?.();
    },
    clone: (deps = quietDeps(state.deps)) =>
      route53On({
        ...state,
        deps,
        zones: new Map(state.zones),
        changes: new Map(state.changes),
        healthChecks: new Map(state.healthChecks),
        cidrCollections: new Map(state.cidrCollections),
        aliasTargets: new Map(state.aliasTargets),
      }),
  };
}

/** The same clock and ids without `changed`: nobody listens to the copy's writes. */
function quietDeps(deps: Route53Deps): Route53Deps {
  return { now: () => deps.now(), id: (prefix) => deps.id(prefix) };
}
