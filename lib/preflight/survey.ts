import type { CellDeployment } from '../infrastructure/deployment.ts';
import type { DnsName } from '../plan/names.ts';

/** A question of the preflight has no answer that counts. The message is a clause that says why. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

/** A hosted zone, and the role through which it is asked for where it is another account's. */
export type SurveyedZone = Pick<CellDeployment, 'zone' | 'zoneId' | 'readerRoleArn' | 'externalId'>;

/** What Route 53 says of a hosted zone. */
export interface HostedZoneFacts {
  readonly name: DnsName;
  readonly private: boolean;
  /** The names of its delegation set; empty for a private zone. */
  readonly nameServers: readonly DnsName[];
  /** Whether accelerated recovery is enabled; a status that is neither on nor off, as Route 53 writes it. */
  readonly acceleratedRecovery: 'enabled' | 'disabled' | string;
}

/** How many of something there are, and how many there may be. */
export interface Room {
  readonly used: number;
  readonly limit: number;
}

/**
 * Route 53, read and never written to. Every verb is one request, except `throttledOf`; none is tried again after a
 * Throttling, because that is what a person wants to know. Every verb throws {@link NotAsked}.
 */
export interface ZoneSurvey {
  /** Undefined: there is no such zone for this caller. */
  describe(zone: SurveyedZone): Promise<HostedZoneFacts | undefined>;
  /** Record sets of the zone. */
  records(zone: SurveyedZone): Promise<Room>;
  /** Sends that many reads at once; resolves with the number of those that were throttled. */
  throttledOf(zone: SurveyedZone, requests: number): Promise<number>;
}

/** A stack as CloudFormation describes it. */
export interface StackFacts {
  /** `CREATE_COMPLETE`, `ROLLBACK_COMPLETE`, … */
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly account: string;
  readonly region: string;
}

/** The account and Region that the stack is for. One request a verb. Every verb throws {@link NotAsked}. */
export interface AccountSurvey {
  /** Undefined: there is no stack of that name. */
  stack(name: string): Promise<StackFacts | undefined>;
  /** Lambda's concurrency of the account: its limit, and what no function has reserved. */
  concurrency(): Promise<{ readonly limit: number; readonly unreserved: number }>;
  /** Whether the caller may act as a role of the account. */
  mayAssume(roleArn: string): Promise<boolean>;
  /** The subscriptions of a topic: those that are confirmed, and those that still wait for an answer. */
  subscriptions(topicArn: string): Promise<{ readonly confirmed: number; readonly pending: number }>;
  /** DNS names of the load balancers that the account has in a Region, in lower case. */
  loadBalancers(region: string): Promise<ReadonlySet<string>>;
}

/** DNS, as everybody sees it. Every verb throws {@link NotAsked} when no server gives an answer that counts. */
export interface NameSurvey {
  /** The name servers that the zone above delegates a zone to; undefined: it delegates nothing. Asked of its own servers. */
  delegation(zone: DnsName): Promise<readonly DnsName[] | undefined>;
  /** Whether a name has an address. */
  resolves(name: DnsName): Promise<boolean>;
  /** The IPv4 addresses of a name, as this machine's resolver finds them; none where there are none. */
  addresses(name: DnsName): Promise<readonly string[]>;
}

export interface Surveys {
  readonly zones: ZoneSurvey;
  readonly account: AccountSurvey;
  readonly names: NameSurvey;
}
