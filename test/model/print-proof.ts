import { proveBeginning, proveStep } from './proof.ts';
import { startSolver } from './solver.ts';
import { THEORIES } from './theories.ts';
import { surprisesOf } from './variant.ts';

/** Proves everything, and prints a table of it. Exits with 1 where something is not proven, or not refuted. */
async function printProof(): Promise<void> {
  const solver = await startSolver();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const startedAtAll = performance.now();
  const counted = { steps: 0, ways: 0, variants: 0 };
  let failures = 0;
  try {
    for (const { theory, variants } of THEORIES) {
      say(
        `\n# ${theory.name}: ${theory.invariants.length} invariants\n\n| step | kept | shown to happen | s |\n|---|---|---|---|`,
      );
      for (const step of [undefined, ...theory.steps]) {
        const startedAt = performance.now();
        const proof = await (step === undefined
          ? proveBeginning(solver, theory)
          : proveStep(solver, theory, step));
        const { broken, unknown, impossible } = proof;
        const open = [
          ...broken.map((name) => `broken: ${name}`),
          ...unknown.map((name) => `unknown: ${name}`),
        ];
        const ways = step?.happens.length ?? 1;
        counted.steps += step === undefined ? 0 : 1;
        counted.ways += ways;
        if (open.length + impossible.length > 0) failures += 1;
        say(
          `| ${proof.step} | ${open.length === 0 ? 'all' : open.join(', ')} | ${ways - impossible.length} of ${ways} | ${secondsSince(startedAt)} |`,
        );
      }
      say('\n| broken variant | fails at | what it breaks | s |\n|---|---|---|---|');
      for (const variant of variants) {
        const startedAt = performance.now();
        const surprises = await surprisesOf(solver, theory, variant);
        if (surprises.length > 0) failures += 1;
        counted.variants += 1;
        const steps = variant.alters.map(({ step }) => step).join(', ');
        const breaks = variant.alters.flatMap((each) => each.breaks).join(', ');
        const said = surprises.length === 0 ? breaks : `NOT AS EXPECTED: ${surprises.join('; ')}`;
        say(`| ${variant.name} | ${steps} | ${said} | ${secondsSince(startedAt)} |`);
      }
    }
  } finally {
    solver.end();
  }
  const { steps, ways, variants } = counted;
  const verdict = failures === 0 ? 'all as it must be' : `${failures} not as they must be`;
  say(
    `\n${steps} steps, ${ways} ways in which they happen, ${variants} broken variants in ${secondsSince(startedAtAll)} s: ${verdict}`,
  );
  process.exitCode = failures === 0 ? 0 : 1;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1_000).toFixed(1);
}

await printProof();
