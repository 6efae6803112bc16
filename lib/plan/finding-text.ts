import type { Finding } from './findings.ts';
import { clip } from './names.ts';

/** A finding where a program or a log shows it: its data, and its sentence beside it. */
export type ShownFinding = Finding & { readonly message: string };

function handoverSentence(
  finding: Extract<Finding, { readonly code: 'handed-over' | 'taken-over' }>,
): string {
  return finding.code === 'handed-over'
    ? `${finding.subject} goes over to cell ${finding.to}: it answers here until that cell has taken it.`
    : `${finding.subject} was taken over from cell ${finding.from} since, and nobody else answers for it: it stays.`;
}

/** What is wrong and, where something helps, what to do: one sentence for a person. Pure. */
export function findingSentence(finding: Finding): string {
  if (isOfBranch(finding)) return branchSentence(finding);
  const { subject } = finding;
  switch (finding.code) {
    case 'no-answer':
      return finding.family === undefined
        ? `${subject} would have no answer: not one of its targets serves.`
        : `${subject} would have no ${finding.family} answer any more: not one of its targets with one serves.`;
    case 'under-floor':
      return `${subject} would have ${finding.serving} serving targets, fewer than its floor of ${finding.floor}.`;
    case 'capacity-window':
      return `${subject} would lose ${percent(finding.removedPermille)} of its capacity, ${percent(finding.withinWindowPermille)} with what earlier plans took of any endpoint within ${finding.windowS} s, more than ${finding.limitPercent} %.`;
    case 'capacity-removed':
      return `${subject} would lose ${percent(finding.removedPermille)} of its capacity, ${percent(finding.withinWindowPermille)} within ${finding.windowS} s, more than ${finding.limitPercent} %.`;
    case 'declared-share':
      return `The fleet changes ${finding.changed} of ${finding.endpoints} endpoints of cell ${subject} at once, more than ${finding.limitPercent} %.`;
    case 'share-changed':
      return `${finding.changed} of ${finding.endpoints} endpoints of cell ${subject} would change, more than ${finding.limitPercent} %.`;
    case 'observer-blind':
      return `${finding.gone} of ${finding.served} serving targets of cell ${subject} went at once, more than ${finding.limitPercent} %: the observer is presumed blind, and what it lost goes on serving.`;
    case 'targets-observed-out':
      return `${finding.out} of the ${finding.declared} targets that cell ${subject} declares would be out by observation, with those that left earlier, more than ${finding.limitPercent} %: the observer is presumed blind, and what it lost now goes on serving.`;
    case 'capacity-observed-out':
      return `${subject} would be without ${percent(finding.outPermille)} of its declared capacity by observation, with what left earlier, more than ${finding.limitPercent} %: what goes beyond that goes on serving.`;
    case 'long-ttl':
      return `${subject} would have a TTL of ${finding.ttlS} s instead of ${finding.beforeS} s: resolvers would keep its answers for longer than the ${finding.limitS} s that a rollback could wait for.`;
    case 'endpoint-removed':
      return `${subject} is no longer declared: once approved its records are deleted.`;
    case 'handed-over':
    case 'taken-over':
      return handoverSentence(finding);
    case 'outside-zone':
      return `${subject} is not in the zone ${finding.zone}: declare it in a cell of its own zone.`;
    case 'delegated':
      return `${subject} is in ${finding.delegation}, which is delegated to other name servers: declare it in a cell of that zone.`;
    case 'apex-cname':
      return `${subject} is the zone's apex, where no CNAME can be: declare it with addresses or an alias.`;
    case 'name-too-long':
      return `${subject} leaves no room for the names of its trees: "${clip(finding.madeName)}" is not a DNS name: it has ${finding.characters} characters, more than ${finding.charactersMax}.`;
    case 'reserved-name':
      return `${subject} holds the label "${finding.label}", which Pawl uses itself: choose another name.`;
    case 'name-claimed-twice':
      return `${subject} is declared by cell ${finding.otherCell} too: one cell must give it up.`;
    case 'too-many-leaves':
      return `${subject} has a set of ${finding.leaves} records of one type, more than the ${finding.leavesMax} that Route 53 allows: spread its targets over branches.`;
    case 'too-many-endpoints':
      return `Cell ${subject} has ${finding.endpoints} endpoints, more than the ${finding.endpointsMax} that one batch can flip: split the cell.`;
    case 'batch-limit':
      return `${subject} needs ${finding.records} records in one batch, more than fit: give its targets fewer addresses.`;
    case 'zone-limit':
      return `The zone ${subject} would hold ${finding.records} records, more than its ${finding.recordLimit}: this waits until others have changed and their old records are gone; if nothing moves, have the limit raised.`;
    case 'zone-nearly-full':
      return `The zone ${subject} would hold ${finding.records} of its ${finding.recordLimit} records with nothing retained: large changes go over in slices, and in the end nothing can change. Have the limit raised, or give a cell a zone of its own.`;
    case 'retained-trees':
      return `Cell ${subject} would have ${finding.trees} trees that no janitor has retired, of at most ${finding.treesMax}: let the janitor run, or retain fewer generations.`;
    case 'state-limit':
      return `The state of cell ${subject} could grow to ${finding.characters} characters, of at most ${finding.charactersMax}: let the janitor retire trees, retain fewer generations, or split the cell.`;
    case 'conflicting-record':
      return `${subject} already has a record that is not Pawl's: nothing is enacted before "pawl adopt ${subject}".`;
    case 'unserved-address':
      return `${subject} would answer with the ${finding.scope} address ${finding.address} (target ${finding.target})${more(finding.addresses)}: no client elsewhere is served there.`;
    case 'shared-address':
      return `${subject} has the address ${finding.address} at the targets ${finding.otherTarget} and ${finding.target}${more(finding.addresses)}: it gets the share of both, and goes only when both do.`;
    case 'small-share':
      return `${subject} would send ${smallPercent(finding.permille)} of its clients to target ${finding.target}${more(finding.targets)}, because another's capacity is so much larger.`;
    case 'negative-ttl':
      return `Resolvers remember a missing name of ${subject} for ${finding.negativeTtlS} s: lower the SOA's minimum.`;
    case 'missing-target':
      return `${subject} names the target "${finding.target}", which cell ${finding.cell} does not have.`;
    case 'refused-by-route53':
      return `${subject} was refused (${finding.step}, attempt ${finding.attempts}): ${withoutStop(finding.words)}. It is tried again by itself; "pawl retry ${subject}" tries at once.`;
  }
}

type OfBranch = Extract<
  Finding,
  { readonly code: `branch-${string}` | 'rough-share' | 'no-answer-in-place' }
>;

function isOfBranch(finding: Finding): finding is OfBranch {
  const { code } = finding;
  return code.startsWith('branch-') || code === 'rough-share' || code === 'no-answer-in-place';
}

/** What is wrong with a branch or a group of an endpoint. */
function branchSentence(finding: OfBranch): string {
  const { subject } = finding;
  switch (finding.code) {
    case 'no-answer-in-place':
      return `${subject} would have no ${finding.family === undefined ? '' : `${finding.family} `}answer for the clients that ${finding.branch} is for: nothing in it serves, and no other branch is for them.`;
    case 'branch-under-floor':
      return `${subject} would have ${finding.serving} serving targets in ${finding.branch}, fewer than the floor of ${finding.floor} of that branch.`;
    case 'rough-share':
      return `${subject}: ${finding.target} gets ${finding.percent} % of its share, and ${finding.targets} targets in groups are more than 1 % from theirs, as near as whole weights come.`;
    case 'branch-capacity-removed':
      return `${subject} would lose ${percent(finding.removedPermille)} of its capacity in ${finding.branch}, ${percent(finding.withinWindowPermille)} within ${finding.windowS} s, more than ${finding.limitPercent} %, and the rest of that branch would have all its clients.`;
    case 'branch-observed-out':
      return `${subject} would be without ${percent(finding.outPermille)} of its declared capacity in ${finding.branch} by observation, with what left earlier, more than ${finding.limitPercent} %: what goes beyond that goes on serving.`;
    case 'branch-stays-out':
      return `${subject} stays without ${finding.branch}, of which ${percent(finding.outPermille)} of the declared capacity is out by observation, more than ${finding.limitPercent} %: the rest would have all its clients.`;
    case 'branch-left-out':
      return `${subject} is without ${finding.branch}: its clients get the next best branch.`;
  }
}

/** The finding with its sentence beside its data. */
export function withSentence(finding: Finding): ShownFinding {
  return { ...finding, message: findingSentence(finding) };
}

/** What stands for the others after the first of `count`. */
function more(count: number): string {
  return count === 1 ? '' : ` and ${count - 1} more`;
}

function withoutStop(words: string): string {
  return words.trim().replace(/\.$/, '');
}

function smallPercent(permille: number): string {
  return permille === 0 ? 'less than 0.1 %' : percent(permille);
}

function percent(permille: number): string {
  return `${(permille / 10).toFixed(1)} %`;
}
