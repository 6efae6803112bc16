import type { Mutant, Replacement } from './mutant.ts';

/** Most bugs are found within hundreds of decisions. A few need a hand and a stall at the right points. */
const SOON = 50_000;
const LATER = 400_000;

const WRITE = 'cell/fenced-write.ts';
const ENACT = 'enactor/enact.ts';
const RETIRE = 'janitor/retire.ts';
const SELECT = 'janitor/select-retirable.ts';
const STANDING = 'cell/standing.ts';
const NEXT_FENCE = 'cell/next-fence.ts';
const STEP = 'enactor/next-step.ts';
const STAGE = 'enactor/stage-trees.ts';
const HAND_OVER = 'enactor/hand-over.ts';
const FORMATS = 'ledger/decider/formats.ts';
const EVOLVE = 'ledger/decider/evolve-before-3.ts';
const CHOOSE = 'plan/choose-answers.ts';
const CONFIRM = 'enactor/confirm-zone.ts';
const CHOOSE_GOAL = 'cell/choose-goal.ts';
const NARROW_DOWN = 'enactor/narrow-down.ts';

/** Removes the second check of every batch, so that the simulator itself must find what is wrong. */
export const UNGUARDED: Replacement = {
  file: 'plan/batch-kinds.ts',
  find: '  invariant(KINDS_OF_ROLE.get(role)?.includes(kind) === true,',
  put: '  if (changes.length > 0) return;\n  invariant(KINDS_OF_ROLE.get(role)?.includes(kind) === true,',
};

const FENCE_CHANGES = `    ...write.reading.records.map(remove),
    create(fenceRecord(fence, writer.scope)),
`;

function mutant(name: string, within: number, ...replacements: readonly Replacement[]): Mutant {
  return { name, within, replacements };
}

function at(file: string, find: string, put: string): Replacement {
  return { file, find, put };
}

/** Bugs in the real workflows. The simulator must find each of them. */
export const MUTANTS: readonly Mutant[] = [
  {
    ...mutant(
      'a bound that counts what leaves in one plan only',
      SOON,
      at(
        'cell/observed-bound.ts',
        'permille > Math.max(limitPercent * 10, outNow.get(measure) ?? 0)',
        'permille - (outNow.get(measure) ?? 0) > limitPercent * 10',
      ),
    ),
    scenario: 'slow-losses',
  },
  {
    ...mutant(
      'a bound that counts over what serves',
      SOON,
      at(
        'cell/observed-bound.ts',
        'const whole = answerOf({ observations: asDeclared(own) });',
        'const whole = asDeclared(own) === undefined ? answerOf({}) : before;',
      ),
    ),
    scenario: 'slow-losses',
  },
  {
    ...mutant(
      'a bound that leaves branches to the bound of their endpoint',
      SOON,
      at(
        'cell/observed-bound.ts',
        'return [own, ...branches].filter(',
        'return [own, ...branches.slice(0, 0)].filter(',
      ),
    ),
    scenario: 'slow-losses-of-a-branch',
  },
  {
    ...mutant(
      'a bound of branches that counts what leaves in one plan only',
      SOON,
      at(
        'cell/observed-bound.ts',
        'worst(branchSharesLost(whole, answer, branch), branchSharesLost(whole, before, branch))',
        'worst(branchSharesLost(before, answer, branch), new Map())',
      ),
    ),
    scenario: 'slow-losses-of-a-branch',
  },
  {
    ...mutant(
      'a dead default that is left out',
      SOON,
      at(
        'plan/lint-places.ts',
        "if (route.policy !== 'geolocation' && route.policy !== 'cidr') return below;",
        "if (route.policy !== 'cidr') return below;",
      ),
    ),
    scenario: 'slow-losses-of-a-default',
  },
  {
    ...mutant(
      'a target that leaves late because it flaps',
      SOON,
      at(
        'plan/desired.ts',
        "if (health === 'unhealthy') return 'unhealthy';",
        "if (health === 'unhealthy') return (observed?.returns?.length ?? 0) > 2 ? undefined : 'unhealthy';",
      ),
    ),
    scenario: 'flapping',
  },
  {
    ...mutant(
      'a wait of a flapping target that never ends',
      SOON,
      at('plan/flapping.ts', 'return until > now ? until : undefined;', 'return until;'),
    ),
    scenario: 'flapping',
  },
  {
    ...mutant(
      'retained trees that yield to nothing',
      SOON,
      at(
        'janitor/retention.ts',
        'kept >= 0 && !makesRoom(retirable, input)',
        'kept >= retained.length && !makesRoom(retirable, input)',
      ),
    ),
    scenario: 'crowded',
  },
  {
    ...mutant(
      'a janitor that deletes what a moved rollback root may still answer with',
      SOON,
      at(
        RETIRE,
        'standing.fence.seq > (state.applied?.seq ?? 0)',
        'standing.fence.seq > standing.fence.seq + (state.applied?.seq ?? 0)',
      ),
    ),
    scenario: 'crowded',
  },
  {
    ...mutant(
      'a looser policy judges its own push',
      SOON,
      at(
        'cell/cell-knowledge.ts',
        'return { ...fleet, policy: policyInEffect(state), endpoints };',
        'return { ...fleet, policy: state.fleet === null ? policyInEffect(state) : fleet.policy, endpoints };',
      ),
    ),
    scenario: 'looser-push',
  },
  {
    ...mutant(
      'a looser policy takes effect without an approval',
      SOON,
      at(
        'ledger/decider/loosening.ts',
        'return looserFields(inEffect, event.policy).length === 0 ? event : { ...event, inEffect };',
        'return looserFields(inEffect, event.policy).length >= 0 ? event : { ...event, inEffect };',
      ),
    ),
    scenario: 'looser-push',
  },
  {
    ...mutant(
      'a lower floor judges its own push',
      SOON,
      at('cell/cell-knowledge.ts', 'floor: floorOf(endpoint, floors),', 'floor: floorOf(endpoint, {}),'),
    ),
    scenario: 'looser-push-approved',
  },
  {
    ...mutant(
      'a lower floor takes effect without an approval',
      SOON,
      at(
        'ledger/decider/loosening.ts',
        'const floors = floorsThatStand(proposed, declared, state);',
        'const floors = Object.keys(proposed).length < 0 ? floorsThatStand(proposed, declared, state) : {};',
      ),
    ),
    scenario: 'looser-push-approved',
  },
  mutant(
    'no fence in the flip',
    SOON,
    UNGUARDED,
    at(
      WRITE,
      FENCE_CHANGES,
      `    ...(write.kind === 'flip' ? [] : [...write.reading.records.map(remove), create(fenceRecord(fence, writer.scope))]),\n`,
    ),
  ),
  mutant(
    'no fence in staging',
    LATER,
    UNGUARDED,
    at(
      WRITE,
      FENCE_CHANGES,
      `    ...(write.kind === 'stage' ? [] : [...write.reading.records.map(remove), create(fenceRecord(fence, writer.scope))]),\n`,
    ),
  ),
  mutant(
    'no fence in the retirement',
    LATER,
    UNGUARDED,
    at(
      WRITE,
      FENCE_CHANGES,
      `    ...(write.kind === 'retire' ? [] : [...write.reading.records.map(remove), create(fenceRecord(fence, writer.scope))]),\n`,
    ),
  ),
  mutant(
    'UPSERT on the fence',
    SOON,
    UNGUARDED,
    at(
      WRITE,
      FENCE_CHANGES,
      `    { action: 'UPSERT' as never, record: fenceRecord(fence, writer.scope) },\n`,
    ),
  ),
  mutant('no nonce', SOON, UNGUARDED, at(WRITE, 'nonce: writer.randomness.nonce()', `nonce: 'aaaaaaaa'`)),
  mutant(
    'flip before INSYNC',
    SOON,
    at(
      'cell/insync.ts',
      `  return status === 'unknown' &&`,
      `  if (status === 'pending') return 'insync';
  return status === 'unknown' &&`,
    ),
  ),
  mutant(
    'flip of a tree that is there, but nobody knows since when',
    LATER,
    at(STEP, 'else if (isUnknown(entries.at(-1), situation))', 'else if (id === "")'),
  ),
  mutant(
    'only the fence refreshed before a write',
    LATER,
    UNGUARDED,
    at(
      WRITE,
      'export async function fencedWrite(writer: Writer, write: FencedWrite): Promise<WriteOutcome> {',
      `import { readFence } from './fence-reader.ts';
export async function fencedWrite(writer: Writer, given: FencedWrite): Promise<WriteOutcome> {
  const reading = await readFence(writer.zone, writer.scope);
  const above = given.kind === 'stage' ? 0 : 1;
  const next = reading.type !== 'fence' ? given.next : { ...given.next, seq: (reading.fence.seq + above) as never };
  const write: FencedWrite = { ...given, reading, next };`,
    ),
  ),
  mutant(
    'a lost write sent again under a fresh fence',
    LATER,
    UNGUARDED,
    at(
      WRITE,
      `    case 'rejected':
      return { type: 'lost', reason: outcome.reason };`,
      `    case 'rejected': {
      const { readFence } = await import('./fence-reader.ts');
      const again = await readFence(writer.zone, writer.scope);
      if (again.type !== 'fence' || write.kind === 'stage') return { type: 'lost', reason: outcome.reason };
      const fresh = { ...fence, seq: (again.fence.seq + 1) as never };
      const second = await writer.zone.change({ kind: write.kind, comment: write.comment, changes: [...again.records.map(remove), create(fenceRecord(fresh, writer.scope)), ...write.changes] });
      return second.type === 'accepted' ? { type: 'applied', changeId: second.changeId, fence: fresh } : { type: 'lost', reason: outcome.reason };
    }`,
    ),
  ),
  mutant(
    'a flip recorded for another one under a seq that nobody wrote',
    SOON,
    at('enactor/record.ts', '    seq: fence.seq,\n', '    seq: fence.seq + 1,\n'),
  ),
  mutant(
    'giving up when the fence is lost',
    SOON,
    at(ENACT, 'const LOSSES_MAX = 8;', 'const LOSSES_MAX = 1;'),
  ),
  mutant(
    'a fence that is ahead lowered to the goal',
    SOON,
    UNGUARDED,
    at(ENACT, `  if (place === 'ahead') return fenceAhead(deps, fence, head, fence.generation);\n`, ''),
  ),
  mutant(
    'strict-newer only',
    SOON,
    at(
      STEP,
      '  if (groups.length > 0 || !isFenceRight) {',
      '  if (situation.goal.generation > situation.fence.generation) {',
    ),
  ),
  mutant(
    'a missing rollback root as an error',
    SOON,
    at(
      'plan/roots.ts',
      '    const kept = liveTree(endpoint, there, type, input);\n',
      `    const kept = liveTree(endpoint, there, type, input);
    if (kept === undefined) throw new Error('the previous target is not known');
`,
    ),
  ),
  mutant(
    'no PlanApplied for a writer that died',
    SOON,
    at(ENACT, '  if (owed !== undefined) {', '  if (owed !== undefined && owed.seq < 0) {'),
  ),
  mutant(
    'nothing recorded of a staging',
    SOON,
    at(STAGE, '  if (staged.length > 0) {', '  if (staged.length > 1_000) {'),
  ),
  mutant(
    'a drifted tree left as it is',
    SOON,
    at(STEP, `  if (trees.drifted.length > 0) return { type: 'repair', endpoints: trees.drifted };\n`, ''),
  ),
  mutant(
    'a sequence that leaps',
    SOON,
    at(
      'plan/generation.ts',
      'return seq(Math.max(0, ...seen) + 1);',
      'return seq(Math.max(0, ...seen) + 2);',
    ),
  ),
  mutant(
    'a fence made anew that begins at 1 again, and goes on from there',
    LATER,
    at(
      NEXT_FENCE,
      `    seq: nextSeq(knownSeq(head.state)),
    plan: NO_PLAN,`,
      `    seq: nextSeq(0),
    plan: NO_PLAN,`,
    ),
    at(
      NEXT_FENCE,
      'nextSeq(fence.seq, head === undefined ? 0 : knownSeq(head.state))',
      'nextSeq(fence.seq, head === undefined || knownSeq(head.state) === 0 ? 0 : 1)',
    ),
  ),
  mutant(
    'a frozen fence overlooked',
    SOON,
    UNGUARDED,
    at(ENACT, '  if (isFrozen)\n', '  if (head.state.frozen !== null && head.state.goal === null)\n'),
  ),
  mutant(
    `the fence of another ledger taken for one's own`,
    LATER,
    UNGUARDED,
    at(STANDING, `  if (fence.ledger !== state.ledger) return { type: 'other-ledger', fence };\n`, ''),
  ),
  {
    ...mutant(
      'a fence that forgets an event that the log has lost',
      SOON,
      at(NEXT_FENCE, 'return unsaidMark(head, own) ?? markOf(head);', 'return markOf(head);'),
    ),
    scenario: 'events-lost',
  },
  {
    ...mutant(
      'an enactor that says nothing of lost events',
      SOON,
      at(ENACT, '  if (lost !== undefined) return reportContradiction(deps, head, lost);\n', ''),
    ),
    scenario: 'events-lost',
  },
  mutant(
    'delete before TreesRetired',
    LATER,
    at(
      RETIRE,
      `  if (isNews && !(await recordRetirement(deps, head, trees, fence)))
    return { type: 'lost', reason: 'the log moved on while the zone was read' };
  const outcome = await deleteChosen(deps, recorded, head, { chosen, selectIn });`,
      `  const outcome = await deleteChosen(deps, recorded, head, { chosen, selectIn });
  if (isNews) await recordRetirement(deps, head, trees, fence);`,
    ),
  ),
  mutant(
    'a retirement that goes on although the log has moved on',
    LATER,
    at(RETIRE, `  return told.type === 'appended';`, `  return told.type !== 'unknown';`),
  ),
  mutant(
    'a janitor that tells the log nothing',
    LATER,
    at(
      RETIRE,
      '  if (isNews && !(await recordRetirement(',
      '  if (isNews && trees.length < 0 && !(await recordRetirement(',
    ),
  ),
  mutant(
    'a routine plan that displaces a staged one',
    SOON,
    at(
      CHOOSE_GOAL,
      '  if (isStaged && !isRefused(staging.generation)) return staging;',
      '  if (isStaged && isRefused(staging.generation)) return staging;',
    ),
  ),
  {
    ...mutant(
      'a freeze in the log that stops nobody',
      LATER,
      at(
        STANDING,
        '  const isFrozen = state.frozen !== null;',
        '  const isFrozen = state.frozen !== null && state.goal === null;',
      ),
    ),
    scenario: 'return-and-freeze',
  },
  {
    // Among all scenarios a hand rarely comes between the reading and the deleting.
    ...mutant(
      'janitor without proof',
      LATER,
      at(
        SELECT,
        'const proof = endpoint === undefined ? [] : proofOf(endpoint, view, scope);',
        'const proof: readonly RecordSet[] | undefined = endpoint === undefined || view.size > 0 ? [] : proofOf(endpoint, view, scope);',
      ),
    ),
    scenario: 'retire',
  },
  mutant(
    'janitor off by one',
    LATER,
    at(
      'janitor/retention.ts',
      '(_, index) => index <= retainGenerations ||',
      '(_, index) => index < retainGenerations ||',
    ),
  ),
  mutant(
    'janitor before the flip is everywhere',
    LATER,
    at(RETIRE, "  if (place === 'pending')", "  if (place === 'pending' && applied.seq < 0)"),
  ),
  mutant(
    `janitor blind to somebody else's alias`,
    LATER,
    at(
      SELECT,
      'needed.has(name) || pointers.has(name)) continue;',
      'needed.has(name) || pointers.size < 0) continue;',
    ),
  ),
  mutant(
    'janitor that forgets the goal',
    LATER,
    at('janitor/retention.ts', 'await wantedPlans(logged, goal)', 'await plansOf(logged, [])'),
    at('janitor/retention.ts', '[...applied, state.staging]', '[...applied]'),
  ),
  {
    ...mutant(
      'janitor that keeps what was staged in part and is no goal any more',
      SOON,
      at(
        'janitor/retention.ts',
        'await goalOf(logged, fenceGeneration)',
        'fenceGeneration > 0 && state.staging?.sticky ? state.staging : (state.goal ?? undefined)',
      ),
    ),
    scenario: 'limit-not-known',
  },
  mutant(
    'freeze in the ledger only',
    SOON,
    at(
      'operator/freeze.ts',
      '  const fence = await freezeFence(deps, head, wait).catch(unreached);\n',
      `  if (told.head !== undefined) return { type: 'done', seq: 0 };
  const fence = await freezeFence(deps, head, wait).catch(unreached);
`,
    ),
  ),
  mutant(
    'a freeze that is content with a frozen fence',
    LATER,
    at(
      'operator/freeze.ts',
      '    const next = frozenFence(reading, head);\n',
      `    if (reading.type === 'fence' && reading.fence.frozen) return { type: 'done', seq: reading.fence.seq };
    const next = frozenFence(reading, head);
`,
    ),
  ),
  mutant(
    'a thaw that tries again',
    LATER,
    at(
      'operator/thaw.ts',
      `    case 'lost':
      return refused(`,
      `    case 'lost': {
      const again = await readFence(writer.zone, writer.scope);
      if (again.type === 'fence' && again.fence.frozen) return swap(deps, again, again.fence, head);
    }
      return refused(`,
    ),
  ),
  mutant(
    'what was applied lowered by a late event',
    LATER,
    at(
      EVOLVE,
      '  if (state.applied !== null && state.applied.seq >= event.seq) return { ...state, history };\n',
      '',
    ),
    at(
      'ledger/decider/decide.ts',
      '  return unless(known || forgotten, proposal);',
      '  return unless(forgotten && known, proposal);',
    ),
  ),
  mutant(
    'everything written in the newest format that its writer knows',
    SOON,
    at(
      FORMATS,
      '  const readable = known.filter(({ readableFrom }) => readableFrom <= cellFormat);',
      '  const readable = known.filter(({ readableFrom }) => readableFrom <= cellFormat + 1_000);',
    ),
  ),
  mutant(
    'a retirement written in the newest format, whatever the cell is read in',
    SOON,
    at(
      FORMATS,
      `event.type === 'FormatRaised' ? Math.max(cellFormat, event.format) : cellFormat;`,
      `event.type === 'FormatRaised' || event.type === 'TreesRetired' ? newestFormat(known).number : cellFormat;`,
    ),
  ),
  mutant(
    'a reader that goes on past a format that it does not know',
    SOON,
    at(
      'plan/stored-format.ts',
      `  if (readableFrom <= newest) return { type: 'tolerated' };`,
      `  if (readableFrom >= newest) return { type: 'tolerated' };`,
    ),
  ),
  mutant(
    'a format raised that the next event no longer knows of',
    SOON,
    at(
      EVOLVE,
      'format: Math.max(state.format, event.format)',
      'format: Math.min(state.format, event.format)',
    ),
  ),
  mutant(
    'the verdict of one endpoint for the whole cell',
    SOON,
    at(
      CHOOSE,
      '  const keptBack: WaitingEndpoint[] = [];\n',
      `  const keptBack: WaitingEndpoint[] = [];
  const first = [...picks.values()].find(({ waits }) => waits.length > 0);
  if (first !== undefined)
    for (const name of names) picks.set(name, { ...first, answer: input.standing.get(name) });
`,
    ),
  ),
  mutant(
    'an endpoint that is kept back dropped',
    SOON,
    at(
      CHOOSE,
      'const endpoints = [...picks.values()].flatMap(({ answer }) => answer ?? []);',
      'const endpoints = [...picks.values()].flatMap(({ answer, waits }) => (waits.length > 0 ? [] : (answer ?? [])));',
    ),
  ),
  mutant(
    'a refusal counted as a race',
    SOON,
    at(NARROW_DOWN, '  if (isSame) return { parts: again, reason: rejected.reason };\n', ''),
  ),
  mutant(
    'a race counted as a refusal',
    SOON,
    at(NARROW_DOWN, '    rejected.fence === fenceKey(reading) &&\n', ''),
    at(
      NARROW_DOWN,
      '  if (run.rejected === undefined || run.rejected.fence === fenceKey(reading)) return;\n',
      '  if (reading !== undefined) return;\n',
    ),
  ),
  mutant(
    'a refused endpoint that the log does not learn of',
    SOON,
    at(
      'enactor/record.ts',
      "  if (canRecord(state, 'EndpointRefused')) await record(deps, { type: 'RecordRefusal', ...refusal });\n",
      "  canRecord(state, 'EndpointRefused');\n",
    ),
  ),
  mutant(
    'a flip of a part that claims the whole plan',
    SOON,
    at(
      'enactor/flip.ts',
      'const plan = complete ? shortDigest(goalDigest) : NO_PLAN;',
      'const plan = shortDigest(goalDigest);',
    ),
  ),
  mutant(
    'what was refused of the goal never tried again',
    LATER,
    at(
      'planner/plan-cell.ts',
      'if (isAtGoal(known, choice.endpoints) && !isRetryDue(known, circumstances.now))',
      'if (isAtGoal(known, choice.endpoints))',
    ),
  ),
  {
    ...mutant(
      'an old change that is not known counts as everywhere',
      LATER,
      at(
        'cell/insync.ts',
        "? 'pending' : status;",
        "? 'pending' : status === 'unknown' ? 'insync' : status;",
      ),
    ),
    scenario: 'return',
  },
  {
    ...mutant(
      'a freeze that is done before it is INSYNC',
      LATER,
      at(
        'operator/freeze.ts',
        'const place = await awaitFence({ zone: writer.zone, clock: deps.clock }, outcome.changeId, wait);',
        `const place: string = 'insync';`,
      ),
    ),
    scenario: 'return-and-freeze',
  },
  {
    ...mutant(
      'a rescue in the log that binds nobody',
      LATER,
      at(STANDING, 'rescue !== null && fence.seq <= rescue.seq', 'rescue !== null && fence.seq < 0'),
    ),
    scenario: 'return-and-rescue',
  },
  {
    ...mutant(
      'a frozen log that leaves its fence as it is',
      LATER,
      at(ENACT, 'return fence.frozen ? frozen(', 'return fence.seq > 0 ? frozen('),
    ),
    scenario: 'return-and-freeze',
  },
  {
    ...mutant(
      'a successor that takes its message for the word that trees are everywhere',
      SOON,
      at(
        STAGE,
        '  const until = standsByUntil(deps, run);\n',
        `  if (run.request.follows === true) {
    for (const { changeId } of changes) run.insync.add(changeId);
    return 'again';
  }
  const until = standsByUntil(deps, run);
`,
      ),
    ),
    scenario: 'hand-over',
  },
  {
    ...mutant(
      'trees on their way left to a message that may be lost',
      SOON,
      at(
        STAGE,
        '  const until = standsByUntil(deps, run);\n',
        `  if (deps.successor !== undefined && !run.follows) return handOver(deps, run, goal, changes);
  const until = standsByUntil(deps, run);
`,
      ),
    ),
    scenario: 'hand-over',
  },
  {
    ...mutant(
      'a successor that asks for none in its turn',
      SOON,
      at(HAND_OVER, 'run.follows ? await', 'run.follows && run.request.follows !== true ? await'),
    ),
    scenario: 'hand-over',
  },
  {
    ...mutant(
      'a message that cannot be sent fails the run',
      SOON,
      at(HAND_OVER, '    return null;\n  }\n}', '    throw error;\n  }\n}'),
    ),
    scenario: 'hand-over',
  },
  {
    ...mutant(
      'a change that is not known handed over again and again',
      LATER,
      at(
        STAGE,
        '      for (const changeId of waited.changes) run.unknown.add(changeId);\n',
        `      if (deps.successor !== undefined) return handOver(deps, run, goal, changes);
      for (const changeId of waited.changes) run.unknown.add(changeId);
`,
      ),
    ),
    scenario: 'hand-over-and-return',
  },
  {
    ...mutant(
      'an enactor that believes any listing',
      LATER,
      at(
        CONFIRM,
        'const { records } = await countedRecords(zone, scope.zone);',
        `const { recordsUnder } = await import('../zone/read-records.ts');
    const { records } = await recordsUnder(zone, scope.zone);`,
      ),
    ),
    scenario: 'obstacles',
  },
  {
    ...mutant(
      'a root that one listing leaves out said to be missing',
      LATER,
      at(
        'enactor/situation.ts',
        'const missing = counted === undefined ? [] : missingRoots(applied, counted);',
        'const missing = isMissing ? missingRoots(applied, view) : [];',
      ),
    ),
    scenario: 'obstacles',
  },
  {
    ...mutant(
      'a shared node retired with its first owner',
      SOON,
      at(SELECT, "part?.kind === 'node' && !needed.has(node) &&", "part?.kind === 'node' &&"),
      at(
        SELECT,
        'if (![...(pointers.get(alias.name) ?? [])].every((by) => going.has(by))) continue;',
        'if (pointers.size === 0) continue;',
      ),
      UNGUARDED,
    ),
    scenario: 'routed',
  },
  {
    ...mutant(
      'a node flipped to before it is INSYNC',
      SOON,
      at(
        STEP,
        'const pending = trees.pending.filter(({ changeId }) => !situation.insync.has(changeId));',
        'const pending = trees.pending.filter(({ changeId }) => !situation.insync.has(changeId) && situation.goal.format === 1);',
      ),
    ),
    scenario: 'routed',
  },
  {
    ...mutant(
      'EvaluateTargetHealth on a root',
      SOON,
      at(
        'plan/plan.ts',
        'name: target, evaluateTargetHealth: false',
        'name: target, evaluateTargetHealth: true',
      ),
      UNGUARDED,
    ),
    scenario: 'routed',
  },
  {
    ...mutant(
      'a stale ancestor kept above a new node',
      SOON,
      at(
        'plan/make-plan.ts',
        'nodeContent(tree, path) === nodeContent(endpoint, path) ? name',
        "(path === '' || nodeContent(tree, path) === nodeContent(endpoint, path)) ? name",
      ),
    ),
    scenario: 'routed',
  },
  {
    ...mutant(
      'a node that is there, though its tree is not, staged with nothing below it',
      SOON,
      at(
        'plan/trees.ts',
        "return nodeRecords(endpoint, scope).filter((node) => nodeCondition(node, view) === 'missing');",
        "return nodeRecords(endpoint, scope).filter((node) => node.path === '' && nodeCondition(node, view) === 'missing');",
      ),
    ),
    scenario: 'routed',
  },
  {
    ...mutant(
      'a proof that ends at the tree',
      LATER,
      at(
        SELECT,
        'return [...proof, ...aliasesBelow(proof, view)];',
        'return view.size === 0 ? aliasesBelow(proof, view) : proof;',
      ),
    ),
    scenario: 'routed-and-broken',
  },
];
