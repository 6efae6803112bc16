import { audit } from '../../lib/auditor/audit.ts';
import type { AuditOutcome, AuditorDeps, AuditReport } from '../../lib/auditor/auditor.ts';
import { emulatedZone } from '../../lib/emulator/emulated-zone.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { readOnlyZone } from '../../lib/zone/read-only-zone.ts';

const DAY_MS = 86_400_000;

/** The deps of an auditor in this world, on ports that do not suspend. */
export function auditorDeps(world: SimulatedWorld, extra: Partial<AuditorDeps> = {}): AuditorDeps {
  const { route53, scope, ledger, time } = world;
  return {
    zone: readOnlyZone(emulatedZone(route53, scope.zoneId)),
    scope,
    ledger,
    clock: time,
    telemetry: silentTelemetry,
    name: 'auditor',
    settings: { recordLimit: 10_000, unknownChangeMs: 300_000 },
    ...extra,
  };
}

/** One undisturbed audit. */
export function auditNow(world: SimulatedWorld, extra: Partial<AuditorDeps> = {}): Promise<AuditOutcome> {
  const deps = auditorDeps(world, extra);
  return audit(deps, { deadline: instant(deps.clock.now() + DAY_MS) });
}

/** The report of an audit that read the cell. */
export function reportOf(outcome: AuditOutcome): AuditReport {
  if (outcome.type === 'idle') throw new Error(`there is no report: ${outcome.reason}`);
  return outcome.report;
}
