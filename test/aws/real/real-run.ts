import type { Route53Client } from '@aws-sdk/client-route-53';
import type { ScratchZone } from './scratch-zone.ts';
import { makeScratchZone, removeScratchZone, scratchName, scratchZones } from './scratch-zone.ts';

/** As much of doctor's report as a run prints. */
export interface DoctorAnswer {
  readonly verdict: string;
  readonly checks: readonly { readonly id: string; readonly result: string; readonly detail: string }[];
}

/** A step of the suite, as the test runner reports it. */
export interface StepAnswer {
  readonly name: string;
  readonly status: string;
}

export interface RealRunDeps {
  readonly route53: Route53Client;
  /** Tries a zone. */
  doctor(zone: string, stop: AbortSignal): Promise<DoctorAnswer>;
  /** Deploys a stack of that name for the zone, and operates it. Absent: doctor alone. */
  readonly suite?:
    | ((zone: string, stack: string, stop: AbortSignal) => Promise<readonly StepAnswer[]>)
    | undefined;
  /** Removes a stack with everything that it leaves; nothing where there is none. */
  removeStack(name: string): Promise<void>;
  print(text: string): void;
  sleep(ms: number): Promise<void>;
  /** Aborted when a person, or the machine, wants an end. What was made is removed all the same. */
  readonly stop: AbortSignal;
}

/** What nobody has on record about Route 53, and doctor asks. */
const ASKED_ABOVE_ALL: Readonly<Record<string, string>> = {
  're-assertion': 'DELETE and CREATE of the identical record in one batch',
  'several-values': 'weighted records with several values',
  'batch-rule': 'which changes of one record set a batch may hold',
};
const REMOVAL_TRIES = 3;
const REMOVAL_PAUSE_MS = 2_000;

function stackName(run: string): string {
  return `pawl-real-${run}`;
}

/**
 * One run in a real account: a zone of its own, what doctor says of it, a stack and a day's work, and the removal of all
 * of it, whatever happened. Resolves with the exit code: 0 when everything was as it should be and nothing is left.
 */
export async function realRun(deps: RealRunDeps, run: string): Promise<number> {
  const { route53, print, stop, suite } = deps;
  for (const { name } of await scratchZones(route53))
    print(`${name} is there, of another run that is at work or broke off: --clean-up removes it.`);
  const zone = scratchName(run);
  const proof: string[] = [];
  let failure: string | undefined;
  try {
    stop.throwIfAborted();
    await makeScratchZone(route53, run);
    print(`made the hosted zone ${zone}`);
    stop.throwIfAborted();
    const answer = await deps.doctor(zone, stop);
    proof.push(...doctorProof(answer));
    stop.throwIfAborted();
    const steps = (await suite?.(zone, stackName(run), stop)) ?? [];
    proof.push(...suiteProof(steps));
    if (answer.verdict !== 'safe') failure = `doctor finds this Route 53 ${answer.verdict}`;
    const broken = steps.filter(({ status }) => status === 'failed').length;
    if (broken > 0) failure = `${broken} steps of the suite failed`;
  } catch (error) {
    failure = stop.aborted ? 'the run was interrupted' : said(error);
  }
  const left = await removeRun(deps, run, suite !== undefined);
  print(['', 'What this run has shown:', ...(proof.length === 0 ? ['  nothing'] : proof)].join('\n'));
  if (failure !== undefined) print(`Not as it should be: ${failure}.`);
  return failure === undefined && left === 0 ? 0 : 1;
}

/** Removes what runs have left that broke off. Resolves with the exit code. */
export async function cleanUpRuns(deps: RealRunDeps): Promise<number> {
  const zones = await scratchZones(deps.route53);
  if (zones.length === 0) deps.print('There is no hosted zone of an earlier run.');
  let left = 0;
  for (const { run } of zones) left += await removeRun(deps, run, true);
  return left === 0 ? 0 : 1;
}

/** The stack first, whose functions write to the zone. The zone last: it is what an earlier run is known by. */
async function removeRun(deps: RealRunDeps, run: string, hasStack: boolean): Promise<number> {
  const { route53, print } = deps;
  const stack = stackName(run);
  const isStackGone = !hasStack || (await removed(deps, `the stack ${stack}`, () => deps.removeStack(stack)));
  if (!isStackGone) {
    print(`The zone ${scratchName(run)} stays until the stack is gone: run --clean-up once more.`);
    return 1;
  }
  const isZoneGone = await removed(deps, `the hosted zone ${scratchName(run)}`, async () => {
    const mine = (await scratchZones(route53)).filter((zone: ScratchZone) => zone.run === run);
    for (const zone of mine) await removeScratchZone(route53, zone);
  });
  return isZoneGone ? 0 : 1;
}

async function removed(
  { print, sleep }: RealRunDeps,
  what: string,
  remove: () => Promise<void>,
): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await remove();
      print(`removed ${what}`);
      return true;
    } catch (error) {
      if (attempt < REMOVAL_TRIES) {
        await sleep(REMOVAL_PAUSE_MS);
        continue;
      }
      print(`could not remove ${what} (${said(error)}): --clean-up tries again.`);
      return false;
    }
  }
}

function doctorProof({ verdict, checks }: DoctorAnswer): readonly string[] {
  const above = Object.entries(ASKED_ABOVE_ALL).map(([id, what]) => {
    const check = checks.find((each) => each.id === id);
    return `  ${what}: ${check === undefined ? 'not asked' : `${check.result} (${check.detail})`}`;
  });
  const others = checks.filter(({ id }) => !(id in ASKED_ABOVE_ALL));
  return [
    ...above,
    `  doctor finds this Route 53 ${verdict}:`,
    ...others.map(({ id, result }) => `    ${id}: ${result}`),
  ];
}

function suiteProof(steps: readonly StepAnswer[]): readonly string[] {
  if (steps.length === 0) return ['  no step of the suite'];
  return ['  steps of the suite:', ...steps.map(({ name, status }) => `    ${status}: ${name}`)];
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
