import type { Command } from 'commander';
import type { Runtime } from './command/new-command.ts';
import { newCommand } from './command/new-command.ts';

type MakeCommand = (runtime: Runtime) => Command;

/**
 * All commands in the order of the help: first those that start, then those that show, change and repair.
 *
 * A command is in the folder of the noun that it acts on: a cell, an endpoint, a fleet file, the ledger, a plan, a
 * target, a lease, a handover, a hosted zone, a role that a person runs; preflight, drill, rescue, start, page, emulator, replay, simulate and completion
 * have folders of their own. No such folder imports another. Code that several of them need is in `command/`, from which commands are
 * built, in `look/`, which reads what several show, and in `printing/`.
 *
 * Each is loaded when it is called: a command of a converged cell needs no simulator, no emulator and no doctor.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  start: async () => (await import('./start/start-world.ts')).startCommand,
  status: async () => (await import('./cell/show-status.ts')).statusCommand,
  page: async () => (await import('./page/page-command.ts')).pageCommand,
  resolve: async () => (await import('./endpoint/resolve-name.ts')).resolveCommand,
  explain: async () => (await import('./endpoint/explain-name.ts')).explainCommand,
  history: async () => (await import('./ledger/show-history.ts')).historyCommand,
  verify: async () => (await import('./ledger/verify-ledger.ts')).verifyCommand,
  upgrade: async () => (await import('./ledger/upgrade-cells.ts')).upgradeCommand,
  preflight: async () => (await import('./preflight/run-preflight.ts')).preflightCommand,
  doctor: async () => (await import('./zone/run-doctor.ts')).doctorCommand,
  fleet: async () =>
    group(
      fleetCommand,
      (await import('./fleet/check-fleet-file.ts')).fleetCheckCommand,
      (await import('./fleet/push-fleet-file.ts')).fleetPushCommand,
      (await import('./fleet/show-fleet.ts')).fleetShowCommand,
    ),
  import: async () => (await import('./zone/import-zone.ts')).importCommand,
  'take-over': async () => (await import('./zone/take-over-zone.ts')).takeOverCommand,
  'give-back': async () => (await import('./zone/give-back-cells.ts')).giveBackCommand,
  plan: async () =>
    group(
      (await import('./plan/plan-cells.ts')).planCommand,
      (await import('./plan/show-plan.ts')).planShowCommand,
      (await import('./plan/diff-plans.ts')).planDiffCommand,
      (await import('./plan/approve-plan.ts')).planApproveCommand,
      (await import('./plan/reject-plan.ts')).planRejectCommand,
    ),
  target: async () =>
    group(
      targetCommand,
      (await import('./target/drain-target.ts')).targetDrainCommand,
      (await import('./target/restore-target.ts')).targetRestoreCommand,
      (await import('./target/record-observation.ts')).targetObserveCommand,
    ),
  lease: async () =>
    group(
      leaseCommand,
      (await import('./lease/list-leases.ts')).leaseLsCommand,
      (await import('./lease/hold-group.ts')).leaseHoldCommand,
      (await import('./lease/forget-lease.ts')).leaseForgetCommand,
      (await import('./lease/cut-leases.ts')).leaseCutCommand,
    ),
  evacuate: async () => (await import('./target/evacuate-az.ts')).evacuateCommand,
  restore: async () => (await import('./target/restore-az.ts')).restoreCommand,
  rollback: async () => (await import('./plan/rollback-plan.ts')).rollbackCommand,
  pause: async () => (await import('./cell/pause-planner.ts')).pauseCommand,
  resume: async () => (await import('./cell/resume-planner.ts')).resumeCommand,
  freeze: async () => (await import('./cell/freeze-cell.ts')).freezeCommand,
  thaw: async () => (await import('./cell/thaw-cell.ts')).thawCommand,
  adopt: async () => (await import('./endpoint/adopt-endpoint.ts')).adoptCommand,
  handover: async () => {
    const commands = await import('./handover/handover-commands.ts');
    return group(
      commands.handoverCommand,
      commands.handoverOfferCommand,
      commands.handoverAwaitCommand,
      commands.handoverWithdrawCommand,
    );
  },
  retry: async () => (await import('./endpoint/retry-name.ts')).retryCommand,
  rescue: async () =>
    group(
      (await import('./rescue/rescue-cell.ts')).rescueCommand,
      (await import('./rescue/adopt-rescued-plan.ts')).rescueAdoptCommand,
    ),
  enact: async () => (await import('./role/enact-cell.ts')).enactCommand,
  retire: async () => (await import('./role/retire-trees.ts')).retireCommand,
  audit: async () => (await import('./role/audit-cells.ts')).auditCommand,
  emulator: async () => (await import('./emulator/emulator-command.ts')).emulatorCommand,
  drill: async () => (await import('./drill/drill-command.ts')).drillCommand,
  replay: async () => (await import('./replay/replay-command.ts')).replayCommand,
  simulate: async () => (await import('./simulate/simulate-command.ts')).simulateCommand,
  completion: async () => (await import('./completion/shell-completion.ts')).completionCommand,
};

function fleetCommand(): Command {
  return newCommand('fleet', 'Check a fleet file, declare what is in it, or print what is declared.', [
    ['pawl fleet push fleet.yaml', 'shows the change, then asks'],
  ]);
}

function targetCommand(): Command {
  return newCommand('target', 'Take one target out, bring it back, or record what was seen of it.', [
    ['pawl target drain api-3 --reason "disk failing"', ''],
  ]);
}

function leaseCommand(): Command {
  return newCommand('lease', 'Hold the lease of a group of members, or see who is heard.', [
    ['pawl lease ls', 'each availability zone: its tick, and who is heard'],
  ]);
}

/** A command with subcommands: `plan`, and `plan approve`. */
function group(make: MakeCommand, ...below: readonly MakeCommand[]): MakeCommand {
  return (runtime) => {
    const command = make(runtime);
    for (const each of below) command.addCommand(each(runtime));
    return command;
  };
}
