import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { exportPlan } from '../../operator/export-plan.ts';
import type { Outcome } from '../../operator/operator.ts';
import { foreseeRescue, rescuePlan } from '../../operator/rescue-plan.ts';
import { rescueToRollback } from '../../operator/rescue-to-rollback.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { Plan } from '../../plan/plan.ts';
import { planDigest, shortDigest } from '../../plan/plan.ts';
import { formatPlan } from '../../plan/plan-json.ts';
import { instant } from '../../runtime/clock.ts';
import type { World } from '../../wiring/world.ts';
import { zoneWriter } from '../../wiring/zone-writer.ts';
import { EXIT } from '../command/exit-codes.ts';
import { BadInput, done, systemCode } from '../command/failures.ts';
import { hostedZoneId } from '../command/hosted-zone-id.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import { wholeNumber } from '../command/option-values.ts';
import { readPlanFile } from '../command/plan-files.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { fenceWait, insyncSettings } from '../command/workflow-deps.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { some } from '../printing/event-text.ts';
import { counted, tame } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';

import { rescueSteps, rollbackSteps } from './rescue-steps.ts';

interface RescueFlags {
  readonly export?: boolean;
  readonly plan?: string;
  readonly toRollback?: boolean;
  readonly from?: string;
  readonly cell?: string;
  readonly zone?: string;
  readonly zoneId?: string;
  readonly orphans?: boolean;
  readonly takeOver?: readonly string[];
  readonly out?: string;
  readonly within: number;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export function rescueCommand(runtime: Runtime): Command {
  return newCommand(
    'rescue',
    'Repair a cell with Route 53 alone: needs no ledger and no function, and leaves the cell frozen.',
    [
      [
        'pawl rescue --export --cell use1-a --zone example.com --out plan.json',
        'what the zone holds, as a plan',
      ],
      ['pawl rescue --plan plan.json', 'makes the zone answer as the file says'],
      ['pawl rescue --to-rollback --cell use1-a --zone example.com', 'back to what was live before'],
    ],
  )
    .option('--export', "rebuild a plan from the zone's own trees; writes nothing to the zone")
    .option('--plan <file>', 'make the zone answer as this plan says')
    .option(
      '--to-rollback',
      'point every root at what its rollback root points at; asked twice it changes nothing',
    )
    .option(
      '--from <digest>',
      'with --to-rollback: leave this very plan, also for what was rolled back before',
    )
    .argument('[cell]', 'the same as --cell')
    .option('--cell <cell>', 'the cell; --plan says it itself')
    .option('--zone <name>', 'the name of its zone; --plan says it itself')
    .option('--zone-id <id>', 'its id, where several zones have that name')
    .option('--orphans', 'with --export: also endpoints of which only trees are left')
    .option(
      '--take-over <names...>',
      "with --plan: replace what stands at these names, though it is not Pawl's",
    )
    .option('--out <file>', 'write the plan that is live afterwards to this new file, not to standard output')
    .option(
      '--within <seconds>',
      'wait so long for trees to reach every name server',
      wholeNumber(1, 3_600),
      300,
    )
    .option('--yes', 'do not ask')
    .option('--dry-run', 'show what would change, and write nothing')
    .action((_: string | undefined, flags: RescueFlags, command: Command) =>
      runtime.run(command, (session) => rescue(session, flags)),
    );
}

async function rescue(session: Session, flags: RescueFlags): Promise<CommandResult> {
  const ways = [flags.export === true, flags.plan !== undefined, flags.toRollback === true];
  if (ways.filter(Boolean).length !== 1)
    throw new BadInput('Say how to rescue: one of --export, --plan FILE and --to-rollback.');
  if (flags.from !== undefined && flags.toRollback !== true)
    throw new BadInput('--from says what --to-rollback shall leave: give both, or neither.');
  const world = await session.world();
  if (flags.plan !== undefined) return rescueWithFile(session, world, flags.plan, flags);
  const scope = await typedScope(world, flags);
  return flags.export === true
    ? exportFromZone(session, world, scope, flags)
    : rescueToRollbackRoots(session, world, scope, flags);
}

async function typedScope(world: World, { cell, zone, zoneId }: RescueFlags): Promise<CellScope> {
  if (cell === undefined || zone === undefined)
    throw new BadInput('Without the ledger nobody knows where a cell lives: give --cell and --zone.');
  return {
    cell: cellName(cell),
    zone: dnsName(zone),
    zoneId: await hostedZoneId(world, zoneId ?? zone),
  };
}

async function exportFromZone(
  session: Session,
  world: World,
  scope: CellScope,
  { orphans, out, dryRun }: RescueFlags,
): Promise<CommandResult> {
  const writer = zoneWriter(world, 'rescue', scope);
  const { plan, guessed, leftOut } = done(await exportPlan(writer, { orphans: orphans === true }));
  for (const { name, reason } of guessed) session.remark(`look at ${name}: ${tame(reason)}\n`);
  for (const { name, reason } of leftOut) session.remark(`left out ${name}: ${tame(reason)}\n`);
  if (dryRun === true && out !== undefined) session.say(`${out} would have the plan: ${planText(plan)}.\n`);
  else await handOver(session, plan, out);
  return { exit: EXIT.done, document: { plan, guessed, leftOut } };
}

async function rescueWithFile(
  session: Session,
  world: World,
  file: string,
  flags: RescueFlags,
): Promise<CommandResult> {
  const plan = await readPlanFile(file);
  if (flags.cell !== undefined && flags.cell !== plan.cell)
    throw new BadInput(`${file} is a plan of cell ${plan.cell}, not of ${flags.cell}.`);
  const scope = { cell: plan.cell, zone: plan.zone, zoneId: plan.zoneId };
  const writer = zoneWriter(world, 'rescue', scope);
  const comparison = comparePlans(live(await exportPlan(writer, {})), plan);
  session.say(comparisonView(comparison, session.paper));
  const takeOver = (flags.takeOver ?? []).map(dnsName);
  if (flags.dryRun === true) {
    const foreseen = done(await foreseeRescue(writer, { plan, takeOver }));
    const { seq, records, moved } = foreseen;
    session.say(rescueSteps(plan.cell, foreseen));
    return { exit: EXIT.done, document: { rescued: false, steps: { seq, records, moved }, ...comparison } };
  }
  await confirm(session, `Make ${plan.zone} answer so, and leave cell ${plan.cell} frozen?`, flags.yes);
  const { clock } = world;
  const rescued = done(
    await rescuePlan(writer, clock, {
      plan,
      takeOver,
      settings: insyncSettings(world),
      deadline: instant(clock.now() + flags.within * 1_000),
    }),
  );
  session.remark(
    `${plan.cell} answers as ${file} says${rescued.changed ? '' : ' already'}, and is frozen at fence seq ${rescued.seq}.\n${next(flags.out)}`,
  );
  await handOver(session, rescued.plan, flags.out);
  return { exit: EXIT.done, document: { rescued: true, ...rescued } };
}

/** The plan that the zone answers with now, only for the comparison; undefined when no plan can be read from it. */
function live(outcome: Outcome<{ readonly plan: Plan }>): Plan | undefined {
  return outcome.type === 'done' ? outcome.plan : undefined;
}

async function rescueToRollbackRoots(
  session: Session,
  world: World,
  scope: CellScope,
  flags: RescueFlags,
): Promise<CommandResult> {
  const writer = zoneWriter(world, 'rescue', scope);
  const { from } = flags;
  const shown = done(
    await rescueToRollback(writer, world.clock, { from, apply: false, wait: fenceWait(world) }),
  );
  const comparison = comparePlans(live(await exportPlan(writer, {})), shown.plan);
  // Standard output is for the plan that is live afterwards.
  const show = flags.dryRun === true ? session.say : session.remark;
  show(comparisonView(comparison, session.paper));
  if (flags.dryRun === true) {
    const { seq, moved, stayed } = shown;
    session.say(rollbackSteps(scope.cell, shown));
    return { exit: EXIT.done, document: { rescued: false, steps: { seq, moved, stayed }, ...comparison } };
  }
  if (shown.moved.length > 0) {
    const question = `Point ${counted(shown.moved.length, 'root')} of cell ${scope.cell} at what was live before, and leave it frozen?`;
    await confirm(session, question, flags.yes);
  }
  const rescued = done(await rescueToRollback(writer, world.clock, { from, wait: fenceWait(world) }));
  for (const { name, reason } of rescued.stayed)
    session.remark(`${name} stayed as it was: ${tame(reason)}\n`);
  const { cell } = scope;
  const digest = shortDigest(planDigest(rescued.plan));
  const zoneId = flags.zoneId === undefined ? '' : ` --zone-id ${flags.zoneId}`;
  session.remark(
    rescued.moved.length === 0
      ? `${cell} was rolled back already: it answers with plan ${digest}, and is frozen at fence seq ${rescued.seq}.\n`
      : `${counted(rescued.moved.length, 'root')} of ${cell} moved to plan ${digest}, and it is frozen at fence seq ${rescued.seq}.\n`,
  );
  session.remark(
    `"pawl rescue --to-rollback --from ${digest} --cell ${cell} --zone ${scope.zone}${zoneId}" takes it back.\n${next(flags.out)}`,
  );
  await handOver(session, rescued.plan, flags.out);
  return { exit: EXIT.done, document: { rescued: true, digest, ...rescued } };
}

function next(out: string | undefined): string {
  return `When the ledger is back: "pawl rescue adopt ${out ?? 'FILE'}" with this plan, then thaw.\n`;
}

/** Writes the live plan to the file that the person named, or to standard output. */
async function handOver(session: Session, plan: Plan, out: string | undefined): Promise<void> {
  if (out === undefined) session.say(formatPlan(plan));
  else {
    await writePlanFile(out, plan);
    session.remark(`${out} has the plan: ${planText(plan)}.\n`);
  }
}

/** What a plan that is read from a zone has, for a person who did not see it. */
function planText({ cell, generation, endpoints }: Plan): string {
  const names = endpoints.map(({ name }) => name);
  const which = names.length === 0 ? '' : ` (${some(names)})`;
  return `${cell}@${generation}, ${counted(endpoints.length, 'endpoint')}${which}`;
}

/** @throws BadInput when the file exists already: a rescue must not overwrite the plan of another. */
async function writePlanFile(path: string, plan: Plan): Promise<void> {
  try {
    await writeFile(path, formatPlan(plan), { flag: 'wx' });
  } catch (error) {
    const code = systemCode(error) ?? 'no reason';
    if (code === 'EEXIST') throw new BadInput(`${path} is there already: name a new file.`, { cause: error });
    throw new BadInput(`${path} cannot be written (${code}): name another place.`, { cause: error });
  }
}
