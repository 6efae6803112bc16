import type { SuccessorCall } from '../enactor/enactor.ts';
import type { LeaseTable } from '../lease/lease-table.ts';
import type { AnchorStore } from '../ledger/anchor-store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerRecords } from '../ledger/ledger-records.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { Surveys } from '../preflight/survey.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Randomness } from '../runtime/ids.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Zone } from '../zone/zone.ts';
import type { ZoneQuota } from '../zone/zone-quota.ts';
import type { DeployedCells, DeployedNames } from './deployed-cells.ts';
import type { NamedServer, ZoneToAsk } from './name-servers.ts';
import type { TableProtections } from './table-protections.ts';
import type { TrailFile } from './trail-files.ts';

/** A ledger that can also be read as it is stored, for `pawl verify`. */
export interface VerifiableLedger extends Ledger {
  readonly records: LedgerRecords;
}

/** What a command or a role works in: the local world of a running `pawl start`, or an AWS account (or an emulator of one). */
export interface World {
  readonly kind: 'local' | 'aws';
  /** One line that every command prints first: `local world of process 4711 (.pawl)`, `table pawl, eu-west-1, account 123456789012`. */
  readonly title: string;
  /** Opened on first use, so that a rescue works while the ledger is dead. @throws LedgerUnavailable, LedgerUnusable. */
  ledger(): Promise<VerifiableLedger>;
  /** The table of leases; absent where nothing names one. Nothing is asked of it before its first verb. */
  readonly leases?: LeaseTable | undefined;
  /** The period of holders that the first planner of a zone asks for, milliseconds; 60 s unless given. */
  readonly leasePeriodMs?: number | undefined;
  /** The hosted zone with that id, for any role: wrap it in guardedZone before writing. */
  zone(zoneId: string): Zone;
  /** How many records the hosted zone with that id may hold. */
  quota(zoneId: string): ZoneQuota;
  /**
   * Ids of hosted zones by name; names without a zone are left out. A zone that the stack names is meant before all
   * others, and a public one before a private one. @throws ZoneUnavailable when several are left.
   */
  zoneIds(names: readonly DnsName[]): Promise<ReadonlyMap<DnsName, string>>;
  /** What keeps the ledger's table; absent where no service has it, as in a local world. */
  readonly tableProtections?: (() => Promise<TableProtections | undefined>) | undefined;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly telemetry: Telemetry;
  /** Who this is in events and fences, 1 to 32 of `a-z0-9-`: `operator-ana`. */
  readonly operator: string;
  /** The cells that a stack serves; absent where nothing says so, and then any cell may be pushed. */
  readonly deployed?: DeployedCells | undefined;
  /** The names that the functions of a stack may write, as IAM has them, by cell; absent for a cell of which nothing says so. */
  readonly deployedNames?: DeployedNames | undefined;
  /**
   * The newest format of a log that everybody at work in this world reads; absent where nothing says so. Only what
   * all of them read may be written.
   */
  readonly functionsRead?: number | undefined;
  /** Starts other enactors; absent where an enactor stands by while its trees propagate. */
  readonly successor?: SuccessorCall | undefined;
  /**
   * The alarms of a root cause that ring now, of these cells of the stack and of its ledger; absent where no stack counts
   * any.
   * @throws AlarmsUnseen.
   */
  readonly ringing?: ((cells: readonly CellName[]) => Promise<readonly string[]>) | undefined;
  /** What a preflight asks; absent in a world of functions. */
  readonly surveys?: Surveys | undefined;
  /** The anchors that keep every event of this world, and how a bucket of others is opened; a local world has no buckets. */
  readonly anchors?:
    | { readonly own?: AnchorStore | undefined; readonly open?: (bucket: string) => AnchorStore }
    | undefined;
  /** The files of the trail that this world writes itself, oldest first; absent where nobody but CloudTrail does. */
  readonly trail?: (() => Promise<readonly TrailFile[]>) | undefined;
  /** The DNS server of a local world. */
  readonly dns?: { readonly host: string; readonly port: number } | undefined;
  /**
   * The address of a client at a place as lib/plan/place-names.ts names it (`eu-west-1`, `DE`, `EU`): in a local world by the
   * table of places that its DNS server was started with, in a function by a table of Regions and the deployment's own
   * (`auditClients`); undefined where nobody is known. Absent for a command in AWS, of whom a person says the client.
   * @throws InvalidValue.
   */
  readonly clientAt?: ((place: string) => Promise<string | undefined>) | undefined;
  /**
   * The name servers of a hosted zone, with an address each: those of its delegation set, which answer for it alone. None
   * for a private zone. Absent where nobody may be asked for them. @throws NotAsked.
   */
  readonly nameServers?: ((zone: ZoneToAsk) => Promise<readonly NamedServer[]>) | undefined;
  /** True where the machine's own resolver may be asked for what the zone answers. */
  readonly asksDns?: boolean | undefined;
  /** Ends what this process opened (sockets, clients); never the world itself. */
  close(): Promise<void>;
}
