import type { Command } from 'commander';
import { Argument } from 'commander';
import { EXIT, exitCodeOf } from '../command/exit-codes.ts';
import type { Runtime } from '../command/new-command.ts';
import { newCommand } from '../command/new-command.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { lines } from '../printing/paper.ts';
import { kindAt, knownWords } from './known-words.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const ASKED = [...SHELLS, 'words'] as const;

export function completionCommand(runtime: Runtime): Command {
  return newCommand(
    'completion',
    'Print a script that completes commands, options, cells, names, targets and plans in your shell.',
    [
      ['source <(pawl completion bash)', ''],
      ['pawl completion fish > ~/.config/fish/completions/pawl.fish', ''],
    ],
  )
    .addArgument(new Argument('<shell>', 'the shell; "words" is what its script asks for').choices(ASKED))
    .argument('[typed...]', 'with "words": what was typed so far')
    .allowUnknownOption()
    .action((shell: (typeof ASKED)[number], typed: readonly string[], _: unknown, command: Command) =>
      runtime.run(command, async (session) => {
        if (shell === 'words') return offerWords(session, rootOf(command), typed);
        const script = completionScript(shell, rootOf(command));
        session.say(script);
        return { exit: EXIT.done, document: { shell, script } };
      }),
    );
}

/** A word a line. A shell that completes has no use for a complaint: where the ledger cannot be read, nothing is offered. */
async function offerWords(session: Session, root: Command, typed: readonly string[]): Promise<CommandResult> {
  const kind = kindAt(root, typed);
  if (kind === undefined) return { exit: EXIT.done };
  try {
    const ledger = await (await session.world()).ledger();
    const words = await knownWords(ledger, kind, typed.at(-1) ?? '');
    session.terminal.write(lines(words));
    return { exit: EXIT.done };
  } catch (error) {
    if (exitCodeOf(error) === undefined) throw error;
    return { exit: EXIT.done };
  }
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

/** The words that may follow a command: its subcommands and its options. */
interface Words {
  /** `plan approve`; empty for the command line itself. */
  readonly path: string;
  readonly words: readonly string[];
}

/** The script that completes a command line, made from the commands themselves. */
function completionScript(shell: (typeof SHELLS)[number], root: Command): string {
  const words = wordsBelow(root, [], optionsOf(root));
  switch (shell) {
    case 'bash':
      return bash(root.name(), words);
    case 'zsh':
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(root.name(), words)}`;
    case 'fish':
      return fish(root.name(), words);
  }
}

function wordsBelow(command: Command, path: readonly string[], global: readonly string[]): readonly Words[] {
  const names = command.commands.map((child) => child.name());
  return [
    { path: path.join(' '), words: [...new Set([...names, ...optionsOf(command), ...global, '--help'])] },
    ...command.commands.flatMap((child) => wordsBelow(child, [...path, child.name()], global)),
  ];
}

function optionsOf(command: Command): readonly string[] {
  return command.options
    .filter(({ hidden }) => !hidden)
    .flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
}

function bash(name: string, all: readonly Words[]): string {
  const known = all.filter(({ path }) => path !== '').map(({ path }) => `    '${path}') ;;\n`);
  const cases = all.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;\n`);
  return `_${name}() {
  local path='' word try words='' line="\${COMP_LINE:0:COMP_POINT}" current typed known
  # bash takes @ for the end of a word, and a plan is use1-a@12: so the line is divided at spaces.
  current="\${line##* }"
  read -ra typed <<< "\${line% *}"
  for word in "\${typed[@]:1}"; do
    try="\${path:+$path }$word"
    case "$try" in
${known.map((line) => line.replace(' ;;', ' path="$try" ;;')).join('')}    esac
  done
  case "$path" in
${cases.join('')}  esac
  known=''
  if [[ "$current" != -* && " \${typed[*]} " != *' -h '* && " \${typed[*]} " != *' --help '* ]]; then
    known="$("\${typed[0]}" completion words "\${typed[@]:1}" "$current" 2>/dev/null)"
  fi
  COMPREPLY=($(compgen -W "$words $known" -- "$current"))
  if [[ "$current" == *@* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${current%@*}@"}"); fi
}
complete -o default -F _${name} ${name}
`;
}

function fish(name: string, all: readonly Words[]): string {
  const paths = all.map(({ path }) => path).filter((path) => path !== '');
  const rules = all.map(
    ({ path, words }) =>
      `complete -c ${name} -n 'test "$(__${name}_path)" = "${path}"' -a '${words.join(' ')}'\n`,
  );
  return `function __${name}_path
  set -l path
  for word in (commandline -opc)[2..-1]
    set -l try (string join ' ' $path $word)
    if contains -- "$try" ${paths.map((path) => `'${path}'`).join(' ')}
      set path $path $word
    end
  end
  string join ' ' $path
end
${rules.join('')}complete -c ${name} -a '(${name} completion words (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`;
}
