import type { Command } from 'commander';
import { Argument } from 'commander';
import { EXIT } from '../command/exit-codes.ts';
import { newCommand } from '../command/new-command.ts';
import type { Runtime } from '../command/runtime.ts';
import { completionScript, SHELLS } from './completion-scripts.ts';

export function completionCommand(runtime: Runtime): Command {
  return newCommand('completion', 'Print a script that completes commands and options in your shell.', [
    ['source <(pawl completion bash)', ''],
    ['pawl completion fish > ~/.config/fish/completions/pawl.fish', ''],
  ])
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number], _: unknown, command: Command) =>
      runtime.run(command, async (session) => {
        const script = completionScript(shell, rootOf(command));
        session.say(script);
        return { exit: EXIT.done, document: { shell, script } };
      }),
    );
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}
