import { comparedName, covers } from '../plan/name-patterns.ts';
import type { DnsName } from '../plan/names.ts';

/** The fleet file that a deployment names: its endpoints are the names that its cells write. */
export interface DeployedFleet {
  readonly file: string;
  readonly cells: ReadonlyMap<string, { readonly zone: DnsName; readonly names: readonly DnsName[] }>;
}

/** A cell as the deployment's file has it. */
interface GivenCell {
  readonly zone: string;
  readonly names?: readonly string[] | undefined;
}

/**
 * The names that a cell's endpoints may have, as IAM's StringLike has them: those that are given, and those of the
 * fleet's endpoints which these do not cover; or a sentence that says what is missing or contradictory.
 */
export function namesOfCell(
  cell: string,
  given: GivenCell,
  fleet: DeployedFleet | undefined,
): { readonly names: readonly string[] } | { readonly mistake: string } {
  const declared = fleet?.cells.get(cell);
  if (fleet !== undefined && declared !== undefined && declared.zone !== given.zone)
    return {
      mistake: `${fleet.file} puts the cell ${cell} into the zone ${declared.zone}, and the deployment into ${given.zone}.`,
    };
  const said = (given.names ?? []).map((pattern) => pattern.toLowerCase());
  const others = (declared?.names ?? [])
    .map(comparedName)
    .filter((name) => !said.some((pattern) => covers(pattern, name)));
  if (said.length + others.length > 0) return { names: [...said, ...others] };
  return {
    mistake:
      fleet === undefined
        ? `The cell ${cell} says no names that it may write: give the fleet file ("fleet": "fleet.yaml"), whose endpoints they are then, or the cell's "names", such as ["*.${given.zone}"] for the whole zone.`
        : `${fleet.file} declares no endpoint of the cell ${cell}: add the cell there, or give its "names" in the deployment.`,
  };
}

/** The longest value of one output. CloudFormation names no limit; 1,024 characters is the smallest of its others. */
const OUTPUT_CHARS_MAX = 1_000;

/** The names as outputs of the stack have them, in as many as they need: `{"cell":"use1-a","names":["api.example.test"]}`. */
export function nameOutputs(cell: string, names: readonly string[]): readonly string[] {
  const parts: string[][] = [];
  for (const name of names) {
    const last = parts.at(-1);
    const fits = last !== undefined && outputOf(cell, [...last, name]).length <= OUTPUT_CHARS_MAX;
    if (fits) last.push(name);
    else parts.push([name]);
  }
  return parts.map((part) => outputOf(cell, part));
}

function outputOf(cell: string, names: readonly string[]): string {
  return JSON.stringify({ cell, names });
}
