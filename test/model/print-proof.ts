import type { ProtocolStep } from '../../lib/proof/theory.ts';
import { proveBeginning, proveStep } from './proof.ts';
import { startSolver } from './solver.ts';
import type { Proven } from './theories.ts';
import { THEORIES } from './theories.ts';
import type { Variant } from './variant.ts';
import { surprisesOf } from './variant.ts';

const solver = startSolver();

/** One row of a table, and whether it is as it must be. */
interface Row {
  readonly text: string;
  readonly isRight: boolean;
}

async function stepRow({ theory }: Proven, step: ProtocolStep | undefined): Promise<Row> {
  const startedAt = performance.now();
  const proof = await (step === undefined ? proveBeginning(solver, theory) : proveStep(solver, theory, step));
  const { broken, unknown, impossible } = proof;
  const open = [...broken.map((name) => `broken: ${name}`), ...unknown.map((name) => `unknown: ${name}`)];
  const ways = step?.happens.length ?? 1;
  const kept = open.length === 0 ? 'all' : open.join(', ');
  return {
    text: `| ${proof.step} | ${kept} | ${ways - impossible.length} of ${ways} | ${secondsSince(startedAt)} |`,
    isRight: open.length + impossible.length === 0,
  };
}

async function variantRow({ theory }: Proven, variant: Variant): Promise<Row> {
  const startedAt = performance.now();
  const surprises = await surprisesOf(solver, theory, variant);
  const steps = variant.alters.map(({ step }) => step).join(', ');
  const breaks = variant.alters.flatMap((each) => each.breaks).join(', ');
  const said = surprises.length === 0 ? breaks : `NOT AS EXPECTED: ${surprises.join('; ')}`;
  return {
    text: `| ${variant.name} | ${steps} | ${said} | ${secondsSince(startedAt)} |`,
    isRight: surprises.length === 0,
  };
}

/** Begins these in their order, as many at once as Z3 answers. */
function begun(rows: readonly (() => Promise<Row>)[]): readonly Promise<Row>[] {
  const results = rows.map(() => Promise.withResolvers<Row>());
  const left = [...rows.entries()];
  const goOn = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, row] = next;
      await row().then(results[index]?.resolve, results[index]?.reject);
    }
  };
  for (let count = 0; count < solver.processes; count += 1) void goOn();
  return results.map(({ promise }) => promise);
}

/** Proves everything, and prints a table of it. Exits with 1 where something is not proven, or not refuted. */
async function printProof(): Promise<void> {
  const startedAt = performance.now();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const rows = begun(
    THEORIES.flatMap((proven) => [
      ...[undefined, ...proven.theory.steps].map((step) => () => stepRow(proven, step)),
      ...proven.variants.map((variant) => () => variantRow(proven, variant)),
    ]),
  );
  let failures = 0;
  let read = 0;
  const print = async (count: number): Promise<void> => {
    for (const row of rows.slice(read, read + count)) {
      const { text, isRight } = await row;
      if (!isRight) failures += 1;
      say(text);
    }
    read += count;
  };
  for (const { theory, variants } of THEORIES) {
    say(`\n# ${theory.name}: ${theory.invariants.length} invariants`);
    say('\n| step | kept | shown to happen | s |\n|---|---|---|---|');
    await print(1 + theory.steps.length);
    say('\n| broken variant | fails at | what it breaks | s |\n|---|---|---|---|');
    await print(variants.length);
  }
  const steps = THEORIES.flatMap(({ theory }) => theory.steps);
  const ways = steps.reduce((sum, { happens }) => sum + happens.length, THEORIES.length);
  const variants = THEORIES.reduce((sum, each) => sum + each.variants.length, 0);
  const verdict = failures === 0 ? 'all as it must be' : `${failures} not as they must be`;
  const took = `${secondsSince(startedAt)} s, in ${solver.processes} processes`;
  say(
    `\n${steps.length} steps, ${ways} ways in which they happen, ${variants} broken variants in ${took}: ${verdict}`,
  );
  process.exitCode = failures === 0 ? 0 : 1;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(1);
}

try {
  await printProof();
} finally {
  solver.end();
}
