/** A bug that the refinement sees. */
export interface SeenBug {
  readonly bug: string;
  /** The run that shows it: a scenario and a seed. */
  readonly run: readonly [scenario: string, seed: number];
  /** The guard that is lacking, or what else the refinement says. */
  readonly guard: string;
  /** How many commits earlier it fails than the first rule; undefined where no rule breaks in that run. */
  readonly earlier: number | undefined;
}

function seen(bug: string, run: SeenBug['run'], guard: string, earlier?: number): SeenBug {
  return { bug, run, guard, earlier };
}

/** Bugs by which the code does what the proven protocol cannot. Each is played with the second check of batches off. */
export const SEEN: readonly SeenBug[] = [
  seen('no fence in staging', ['flip', 1], 'fence-is-new'),
  seen('no nonce', ['flip', 1], 'fence-is-new', 2),
  seen('no fence in the flip', ['flip', 1], 'fence-is-new', 1),
  seen('no fence in the retirement', ['retire', 2], 'fence-is-new', 1),
  seen('UPSERT on the fence', ['freeze-and-thaw', 7], 'counts-on', 0),
  seen('flip before INSYNC', ['flip', 1], 'points-at-what-is-everywhere', 6),
  seen(
    'flip of a tree that is there, but nobody knows since when',
    ['raise', 11],
    'points-at-what-is-everywhere',
    0,
  ),
  seen('only the fence refreshed before a write', ['rollback', 97], 'counts-on', 6),
  seen('a lost write sent again under a fresh fence', ['hand-over', 51], 'drops-nothing'),
  seen('a flip recorded for another one under a seq that nobody wrote', ['flip', 1], 'fence-has-stood', 0),
  seen('a fence that is ahead lowered to the goal', ['flip', 94], 'goes-forward', 0),
  seen('a sequence that leaps', ['flip', 1], 'counts-on', 3),
  seen('a fence made anew that begins at 1 again, and goes on from there', ['rollback', 4], 'counts-on', 3),
  seen('a frozen fence overlooked', ['rescue', 9], 'makes-new-names', 4),
  seen("the fence of another ledger taken for one's own", ['upgrade', 41], 'the fence is of ledger', 3),
  seen('delete before TreesRetired', ['retire', 2], 'drops-what-is-retired'),
  seen('a retirement that goes on although the log has moved on', ['retire', 2], 'drops-what-is-retired'),
  seen('a janitor that tells the log nothing', ['retire', 2], 'drops-what-is-retired'),
  seen('janitor without proof', ['retire', 225], 'drops-what-nothing-points-at', 0),
  seen('janitor before the flip is everywhere', ['rollback-to-retired', 5], 'last-move-is-everywhere', 0),
  seen("janitor blind to somebody else's alias", ['rollback', 4], 'drops-what-nothing-points-at', 0),
  seen('janitor that forgets the goal', ['upgrade', 10], 'retires-what-is-spare', 0),
  seen(
    'a janitor that deletes what a moved rollback root may still answer with',
    ['crowded', 9],
    'last-move-is-everywhere',
    0,
  ),
  seen('freeze in the ledger only', ['freeze', 6], 'reads-itself-back', 1),
  seen('a freeze that is content with a frozen fence', ['freeze-and-thaw', 7], 'is-its-own-fence'),
  seen('a freeze that is done before it is INSYNC', ['return-and-freeze', 5], 'reads-itself-back', 1),
  seen('a thaw that tries again', ['thaw', 132], 'decided-on-this'),
  seen('a freeze in the log that stops nobody', ['freeze', 14], 'the log tells that the cell is frozen', 4),
  seen(
    'what was applied lowered by a late event',
    ['routed-and-broken', 30],
    'leave "recorded" otherwise',
    0,
  ),
  seen('a flip of a part that claims the whole plan', ['limit-not-known', 23], 'names-what-is-complete', 2),
  seen(
    'an old change that is not known counts as everywhere',
    ['return', 2],
    'points-at-what-is-everywhere',
    0,
  ),
  seen(
    'a successor that takes its message for the word that trees are everywhere',
    ['hand-over', 4],
    'points-at-what-is-everywhere',
  ),
  seen('a shared node retired with its first owner', ['routed', 1], 'drops-nothing', 0),
  seen('a node flipped to before it is INSYNC', ['routed', 2], 'points-at-what-is-everywhere', 0),
  seen('a stale ancestor kept above a new node', ['routed', 1], 'it changes g000001.api', 0),
  seen('a handover with the fence of the cell that takes alone', ['handover-pushed', 1], 'moves-its-own', 0),
  seen('a giver that repairs what the other has taken', ['handover-pushed', 1], 'moves-nothing', 0),
  seen('an endpoint that is taken without an offer', ['handover-split', 2], 'moves-what-is-offered', 0),
  seen('an offer that ends while it stands in the zone', ['handover-split', 2], 'no-offer-stands'),
  seen(
    'a handover that changes what the fence of the giver says',
    ['handover-pushed', 1],
    'giver-keeps-plan',
    0,
  ),
];

/** Why the refinement does not see a bug, and the rules that do. */
export interface Beyond {
  readonly says: string;
  readonly rules: RegExp;
  readonly bugs: readonly string[];
}

/** Bugs that the refinement cannot see, by the reason. Where a bug is found, one of the rules of its reason must find it. */
export const BEYOND: readonly Beyond[] = [
  {
    says: 'The code does too little. A refinement is about what it does, and the theory promises of no step that it happens.',
    rules:
      /^liveness|I4:|more than \d+ calls|its fence lets batches through|the log says that \d+ is applied|does not point at|did not go over|trees are (still )?on their way|is not as the plan says|passes were not enough/,
    bugs: [
      'a target that leaves late because it flaps',
      'a wait of a flapping target that never ends',
      'retained trees that yield to nothing',
      'giving up when the fence is lost',
      'strict-newer only',
      'no PlanApplied for a writer that died',
      'nothing recorded of a staging',
      'a drifted tree left as it is',
      'an enactor that says nothing of lost events',
      'janitor that keeps what was staged in part and is no goal any more',
      'a format raised that the next event no longer knows of',
      'the verdict of one endpoint for the whole cell',
      'an endpoint that is kept back dropped',
      'a refusal counted as a race',
      'a refused endpoint that the log does not learn of',
      'what was refused of the goal never tried again',
      'a frozen log that leaves its fence as it is',
      'trees on their way left to a message that may be lost',
      'a successor that asks for none in its turn',
      'a change that is not known handed over again and again',
      'a push that forgets what the other cell may have taken by now',
      'an enactor that leaves the fence of a frozen log open',
    ],
  },
  {
    says: 'The workflow ends with an error, and writes nothing.',
    rules: /the previous target is not known|a workflow threw/,
    bugs: ['a missing rollback root as an error', 'a message that cannot be sent fails the run'],
  },
  {
    says: 'How much of an endpoint may go is a policy: the theory lets a plan ask for anything.',
    rules: /no person was asked|no more than \d+ % was accepted/,
    bugs: [
      'a bound that counts what leaves in one plan only',
      'a bound that counts over what serves',
      'a bound that leaves branches to the bound of their endpoint',
      'a bound of branches that counts what leaves in one plan only',
      'a dead default that is left out',
      'a looser policy judges its own push',
      'a looser policy takes effect without an approval',
      'a lower floor judges its own push',
      'a lower floor takes effect without an approval',
    ],
  },
  {
    says: 'Which of the plans goes first is a choice: the theory lets any plan of the cell be flipped to that is not below.',
    rules: /which is staged and goes first/,
    bugs: ['a routine plan that displaces a staged one'],
  },
  {
    says: 'How long a tree is retained that no plan wants is a policy.',
    rules: /was retired while generation \d+ needs it/,
    bugs: ['janitor off by one'],
  },
  {
    says: 'What the log tells people of an endpoint is no part of the protocol: no guard asks for it.',
    rules: /nothing has ever stood in its way|was said to be missing/,
    bugs: [
      'a race counted as a refusal',
      'an enactor that believes any listing',
      'a root that one listing leaves out said to be missing',
      'a node that is there, though its tree is not, staged with nothing below it',
    ],
  },
  {
    says: 'The theory has no formats.',
    rules: /was written in format|was appended to a cell of format/,
    bugs: [
      'everything written in the newest format that its writer knows',
      'a retirement written in the newest format, whatever the cell is read in',
      'a reader that goes on past a format that it does not know',
    ],
  },
  {
    says: 'In the theory a log loses nothing.',
    rules: /I6: the fence has forgotten/,
    bugs: ['a fence that forgets an event that the log has lost'],
  },
  {
    says: 'Of a root the theory knows where it points, and no other field of its record.',
    rules: /somebody changed what stands there/,
    bugs: ['EvaluateTargetHealth on a root'],
  },
  {
    says: 'It takes a hand in a tree, or a zone that went back: then a log may have been read that nobody knows.',
    rules: /I3|I2|its fence lets batches through|I7/,
    bugs: ['a proof that ends at the tree', 'a rescue in the log that binds nobody'],
  },
];

/** The rules that may find a bug: those of the reason why the refinement does not see it, or any where it does. */
export function rulesFor(bug: string): RegExp {
  return BEYOND.find(({ bugs }) => bugs.includes(bug))?.rules ?? /./;
}
