import type { Deployment } from '../infrastructure/deployment.ts';
import type { DnsName } from '../plan/names.ts';
import type { SurveyedZone, Surveys } from './survey.ts';

/**
 * `blocks`: the deployment would be refused, or a cell would not do its work. `advises`: all works today, and a person
 * should know what the cell goes without.
 */
export type Weight = 'blocks' | 'advises';

/**
 * `unknown`: it could not be asked, which never counts as met. `later`: it can be asked only once the stack is
 * deployed, or from another place.
 */
export type PreconditionStanding = 'met' | 'unmet' | 'unknown' | 'later';

/** What is so, in one place. */
interface Described {
  /** Stable, kebab-case: `delegation`. */
  readonly id: string;
  /** What is asserted, as a sentence. */
  readonly asserts: string;
  readonly weight: Weight;
  /** What happens to somebody who deploys all the same. */
  readonly unmetMeans: string;
}

/** What a precondition found: a clause for a person. `later` says from where, or when, it can be asked. */
export interface Found {
  readonly standing: Exclude<PreconditionStanding, 'unknown'>;
  readonly detail: string;
}

/** A precondition of every hosted zone. */
export interface ZonePrecondition extends Described {
  /** @throws NotAsked. */
  look(surveys: Surveys, zone: SurveyedZone): Promise<Found>;
}

/** A precondition of the stack, looked at once. */
export interface StackPrecondition extends Described {
  /** @throws NotAsked. */
  look(surveys: Surveys, intent: Intent): Promise<Found>;
}

/** What somebody means to deploy. */
export interface Intent {
  readonly deployment: Deployment;
  /** The alias targets of the fleet file that will be pushed; absent without a file. */
  readonly aliases?: readonly DnsName[] | undefined;
}

export const met = (detail: string): Found => ({ standing: 'met', detail });
export const unmet = (detail: string): Found => ({ standing: 'unmet', detail });
export const later = (detail: string): Found => ({ standing: 'later', detail });
