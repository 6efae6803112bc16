import { describe, it } from 'vitest';
import type { CheckMutant } from './check-mutants.ts';
import { expectFound } from './check-mutants.ts';

const VERDICT = 'rollout/wave-verdict.ts';
const STORY = 'rollout/cell-story.ts';
const FACTS = 'rollout/cell-facts.ts';
const ROLL_OUT = 'rollout/roll-out.ts';
const BAKE = 'rollout/wave-bake.ts';
const UNDO = 'rollout/undo-wave.ts';
const ORDER = 'rollout/wave-order.ts';
const FORESEEN = 'rollout/foreseen-waves.ts';
const AWAIT = 'rollout/await-push.ts';

/** Bugs in a rollout, each with the check that must find it. */
const MUTANTS: readonly CheckMutant[] = [
  [
    'a bake that ignores refusals',
    'a refusal of Route 53 goes back',
    VERDICT,
    "if (event.type === 'EndpointRefused')",
    "if (event.type === 'EndpointRefused' && event.batches < 0)",
  ],
  [
    'a bake that ignores drift',
    'drift that an auditor found goes back',
    VERDICT,
    "if (event.type === 'DriftFound')",
    "if (event.type === 'DriftFound' && event.count < 0)",
  ],
  [
    'a bake that ignores what is kept back',
    'wrong addresses go back',
    VERDICT,
    'filter((each) => !waitedBefore.has(waiting(each)))',
    'filter((each) => waitedBefore.has(waiting(each)))',
  ],
  [
    'what was kept back before counts against a wave',
    'what was kept back before goes on being so',
    STORY,
    'waitedBefore: waitedBefore ?? new Set() };',
    'waitedBefore: new Set() };',
  ],
  [
    'a rollback of all cells',
    'only the cells of the wave go back',
    ROLL_OUT,
    'const wave = request.waves[number - 1] ?? [];',
    'const wave = request.waves.flat();',
  ],
  [
    'a rollback of the one bad cell',
    'only the cells of the wave go back',
    ROLL_OUT,
    'own.map((cell) => ({ cell, target',
    'own.filter((cell) => findings.some((each) => each.cell === cell)).map((cell) => ({ cell, target',
  ],
  [
    'a wave that does not wait for applied',
    'a wave waits until it is applied',
    VERDICT,
    'const isWhole = judged.isPlanned && isApplied(head);',
    'const isWhole = judged.isPlanned && (isApplied(head) || head.number > 0);',
  ],
  [
    'a wave that does not wait for its planner',
    'a wave waits for its planner',
    VERDICT,
    'const isWhole = judged.isPlanned && isApplied(head);',
    'const isWhole = isApplied(head);',
  ],
  [
    'a bake from the declaration on',
    'a wave bakes for its whole time',
    VERDICT,
    "return attempt.since.find(({ event }) => event.type === 'PlanApplied' && event.generation >= planned)?.at;",
    "return attempt.since.some(({ event }) => event.type === 'PlanApplied' && event.generation >= planned) ? attempt.begun.at - 1 : undefined;",
  ],
  [
    'a bake that ends without an audit',
    'a bake ends with an audit',
    BAKE,
    'if (!isOver && now < auditedAt + apartMs)',
    "if (isOver) return { type: 'baked' };\n  if (now < auditedAt + apartMs)",
  ],
  [
    'a bake that takes a restless cell for a good one',
    'a cell that never settles is not baked',
    BAKE,
    'settled ? [] : [cell]',
    'settled || cell !== undefined ? [] : [cell]',
  ],
  [
    'a bake that hears no alarm',
    'an alarm goes back, and one that rang before keeps a wave from beginning',
    BAKE,
    "if (rings.length > 0) return { type: 'bad', findings: rings };",
    '',
  ],
  [
    'alarms that nobody sees count as quiet',
    'alarms that nobody can see stop a rollout',
    BAKE,
    'if (error instanceof AlarmsUnseen) return error.message;',
    'if (error instanceof AlarmsUnseen) return [];',
  ],
  [
    'a rollback to the newest that differs',
    'asked for again, a rollout that went back rolls nothing back twice',
    UNDO,
    "if (isRolledBack(story)) return { type: 'rolled-back', ...about };\n    const back = await bringBack(deps, facts, story);",
    'const back = await rollback(deps, { cell, apply: true });',
  ],
  [
    'a rollback that is forgotten once it was made',
    'a person who rolls one cell back takes its wave back',
    VERDICT,
    "if (origin === 'rollback') return",
    "if (origin === 'rollback' && generation < 0) return",
  ],
  [
    'a resumed planner changes nothing',
    'after a person has resumed the planner, the same rollout goes on',
    VERDICT,
    "event.type === 'PlannerResumed'",
    "event.type === 'PlannerResumed' && declared.number < 0",
  ],
  [
    'a second rollout is let in',
    'a second rollout at the same time is refused by what it finds',
    ROLL_OUT,
    'const until = fleet.at + request.bakeMs;',
    'const until = fleet.at;',
  ],
  [
    'a fleet that was brought back counts as a rollout',
    'after the earlier fleet came back, a mended file goes out',
    STORY,
    'if (!isFirst && event.digest === standing) return true;',
    'if (!isFirst && event.digest === standing) return false;',
  ],
  [
    'a push of a later cell goes unnoticed',
    'a push of a cell in between stops a rollout, and nothing is rolled back',
    ROLL_OUT,
    '(index + 1 >= number && found === standing.get(cell))',
    'index + 1 >= number',
  ],
  [
    'an old push is rolled back',
    'what baked long ago is no part of a rollout',
    VERDICT,
    'over: end + RESUMED_WITHIN_MS',
    'over: end + RESUMED_WITHIN_MS * 1_000',
  ],
  [
    'endpoints go over in waves',
    'endpoints do not go over in waves',
    ORDER,
    'if (move === undefined) return undefined;',
    "if (move === undefined || move.to !== '') return undefined;",
  ],
  [
    'an old push is rolled back while it moves',
    'a cell that moves now is no part of a rollout, if it has had its fleet for long',
    VERDICT,
    'if (times.now > over && !',
    'if (times.now > over && isWhole && !',
  ],
  [
    'an old push that was never applied has baked',
    'a fleet that was never applied has not baked, however old it is',
    VERDICT,
    'if (!isTaken && (isWhole || isAppliedIn(attempt))) return LONG_AGO;',
    'if (!isTaken) return LONG_AGO;',
  ],
  [
    'a wave that went back is forgotten after a while',
    'a wave that went back stays so, however late it is asked for again',
    VERDICT,
    'if (times.now > over && !attempt.since.some(isTaking)) return',
    'if (times.now > over) return',
  ],
  [
    'a wave that is paused by its rollout counts as paused by a person',
    'killed while a wave that changed nothing goes back, it goes on going back',
    STORY,
    'event.reason === UNDOING_REASON',
    "event.reason === ''",
  ],
  [
    'a rollback after the bake counts as a person',
    'killed while a wave goes back after its last audit, it goes on going back',
    VERDICT,
    '(isRollback(event) && at <= over)',
    '(isRollback(event) && until !== undefined && at <= until)',
  ],
  [
    'a wave is not looked at again after its last audit',
    'what the log learns while the last audit is made goes back',
    ROLL_OUT,
    "if (!after.verdicts.every(({ type }) => type === 'baked')) continue;",
    '',
  ],
  [
    'a planner is resumed under the bad fleet',
    'after a wave went back, a mended file is not pushed before the bad one is gone',
    ROLL_OUT,
    'takenBack(head, story)) ?? stops',
    'takenBack(head, story) && stops) ?? stops',
  ],
  [
    'an endpoint that another cell has not offered counts as refused',
    'what another cell has not offered yet goes back no wave',
    VERDICT,
    '!isNotYetOffered(recorded, facts)',
    '!(isNotYetOffered(recorded, facts) && times.now < 0)',
  ],
  [
    'a wave is declared after Ctrl-C',
    'whoever waits no longer at the last audit of a wave declares no other',
    ROLL_OUT,
    "if (request.signal?.aborted === true) return { type: 'interrupted', wave: number };",
    '',
  ],
  [
    'a paused planner is declared to',
    'a paused planner keeps a wave from beginning',
    ROLL_OUT,
    "if (stops !== undefined) return { type: 'stopped', wave: number, reason: stops };\n  const rings",
    'const rings',
  ],
  [
    'observations of a person are looked at anew',
    'wrong addresses go back',
    FACTS,
    "source.kind === 'declared' && isObserved",
    "source.kind === 'declared' && !isObserved",
  ],
  [
    'what would be kept back begins a wave',
    'what a person would have to approve is not declared in waves',
    FORESEEN,
    'if (anew === undefined) continue;',
    'if (anew === undefined || anew.isNew) continue;',
  ],
  [
    'a wait that does not look whether it is applied',
    'a wait is as long as the slowest cell',
    AWAIT,
    '!isPlanned || !isApplied(head)',
    '!isPlanned || (!isApplied(head) && head.number < 0)',
  ],
  [
    'a wait that does not look whether it is planned',
    'a plan that nobody has made yet is waited for',
    AWAIT,
    '!isPlanned || !isApplied(head)',
    '!isApplied(head)',
  ],
  [
    'a wait that takes what is held for applied',
    'what waits for a person is no push that is applied',
    AWAIT,
    'return names.length === 0',
    'return names.length >= 0',
  ],
  [
    'a wait that goes on under a paused planner',
    'a paused planner ends a wait',
    AWAIT,
    "if (stops !== undefined) return { cell, type: 'stopped', says: stops };",
    '',
  ],
  [
    'a wait that hears no refusal',
    'records that Route 53 refuses end a wait',
    AWAIT,
    'if (refused.length > 0)',
    'if (refused.length > 1_000)',
  ],
  [
    'a wait for the fleet of somebody else',
    'another fleet ends a wait',
    AWAIT,
    'if (!declared || judged === undefined)',
    "if (!declared) return { cell, type: 'applied' };\n  if (judged === undefined)",
  ],
];

describe('the checks of a rollout', () => {
  it.each(MUTANTS)('find "%s"', async (...mutant) => {
    await expectFound('rollout', mutant);
  });
});
