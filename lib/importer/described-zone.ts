import type { FleetRoute } from '../plan/fleet-model.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { AliasTarget } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { TargetIds } from './target-ids.ts';

/** The hosted zone that is imported, by its name and its id. */
export interface ImportedZone {
  readonly name: DnsName;
  /** Empty where the files of another tool do not say it. */
  readonly id: string;
}

/** Records that no fleet file can describe. No push changes them. */
export interface Unexpressed {
  readonly name: DnsName;
  readonly type: string;
  /** Why, without a full stop. */
  readonly reason: string;
}

/** One cell of the file. */
export interface DescribedCell {
  readonly cell: CellName;
  readonly endpoints: readonly DnsName[];
}

/** A fleet file that answers as the zone does, and what it leaves out. */
export interface DescribedZone {
  /** The text of the file, with comments for the person who will own it; absent when nothing can be described. */
  readonly yaml?: string | undefined;
  readonly cells: readonly DescribedCell[];
  readonly unexpressed: readonly Unexpressed[];
  /** Endpoints of which the file has a shorter TTL than a record of the zone has. */
  readonly lowered: readonly LoweredTtl[];
}

/** A TTL of the file beside the longest of the records, seconds. */
export interface LoweredTtl {
  readonly name: DnsName;
  readonly fromS: number;
  readonly toS: number;
}

/** A target as the file will have it. */
export interface TargetDraft {
  readonly id: string;
  readonly capacity: number;
  /** True for a record of weight 0, which gets no traffic. */
  readonly idle: boolean;
  readonly ipv4?: readonly string[] | undefined;
  readonly ipv6?: readonly string[] | undefined;
  readonly hostname?: string | undefined;
  readonly alias?: AliasTarget | undefined;
  readonly healthCheckId?: string | undefined;
  /** The record's set identifier, where that is not the target's id. */
  readonly remark?: string | undefined;
}

/** An endpoint as the file will have it, with its targets. */
export interface EndpointDraft {
  readonly name: DnsName;
  readonly kind: 'addresses' | 'hostname' | 'alias';
  /** Seconds; absent for aliases, which have none. */
  readonly ttl?: number | undefined;
  /** The longest TTL of the records, seconds; absent where `ttl` is none shorter. */
  readonly loweredFromS?: number | undefined;
  readonly families: readonly ('A' | 'AAAA')[];
  readonly targets: readonly TargetDraft[];
  /** Absent: the targets are one set, by their capacities. */
  readonly route?: FleetRoute | undefined;
  readonly remarks: readonly string[];
}

/** The context of the name that is being described. */
export interface Surroundings {
  readonly zone: ImportedZone;
  readonly view: ZoneView;
  /** Names of the zone that are delegated to other name servers. */
  readonly delegations: readonly DnsName[];
  readonly ids: TargetIds;
}
