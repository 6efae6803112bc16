import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const action = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(
    z.string(),
    z.strictObject({
      description: z.string(),
      required: z.boolean().optional(),
      default: z.string().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({
    using: z.literal('composite'),
    steps: z.array(
      z.strictObject({
        name: z.string(),
        id: z.string().optional(),
        if: z.string().optional(),
        shell: z.literal('bash'),
        env: z.record(z.string(), z.string()).optional(),
        run: z.string(),
      }),
    ),
  }),
});

/** What a runner gives an action, as far as this one asks for it. */
export interface ActionRun {
  readonly inputs: Readonly<Record<string, string>>;
  /** The values of the context `github`, by their paths below it. */
  readonly github?: Readonly<Record<string, string>>;
  /** Where the job stands. */
  readonly folder: string;
  /** A folder of programs that come before the machine's. */
  readonly programs?: string;
}

export interface ActionEnd {
  /** The exit code of the step that failed; 0 where none did. */
  readonly exit: number;
  /** The step that failed. */
  readonly failed?: string;
  readonly steps: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
}

/** Parses a composite action. @throws for a key that this runner does not know. */
export async function readAction(path: string): Promise<z.output<typeof action>> {
  return action.parse(parse(await readFile(path, 'utf8')));
}

/**
 * Runs the steps of a composite action as GitHub's runner does: bash with -eo pipefail, files for outputs and the summary,
 * and no more of the expression language than these steps use. It is strict: an expression, a value of `github` or an
 * input that nobody gives throws.
 */
export async function runAction(path: string, run: ActionRun): Promise<ActionEnd> {
  const { inputs: declared, outputs, runs } = await readAction(path);
  const unknown = Object.keys(run.inputs).filter((name) => declared[name] === undefined);
  if (unknown.length > 0) throw new Error(`The action has no input ${unknown.join(', ')}.`);
  const values = new Map<string, string>([['github.action_path', dirname(path)]]);
  for (const [name, value] of Object.entries(run.github ?? {})) values.set(`github.${name}`, value);
  for (const [name, each] of Object.entries(declared)) {
    const given = run.inputs[name] ?? (each.default === undefined ? undefined : filled(each.default, values));
    if (given === undefined) throw new Error(`The input ${name} is not given.`);
    values.set(`inputs.${name}`, given);
  }
  const temporary = await mkdtemp(join(run.folder, 'runner-'));
  const files = { output: join(temporary, 'output'), summary: join(temporary, 'summary') };
  await mkdir(join(temporary, 'temp'));
  await writeFile(files.summary, '');
  const steps: string[] = [];
  let log = '';
  let end: Pick<ActionEnd, 'exit' | 'failed'> = { exit: 0 };
  for (const step of runs.steps) {
    if (step.if !== undefined && !holds(step.if, values)) continue;
    steps.push(step.name);
    await writeFile(files.output, '');
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text, values)]),
    );
    const performed = await bash(step.run, run, {
      ...env,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      RUNNER_TEMP: join(temporary, 'temp'),
    });
    log += performed.log;
    for (const line of (await readFile(files.output, 'utf8')).split('\n').filter((each) => each !== '')) {
      const at = line.indexOf('=');
      values.set(`steps.${step.id ?? ''}.outputs.${line.slice(0, at)}`, line.slice(at + 1));
    }
    if (performed.exit === 0) continue;
    end = { exit: performed.exit, failed: step.name };
    break;
  }
  const shown = Object.entries(outputs).map(([name, { value }]) => [name, filled(value, values)]);
  return {
    ...end,
    steps,
    outputs: Object.fromEntries(shown),
    summary: await readFile(files.summary, 'utf8'),
    log,
  };
}

/** A text with its expressions filled in. */
function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
    const found = expression.split(' || ').map((name) => givenValue(name, values));
    return found.find((each) => each !== '') ?? '';
  });
}

/** Comparisons of values with texts, all of which have to hold. */
function holds(condition: string, values: ReadonlyMap<string, string>): boolean {
  return condition.split(' && ').every((part) => {
    const [, name, text] = /^([\w.-]+) == '([^']*)'$/.exec(part) ?? [];
    if (name === undefined || text === undefined)
      throw new Error(`This runner does not know the condition "${part}".`);
    return givenValue(name, values) === text;
  });
}

function givenValue(name: string, values: ReadonlyMap<string, string>): string {
  const value = values.get(name);
  // The outputs of a step that did not run are empty.
  if (value === undefined && !/^steps\.\w+\.outputs\.\w+$/.test(name))
    throw new Error(`Nobody gives a value of "${name}".`);
  return value ?? '';
}

/** Runs a script as the shell "bash" of a workflow does, without the variables by which Pawl or AWS are chosen. */
export async function bash(
  script: string,
  { folder, programs }: Pick<ActionRun, 'folder' | 'programs'>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exit: number; readonly log: string }> {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS|PAWL|GITHUB)_/.test(name));
  const path = [...(programs === undefined ? [] : [programs]), process.env['PATH'] ?? ''].join(':');
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...Object.fromEntries(own), PATH: path, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      log += String(data);
    });
  await once(child, 'close');
  return { exit: child.exitCode ?? 128, log };
}
