import type { Predicate, Theory, TheoryPart } from '../../lib/proof/theory.ts';
import type { Proven } from './theories.ts';

/** What stands above the generated part of docs/proof.md. */
const HEAD = `# The proof, in words and formulas

\`npm run generate:proof\` writes this page from the tables in \`lib/proof/\` and \`test/model/\`, which are what Z3 is asked about; a test holds that it is current. \`npm run prove\` proves all of it and prints a table. What the proof is worth, and what it leaves out, is in [verification.md](verification.md#proven); why it is made like this, in [ADR 82](adr/0082-the-protocol-is-proven-for-any-number.md).

A step happens at one instant, and only where all of its guards hold. An invariant holds at every instant: Z3 finds no state in which all invariants hold, a step happens, and one of them holds no more. There may be any number of everything. \`!\` is not, \`&\` and, \`|\` or, \`->\` then, \`<->\` exactly if.
`;

/** The page docs/proof.md. */
export function proofPage(theories: readonly Proven[]): string {
  return `${HEAD}\n${theories.map(section).join('\n')}`;
}

function section({ theory, variants }: Proven): string {
  const guards = new Set(theory.steps.flatMap((step) => step.guards));
  const notions = theory.predicates.filter(({ name }) => !guards.has(name));
  return [
    `## ${TITLES.get(theory.name) ?? theory.name}\n`,
    '### What there is\n',
    `Sorts: ${theory.sorts.join(', ')}.\n`,
    parts('what never changes', theory.fixed),
    parts('what changes', theory.state),
    parts('what a step is about', theory.given),
    `### What holds at every instant\n\n${laws(theory.invariants)}`,
    `### Steps\n\n${steps(theory)}`,
    `### Guards\n\n${laws(theory.predicates.filter(({ name }) => guards.has(name)))}`,
    ...(notions.length === 0 ? [] : [`### Words of guards and invariants\n\n${laws(notions)}`]),
    ...(theory.laws.length === 0 ? [] : [`### What is true of everything\n\n${laws(theory.laws)}`]),
    `### The beginning\n\n${laws(theory.beginning)}`,
    `### Broken variants, and what they break\n\n${variantTable(variants)}`,
  ].join('\n');
}

const TITLES: ReadonlyMap<string, string> = new Map([
  ['cells', 'Cells: the protocol of fences, trees, roots and logs'],
  ['leases', 'Leases'],
]);

function parts(title: string, some: readonly TheoryPart[]): string {
  const rows = some.map(({ name, of, gives, says }) => {
    const given = of === '' ? '' : `(${of})`;
    return `| \`${name}${given}\`${gives === 'Bool' ? '' : `: ${gives}`} | ${says} |`;
  });
  return `| ${title} | |\n|---|---|\n${rows.join('\n')}\n`;
}

function laws(some: readonly Predicate[]): string {
  return some
    .map(({ name, of, says, holds }) => {
      const given = of === '' ? '' : `(${of})`;
      return `**${name}**${given === '' ? '' : ` \`${given}\``} ${says}\n\n\`\`\`\n${unindented(holds)}\n\`\`\`\n`;
    })
    .join('\n');
}

function unindented(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const indents = lines.map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(least).trimEnd()).join('\n');
}

function steps(theory: Theory): string {
  const rows = theory.steps.map(({ name, says, code, guards }) => {
    const asked = guards.length === 0 ? 'none' : guards.join(', ');
    return `| **${name}** | ${says} | ${asked} | \`${code}\` |`;
  });
  return `| step | | guards | code |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function variantTable(variants: Proven['variants']): string {
  const rows = variants.flatMap(({ name, alters }) =>
    alters.map(({ step, without = [], instead = [], breaks }) => {
      const how = [
        ...without.map((guard) => `without ${guard}`),
        ...instead.map(({ part }) => `another ${part}`),
      ].join(', ');
      return `| ${name} | ${step} ${how} | ${breaks.join(', ')} |`;
    }),
  );
  return `| variant | step | breaks |\n|---|---|---|\n${rows.join('\n')}\n`;
}
