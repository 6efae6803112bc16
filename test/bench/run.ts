import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import type { Figures } from './report.ts';

/**
 * `npm run bench [-- NAME --runs N --quick --out FILE]`: every job in a process of its own, several times; medians in a
 * table, all runs as JSON (by default .cache/bench.json). NAME: the jobs of one file alone. No figure is a test: machines differ.
 */
interface Job {
  readonly file: string;
  readonly args: readonly string[];
  /** Too long for --quick. */
  readonly slow?: boolean;
}

const JOBS: readonly Job[] = [
  { file: 'planning.ts', args: [] },
  { file: 'ledger.ts', args: ['1'] },
  { file: 'ledger.ts', args: ['10000'] },
  { file: 'ledger.ts', args: ['100000'], slow: true },
  { file: 'records.ts', args: ['1'] },
  { file: 'records.ts', args: ['1', 'limited'] },
  { file: 'records.ts', args: ['100'] },
  { file: 'records.ts', args: ['100', 'limited'], slow: true },
  { file: 'trees.ts', args: ['large'] },
  { file: 'trees.ts', args: ['regions'] },
  { file: 'trees.ts', args: ['retained'] },
  { file: 'leases.ts', args: ['10000'] },
  { file: 'leases.ts', args: ['100000'] },
  { file: 'leases.ts', args: ['1000000'] },
  { file: 'leases.ts', args: ['4500000'] },
  { file: 'scale.ts', args: ['100'] },
  { file: 'scale.ts', args: ['1000'] },
  { file: 'scale.ts', args: ['10000'], slow: true },
  { file: 'trail.ts', args: ['100000'] },
  { file: 'trail.ts', args: ['1000000'], slow: true },
  { file: 'start-up.ts', args: [] },
  { file: 'commands.ts', args: [] },
  { file: 'functions.ts', args: [] },
];

interface Run {
  readonly job: string;
  readonly figures: Figures;
}

const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const runs = Number(argument('--runs') ?? 3);
const out = argument('--out') ?? fileURLToPath(new URL('../../.cache/bench.json', import.meta.url));
const isQuick = process.argv.includes('--quick');
const [, , only] = process.argv;
const isMeant = ({ file }: Job): boolean =>
  only === undefined || only.startsWith('--') || file === `${only}.ts`;

const results: { readonly job: string; readonly runs: readonly Figures[]; readonly medians: Figures }[] = [];
for (const job of JOBS.filter(isMeant).filter(({ slow }) => !(isQuick && slow === true))) {
  const done = Array.from({ length: job.slow === true ? 1 : runs }, () => runJob(job));
  const [first] = done;
  if (first === undefined) continue;
  results.push({ job: first.job, runs: done.map(({ figures }) => figures), medians: medians(done) });
}
const table = new Table({ head: ['JOB', 'FIGURE', 'MEDIAN'], style: { head: [], border: [] } });
for (const { job, medians: figures } of results) {
  for (const [name, value] of Object.entries(figures)) table.push([job, name, shown(value)]);
}
process.stdout.write(`${table.toString()}\n`);
mkdirSync(fileURLToPath(new URL('.', `file://${out}`)), { recursive: true });
writeFileSync(out, `${JSON.stringify({ node: process.version, results }, undefined, 2)}\n`);
process.stdout.write(`All runs: ${out}\n`);

function runJob({ file, args }: Job): Run {
  const path = fileURLToPath(new URL(`jobs/${file}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  const line = stdout.trim().split('\n').at(-1);
  if (status !== 0 || line === undefined) throw new Error(`${file} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(line) as Run;
}

function medians(done: readonly Run[]): Figures {
  const names = Object.keys(done[0]?.figures ?? {});
  const median = (values: readonly number[]) =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return Object.fromEntries(
    names.map((name) => [name, median(done.map(({ figures }) => figures[name] ?? 0))]),
  );
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
