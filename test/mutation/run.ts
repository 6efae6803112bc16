// Mutates the pure code and says how many of the mutants its tests kill.
//
//   node test/mutation/run.ts               every file, and writes test/mutation/scores.json
//   node test/mutation/run.ts FILE...       these files, and writes their lines of it
//   node test/mutation/run.ts --ci          what changed since scores.json was written, then a sample of the
//                                           most dangerous files, about three minutes of work; writes nothing
//
// With --static also those mutants that are made when a module is loaded (tables, regular expressions): each needs
// every test, and they take three quarters of the time.
//
// Fails when fewer than 90 % are killed, of what was run or of all files together.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';

const THRESHOLD_PERCENT = 90;
/** Some three minutes on two cores. */
const CI_MUTANTS_MAX = 150;
/** For a file that was never run. */
const MUTANTS_A_LINE = 2;
const REPORT = '.cache/mutation/report.json';
const SCORES = 'test/mutation/scores.json';

const MUTATED = [
  'lib/plan/**/*.ts',
  'lib/cell/{standing,next-fence,packing,proposal}.ts',
  'lib/ledger/{execute,chain,entry-limits,plan-bodies}.ts',
  'lib/ledger/decider/{decide,evolve,bounded-event,state-room,state-json,event-shape,recorded-finding}.ts',
];
/** What a wrong line could do the most harm in comes first. */
const MOST_DANGEROUS = [
  'lib/plan/fence.ts',
  'lib/cell/standing.ts',
  'lib/plan/batch-kinds.ts',
  'lib/plan/roots.ts',
  'lib/plan/trees.ts',
  'lib/plan/batches.ts',
  'lib/plan/records.ts',
  'lib/plan/owned-names.ts',
  'lib/plan/regression.ts',
  'lib/plan/predicted-view.ts',
  'lib/ledger/decider/decide.ts',
  'lib/ledger/decider/evolve.ts',
];

interface Score {
  /** First digits of the SHA-256 of the file that was mutated. */
  readonly source: string;
  readonly killed: number;
  readonly survived: number;
}

type Scores = Readonly<Record<string, Score>>;

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

function allFiles(): readonly string[] {
  const rank = (file: string) => {
    const index = MOST_DANGEROUS.indexOf(file);
    return index < 0 ? MOST_DANGEROUS.length : index;
  };
  return globSync(MUTATED).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function sourceOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
}

function recordedScores(): Scores {
  return JSON.parse(readFileSync(SCORES, 'utf8')) as Scores;
}

/** Changed files first, then the rest, until there is enough to do. */
function sampleFor(files: readonly string[], recorded: Scores): readonly string[] {
  const changed = files.filter((file) => recorded[file]?.source !== sourceOf(file));
  const chosen: string[] = [];
  let mutants = 0;
  for (const file of [...changed, ...files.filter((each) => !changed.includes(each))]) {
    const score = recorded[file];
    const lines = readFileSync(file, 'utf8').split('\n').length;
    const expected = score === undefined ? lines * MUTANTS_A_LINE : score.killed + score.survived;
    if (mutants + expected > CI_MUTANTS_MAX) continue;
    mutants += expected;
    chosen.push(file);
  }
  const left = changed.filter((file) => !chosen.includes(file));
  if (left.length > 0)
    say(`too much has changed for one run; left to \`npm run test:mutation\`: ${left.join(', ')}`);
  return chosen;
}

function mutate(files: readonly string[]): Scores {
  const statics = withStatic ? [] : ['--ignoreStatic'];
  const { status } = spawnSync('stryker', ['run', '--mutate', files.join(','), ...statics], {
    stdio: 'inherit',
    // vitest.mutation.config.ts reads it.
    env: { ...process.env, ...(withStatic ? { PAWL_STATIC_MUTANTS: '1' } : {}) },
  });
  if (status !== 0) throw new Error(`stryker ended with ${status}`);
  const report = JSON.parse(readFileSync(REPORT, 'utf8')) as {
    readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
  };
  const scores: Record<string, Score> = {};
  // A file of types only has no mutant, and is not in the report.
  for (const file of files) {
    const mutants = report.files[file]?.mutants ?? [];
    const alive = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
    const killed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    scores[file] = { source: sourceOf(file), killed, survived: alive.length };
    for (const { location, mutatorName, replacement = '', status } of alive) {
      const place = `${file}:${location.start.line}:${location.start.column}`;
      say(`${place} ${status} ${mutatorName}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 100)}`);
    }
  }
  return scores;
}

function percentOf(scores: Scores): number {
  const killed = Object.values(scores).reduce((sum, score) => sum + score.killed, 0);
  const survived = Object.values(scores).reduce((sum, score) => sum + score.survived, 0);
  return killed + survived === 0 ? 100 : (killed * 100) / (killed + survived);
}

function tell(scores: Scores): void {
  for (const [file, score] of Object.entries(scores)) {
    const percent = percentOf({ [file]: score })
      .toFixed(1)
      .padStart(5);
    say(
      `${percent} %  ${String(score.killed).padStart(4)} killed ${String(score.survived).padStart(3)} not  ${file}`,
    );
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const given = process.argv.slice(2);
const inCi = given.includes('--ci');
const withStatic = given.includes('--static');
const all = allFiles();
const named = given.filter((word) => word !== '--ci' && word !== '--static');
const unknown = named.filter((file) => !all.includes(file));
if (unknown.length > 0) throw new Error(`not among the files that are mutated: ${unknown.join(', ')}`);

const recorded = inCi || named.length > 0 ? recordedScores() : {};
const files = inCi ? sampleFor(all, recorded) : named.length > 0 ? named : all;
const measured = mutate(files);
const together: Scores = Object.fromEntries(
  all.flatMap((file) => {
    const score = measured[file] ?? recorded[file];
    return score === undefined ? [] : [[file, score]];
  }),
);
if (!inCi) writeFileSync(SCORES, `${JSON.stringify(together, undefined, 2)}\n`);

tell(measured);
const ofRun = percentOf(measured);
const ofAll = percentOf(together);
say(
  `killed: ${ofRun.toFixed(1)} % of this run, ${ofAll.toFixed(1)} % of all files; at least ${THRESHOLD_PERCENT} % is needed`,
);
if (Math.min(ofRun, ofAll) < THRESHOLD_PERCENT) process.exitCode = 1;
