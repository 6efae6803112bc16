import { invalidInput, Route53Error } from './route53-error.ts';
import type { HealthCheckConfig, HealthCheckState, Route53State } from './route53-state.ts';
import { admit, freshId } from './route53-state.ts';

export interface CreateHealthCheckRequest {
  readonly callerReference: string;
  readonly config: HealthCheckConfig;
}

/** Health checks for records to refer to: nothing is probed, `setHealth` sets their health. */
export interface HealthCheckVerbs {
  /** The same caller reference and settings again give the same health check. @throws Route53Error HealthCheckAlreadyExists. */
  createHealthCheck(request: CreateHealthCheckRequest): HealthCheckState;
  /** @throws Route53Error NoSuchHealthCheck. */
  getHealthCheck(id: string): HealthCheckState;
  listHealthChecks(page?: { readonly marker?: string | undefined; readonly maxItems?: number | undefined }): {
    readonly healthChecks: readonly HealthCheckState[];
    readonly nextMarker?: string | undefined;
  };
  /** Accepted although record sets refer to it, as Route 53 does. @throws Route53Error NoSuchHealthCheck. */
  deleteHealthCheck(id: string): void;
}

/** The health of the world that health checks would probe; costs no request. */
export interface HealthControl {
  /** @throws Route53Error NoSuchHealthCheck. */
  setHealth(id: string, healthy: boolean): void;
  /** A health check that does not exist counts as healthy (Route 53 Developer Guide, health checks). */
  isHealthy(id: string): boolean;
}

const PAGE_MAX = 100;
const CALLER_REFERENCE_MAX = 64;

export function healthCheckVerbs(state: Route53State): HealthCheckVerbs {
  return {
    createHealthCheck(request) {
      admit(state);
      return create(state, request);
    },
    getHealthCheck(id) {
      admit(state);
      return known(state, id);
    },
    listHealthChecks({ marker, maxItems = PAGE_MAX } = {}) {
      admit(state);
      if (!Number.isInteger(maxItems) || maxItems < 1) {
        throw invalidInput(`MaxItems is a whole number above 0, not "${maxItems}".`);
      }
      const all = [...state.healthChecks.values()];
      const from = marker === undefined ? 0 : all.indexOf(known(state, marker));
      const next = all[from + maxItems];
      const healthChecks = all.slice(from, from + maxItems);
      return { healthChecks, nextMarker: next?.id };
    },
    deleteHealthCheck(id) {
      admit(state);
      known(state, id);
      state.healthChecks.delete(id);
      state.deps.changed?.();
    },
  };
}

export function healthControl(state: Route53State): HealthControl {
  return {
    setHealth(id, healthy) {
      state.healthChecks.set(id, { ...known(state, id), healthy });
      state.deps.changed?.();
    },
    isHealthy: (id) => state.healthChecks.get(id)?.healthy ?? true,
  };
}

function create(
  state: Route53State,
  { callerReference, config }: CreateHealthCheckRequest,
): HealthCheckState {
  if (callerReference.length < 1 || callerReference.length > CALLER_REFERENCE_MAX) {
    throw invalidInput(`A caller reference has 1 to ${CALLER_REFERENCE_MAX} characters.`);
  }
  const { Type: type } = config;
  if (typeof type !== 'string') throw invalidInput("A health check's settings need a Type.");
  const complete = { ...defaultsOf(type), ...config };
  for (const check of state.healthChecks.values()) {
    if (check.callerReference !== callerReference) continue;
    if (sameConfig(check.config, complete)) return check;
    throw new Route53Error(
      'HealthCheckAlreadyExists',
      'A health check with the same caller reference and other settings already exists.',
      409,
    );
  }
  const id = freshId(state, 'H', state.healthChecks);
  const check: HealthCheckState = { id, callerReference, config: complete, healthy: true };
  state.healthChecks.set(id, check);
  state.deps.changed?.();
  return check;
}

/** Whatever the order in which the settings were given. */
function sameConfig(a: HealthCheckConfig, b: HealthCheckConfig): boolean {
  const inOrder = (config: HealthCheckConfig) => JSON.stringify(Object.entries(config).sort());
  return inOrder(a) === inOrder(b);
}

const PORTS: Readonly<Record<string, string>> = { HTTP: '80', HTTPS: '443' };

/**
 * What Route 53 adds to the settings of a health check that asks an endpoint (HealthCheckConfig, API reference). It has
 * no defaults for those that follow an alarm, other health checks, or a routing control, but for the first two.
 */
function defaultsOf(type: string): HealthCheckConfig {
  const always = { Inverted: 'false', Disabled: 'false' };
  if (!/^(?:HTTPS?|TCP)(?:_STR_MATCH)?$/.test(type)) return always;
  const protocol = type.replace('_STR_MATCH', '');
  const port = PORTS[protocol];
  return {
    ...(port === undefined ? {} : { Port: port }),
    RequestInterval: '30',
    FailureThreshold: '3',
    MeasureLatency: 'false',
    EnableSNI: String(protocol === 'HTTPS'),
    ...always,
  };
}

function known(state: Route53State, id: string): HealthCheckState {
  const check = state.healthChecks.get(id);
  if (check === undefined) {
    throw new Route53Error('NoSuchHealthCheck', `No health check exists with the specified ID: ${id}`, 404);
  }
  return check;
}
