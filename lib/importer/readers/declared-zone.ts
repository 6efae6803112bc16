import type { DnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Unexpressed } from '../described-zone.ts';

/** A file that a person named, as it was read from the disk. */
export interface GivenFile {
  /** As the person wrote it; mistakes begin with it. */
  readonly path: string;
  readonly text: string;
}

/** What files of another tool declare for one zone, as Route 53 would hold it. */
export interface DeclaredZone {
  readonly name: DnsName;
  /** Absent where the files do not say it. An alias to a name of the zone itself then has an empty `zoneId`. */
  readonly id?: string | undefined;
  /** What tells it from another zone of the same name, such as a tag. */
  readonly tag?: string | undefined;
  readonly records: readonly RecordSet[];
  /** Names of `records` that the tool makes up to route with. Nobody asks for them. */
  readonly inner: ReadonlySet<DnsName>;
  /** What no record says, with the reason. */
  readonly left: readonly Unexpressed[];
  /** What the owner of the fleet file must know of a name. */
  readonly remarks: ReadonlyMap<DnsName, readonly string[]>;
}

/** The zones of all files, or every mistake as `FILE:LINE:COLUMN: sentence` or `FILE: sentence`. */
export type DeclaredZones =
  | { readonly type: 'zones'; readonly zones: readonly DeclaredZone[] }
  | { readonly type: 'invalid'; readonly mistakes: readonly string[] };

/** What a reader does: it reads all files of one tool. Pure; never throws. */
export type ReadDeclared = (files: readonly GivenFile[], asked: AskedZone) => DeclaredZones;

/** What a person said of the zone. */
export interface AskedZone {
  /** The zone's name, where a file does not say it; where it does, the zone that is meant. */
  readonly name?: DnsName | undefined;
  /** The zone's id: it tells zones apart where the files say ids, and is believed where they do not. */
  readonly id?: string | undefined;
  /** Which of the zones of that name; empty for the one without a tag. */
  readonly tag?: string | undefined;
}
