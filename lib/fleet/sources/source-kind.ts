import type { z } from 'zod';
import type { SourceReference } from '../../plan/fleet-model.ts';
import type { Report } from '../mistakes.ts';
import type { Path } from '../wording.ts';

/**
 * What everybody must know of a source without asking it anything: what a fleet says of it, and what its planner needs.
 * How it is asked is the business of its adapter, which needs a client of the service
 * (docs/adr/0034-a-source-is-one-file.md).
 */
export interface SourceKind {
  /** The key by which a target names it, in the fleet file and in the stored fleet. Never changed once released. */
  readonly name: string;
  /** What stands under the key in the file: the shape only, with errors as lib/fleet/shapes.ts has them. */
  readonly schema: z.ZodType;
  /** What is stored under the key in the fleet's body, and handed to the adapter. */
  readonly reference: z.ZodType<SourceReference>;
  /** Reads what stands under the key, whose shape is right; whatever is wrong with it is reported. */
  readonly read: (given: unknown, path: Path, report: Report) => SourceReference | undefined;
  /** Where it looks, as a person would say it after "is observed". */
  readonly place: string;
  /** What a planner must be permitted to ask; each of these actions is one that takes no resource, for the reason given. */
  readonly permission: { readonly actions: readonly string[]; readonly reason: string };
}
