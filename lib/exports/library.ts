/**
 * `pawl`: what a program needs to check a fleet file, to preview and push it, and to read the ledger. Outcomes that can
 * be expected are values; what throws says so.
 *
 * @packageDocumentation
 */

export type { DeclaredCell, FleetFile } from '../fleet/declared-fleet.ts';
export { readFleetFile } from '../fleet/fleet-file.ts';
export type { FleetMistake } from '../fleet/mistakes.ts';
export { formatMistake } from '../fleet/mistakes.ts';
export type { ParsedFleet } from '../fleet/parse-fleet.ts';
export { parseFleet } from '../fleet/parse-fleet.ts';
export type { LedgerEvent, RecordedEvent } from '../ledger/decider/events.ts';
export type { CellState } from '../ledger/decider/state.ts';
export type { EventRange, Head } from '../ledger/ledger.ts';
export { BodyDamaged, LedgerUnavailable, LedgerUnusable } from '../ledger/ledger.ts';
export type { ForeseenPlan } from '../operator/foresee-push.ts';
export type { Outcome } from '../operator/operator.ts';
export type { Push, PushedCell } from '../operator/push-fleet.ts';
export type { Finding } from '../plan/findings.ts';
export type { CellName, DnsName } from '../plan/names.ts';
export type { Plan } from '../plan/plan.ts';
export type { PlanSummary } from '../plan/plan-summary.ts';
export type { OpenPawl, PawlPlace, Preview } from './open-pawl.ts';
export { openPawl, PlaceRefused } from './open-pawl.ts';
