import { describe, it } from 'vitest';
import type { CheckMutant } from './check-mutants.ts';
import { expectFound } from './check-mutants.ts';

const TAKE_OVER = 'cli/zone/take-over-zone.ts';
const WAITS = 'cli/zone/taken-names.ts';
const ANSWERS = 'cli/zone/answers-compared.ts';
const ADOPT = 'operator/adopt-names.ts';
const GIVE_BACK = 'operator/give-back.ts';
const SURVEY = 'operator/give-back-survey.ts';
const PLAIN = 'plan/plain-records.ts';

/** Bugs in taking a zone over and giving it back, each with the check that must find it. */
const MUTANTS: readonly CheckMutant[] = [
  [
    'the push comes before the check',
    'a name that would be kept back is not begun',
    TAKE_OVER,
    '  check(foreseen, adoptions);\n',
    '',
  ],
  [
    'a paused planner is waited for',
    'what does not pass the check is not begun',
    TAKE_OVER,
    'if (paused !== undefined)',
    'if (paused !== undefined && kept.length > 0)',
  ],
  [
    'the push comes before the adoption',
    'all names of a cell go over in one flip, however quick its roles are',
    TAKE_OVER,
    '  for (const fleet of cells) {\n    done((await beginFormat',
    '  done(await pushFleet(deps, { cells, apply: true, expected: comparedWith, functionsRead }));\n  for (const fleet of cells) {\n    done((await beginFormat',
  ],
  [
    'an adoption before the format of its cell',
    'an adoption comes after the format of its cell',
    TAKE_OVER,
    'done((await beginFormat(deps, await ledger.head(fleet.cell), format)) ?? BEGUN);',
    '',
  ],
  [
    'the zone is described anew by each run',
    'it goes on with the file that it wrote',
    TAKE_OVER,
    'if (await isThere(path)) return',
    "if (path === '') return",
  ],
  [
    'a name is adopted that the file leaves out',
    'a name that the file leaves out stays as it is',
    ADOPT,
    'if (!known.has(name))',
    'if (known.size === 0)',
  ],
  [
    'a name of another cell is adopted',
    'a name of another cell is left',
    ADOPT,
    'else if (owner !== undefined) left',
    'else if (owner === cell) left',
  ],
  [
    'what a dead enactor flipped is adopted as somebody else\u2019s',
    'a flip that nobody has told of is no record of somebody else',
    ADOPT,
    'own.has(name) || isPawls(there, writer.scope)',
    'own.has(name)',
  ],
  [
    'an adopted name counts as taken over',
    'it goes on with the file that it wrote',
    WAITS,
    '!state.owned.includes(name)',
    '![...state.owned, ...state.adopted].includes(name)',
  ],
  [
    'names that were owned before the cell was given back count as taken over',
    'a cell that is given back is taken back first',
    WAITS,
    '> (givenBack.get(cell) ?? -1)',
    '> -1',
  ],
  [
    'a cell that is given back is taken over as it is',
    'a cell that is given back is taken back first',
    WAITS,
    'if (stopped !== undefined) throw new Refused(stopped);',
    '',
  ],
  [
    'names that are kept back are waited for',
    'names that are kept back are waited for no longer, and the exit says it',
    WAITS,
    '...state.refused, ...state.keptBack',
    '...state.refused',
  ],
  [
    'exit 0 while names wait',
    'names that Route 53 refuses are waited for no longer, and the exit says it',
    TAKE_OVER,
    '    waiting.length === 0 && (',
    '    waiting.length >= 0 && (',
  ],
  [
    'answers are compared with those of afterwards',
    'an answer that is missing afterwards ends with exit 1',
    TAKE_OVER,
    'compareAnswers(names, before, after)',
    'compareAnswers(names, after, after)',
  ],
  [
    'exit 0 although an answer is missing',
    'an answer that is missing afterwards ends with exit 1',
    TAKE_OVER,
    'answers.missing.length + answers.others.length === 0',
    'answers.others.length === 0',
  ],
  [
    'exit 0 although an answer is another',
    'an answer that nobody planned ends with exit 1',
    TAKE_OVER,
    'answers.missing.length + answers.others.length === 0',
    'answers.missing.length === 0',
  ],
  [
    'any answer is as good as the planned one',
    'an answer that nobody planned ends with exit 1',
    ANSWERS,
    'new Set([...planned, ...then.answers.keys()].map(comparable))',
    'new Set([...planned, ...now.answers.keys()].map(comparable))',
  ],
  [
    'a root goes before its plain record comes',
    'plain records come back as they were, and nothing of Pawl is left',
    SURVEY,
    'return [...roots.map(remove), ...records.map(create)];',
    'return records.length === 0 ? records.map(create) : roots.map(remove);',
  ],
  [
    'rollback roots go with the trees',
    'rollback roots go with the roots',
    SURVEY,
    "if (parseOwnedName(name, scope)?.kind === 'rollback') rollbacks.push(...records);",
    "if (parseOwnedName(name, scope)?.kind === 'rollback') inside.push(...records);",
  ],
  [
    'trees go without waiting',
    'trees go once the plain records are at every server',
    GIVE_BACK,
    'const place = await awaitFence({ zone: writer.zone, clock }, changeId, run.waits());\n  if (place',
    "const place: string = clock.now() > 0 ? 'insync' : changeId;\n  if (place",
  ],
  [
    'a resumed run takes plain records for old ones',
    'whoever goes on waits for the plain records of a dead one',
    GIVE_BACK,
    'failures: 0, isPlain: false }',
    'failures: 0, isPlain: true }',
  ],
  [
    'trees go on the word of an earlier look',
    'a root that a hand puts back keeps its tree',
    SURVEY,
    'return endpoint === undefined ? [] : asserted(endpoint, view, scope);',
    'return endpoint === undefined || view.size > 0 ? [] : asserted(endpoint, view, scope);',
  ],
  [
    'a single record keeps a weight',
    'plain records come back as they were, and nothing of Pawl is left',
    PLAIN,
    'moved.length === 1 ? moved.map(simple) : moved',
    'moved.length === 0 ? moved.map(simple) : moved',
  ],
  [
    'plain records get a TTL of their own',
    'plain records come back as they were, and nothing of Pawl is left',
    PLAIN,
    'moved.push({ ...record, name: root.name });',
    'moved.push({ ...record, ttl: 60, name: root.name });',
  ],
  [
    'the fence is left behind',
    'plain records come back as they were, and nothing of Pawl is left',
    GIVE_BACK,
    "return reading.type === 'missing' && pointing.length",
    'return pointing.length',
  ],
  [
    'a cell is paused and not frozen while it is given back',
    'nobody else writes to a cell while it is given back',
    GIVE_BACK,
    'const frozen = await freeze(deps, { cell, reason: GIVING_BACK, wait: waits() });\n  return',
    "const frozen = { type: 'done' };\n  return",
  ],
  [
    'nobody remembers the last seq',
    'a fence that is made after it goes on above the last one',
    GIVE_BACK,
    'if (applied === null || applied.seq >= seq)',
    'if (applied === null || seq > 0)',
  ],
  [
    'a cell is called given back by its names alone',
    'what is left half given back is not called given back',
    GIVE_BACK,
    'return head.state.frozen?.reason === GIVEN_BACK && isGone(reading, remains);',
    'return isGiving(head) && remains.pointing.length === 0 && reading.type !== undefined;',
  ],
];

describe('the checks of taking over and giving back', () => {
  it.each(MUTANTS)('find "%s"', async (...mutant) => {
    await expectFound('take-over', mutant);
  });
});
