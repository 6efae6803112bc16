import type { z } from 'zod';
import type { SourceReference, TargetHealth } from '../../plan/fleet-model.ts';
import type { ReportMistake } from '../mistakes.ts';
import type { Path } from '../wording.ts';

/**
 * The static facts of a source: its part of the fleet file, and the permissions that its planner needs. Its adapter,
 * which needs a client of the service, knows how to ask it (docs/adr/0034-a-source-is-one-file.md).
 */
export interface SourceKind {
  /** The key by which a target names it, in the fleet file and in the stored fleet. Never changed once released. */
  readonly name: string;
  /** The shape of the value under the key in the file, with errors as lib/fleet/shapes.ts has them. */
  readonly schema: z.ZodType;
  /** The value under the key in the stored fleet, which the adapter gets. */
  readonly reference: z.ZodType<SourceReference>;
  /** Reads the value under the key, whose shape is right, and reports every mistake in it. */
  readonly read: (given: unknown, path: Path, report: ReportMistake) => SourceReference | undefined;
  /** The value under the key in the file that is read as this reference: {@link read} reversed. */
  readonly write: (reference: SourceReference) => unknown;
  /** Where it looks: a phrase that completes "is observed". */
  readonly place: string;
  /** The format of a stored fleet in which a target first may name it; the first unless given. */
  readonly fleetFormat?: number;
  /** Health of a target that it has never observed, while it is blind or nobody asks it; as declared unless given. */
  readonly unobserved?: TargetHealth;
  /** What is too much in a cell's targets that name it, in one sentence; undefined when nothing is. */
  readonly limit?: (
    targets: readonly { readonly az: string; readonly reference: SourceReference }[],
  ) => string | undefined;
  /**
   * The actions that a planner needs permission for. None of them can be limited to a resource, for the reason given.
   * Absent where the stack gives what is needed with a resource of its own.
   */
  readonly permission?: { readonly actions: readonly string[]; readonly reason: string };
}
