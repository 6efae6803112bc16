import { describe, expect, it } from 'vitest';
import { ownProcess } from '../support/own-process.ts';
import { verifyPlayed } from '../support/simulated-trail.ts';
import type { CheckMutant } from './check-mutants.ts';
import { expectFound } from './check-mutants.ts';
import { MUTANTS } from './mutants.ts';
import type { TrailMutantResult, TrailMutantWork } from './trail-mutant-worker.ts';

/** Bugs of the protocol that the trail of the broken run shows, with what it shows, and the guard of the proof that is told. */
const SHOWN: readonly (readonly [name: string, code: string, guard?: string])[] = [
  ['no fence in staging', 'own-unfenced'],
  ['UPSERT on the fence', 'contents'],
  ['a lost write sent again under a fresh fence', 'frozen'],
  ['a fence that is ahead lowered to the goal', 'fence'],
  ["the fence of another ledger taken for one's own", 'other-ledger'],
  ['a fence that forgets an event that the log has lost', 'fence'],
  ['an enactor that says nothing of lost events', 'unknown-event'],
  ['janitor without proof', 'pointed'],
  ['delete before TreesRetired', 'no-step', 'drops-what-is-retired'],
  ['a retirement that goes on although the log has moved on', 'no-step', 'drops-what-is-retired'],
];

describe('the trail of a run of workflows with a bug in them', () => {
  for (const [name, code, guard] of SHOWN) {
    it(`shows "${name}"`, async () => {
      const mutant = MUTANTS.find((each) => each.name === name);
      if (mutant === undefined) throw new Error(`there is no mutant "${name}"`);
      const { replacements, scenario, within: decisionsMax } = mutant;
      const work: TrailMutantWork = { replacements, scenario, cells: 1, decisionsMax };
      const result = await ownProcess<TrailMutantResult>(
        new URL('./trail-mutant-worker.ts', import.meta.url),
        work,
      );
      expect(result.type, JSON.stringify(result).slice(0, 500)).toBe('broken');
      if (result.type !== 'broken') return;
      // Verified here, where nothing is replaced.
      const { findings } = await verifyPlayed(result.trail);
      const own = findings.filter(({ byHand }) => !byHand);
      expect(own.map((finding) => finding.code)).toContain(code);
      const guards = own.flatMap(({ guards: broken = [] }) => broken);
      expect(new Set(guards)).toEqual(new Set(guard === undefined ? [] : [guard]));
    });
  }
});

const JUDGE = 'trail/judge-batch.ts';
const ANSWERS = 'trail/judge-answers.ts';
const SECOND = 'trail/play-second.ts';
const VERIFY = 'trail/play-trail.ts';
const MODEL = 'trail/zone-model.ts';

const STEP = 'trail/judge-step.ts';

/** Bugs in the verifier itself. */
const VERIFIER: readonly CheckMutant[] = [
  [
    'a deleted root answers again only as an alias',
    'a root that a hand deletes has no answer until it stands again, whatever stands there',
    ANSWERS,
    'if (found?.isDeleted === true ? isThere : found',
    'if (found?.isDeleted === true ? false : found',
  ],
  [
    'a plan that has the name still gives it up',
    'a root that a hand deletes is missed until a plan is applied that has given its name up',
    ANSWERS,
    'if (isDeleted && cell === scope.cell && !owned.includes(name))',
    'if (isDeleted && cell === scope.cell && owned.length > 0)',
  ],
  [
    'fences are not held against each other',
    'a seq that leaps is named, and not after a hand has set the fence back',
    JUDGE,
    "if (problem !== undefined) say('fence', problem);",
    "if (problem === '') say('fence', problem);",
  ],
  [
    'a hand is Pawl',
    'somebody else who goes through the fence is a hand, where it is said who is Pawl',
    JUDGE,
    'if (trail.isOwn !== undefined && !trail.isOwn(who)) return false;',
    'if (trail.isOwn !== undefined && trail.zone.zoneId === who.name) return false;',
  ],
  [
    'no plan is unknown',
    'a plan that the log does not know is named',
    JUDGE,
    "if (plan !== undefined) say('unknown-plan', plan);",
    "if (plan === '') say('unknown-plan', plan);",
  ],
  [
    'no event is unknown',
    'an event that the log lost is named once, and not where the log says so itself',
    JUDGE,
    "if (log.eventAt(head) === 'unknown') {",
    "if (log.eventAt(head) === 'unknown' && head.number < 0) {",
  ],
  [
    'held plans are approved',
    'a plan that the log does not know is named',
    'trail/known-log.ts',
    "if (event.disposition === 'approved') approve(notes, event);",
    'approve(notes, event);',
  ],
  [
    'a thaw ends no freeze of the log',
    'a role that writes on a log that is frozen is named',
    'trail/known-log.ts',
    'notes.freezes.push({ number, frozen: true });',
    'notes.freezes.push({ number, frozen: false });',
  ],
  [
    'what is deleted is never pointed at',
    'a janitor that takes what answers is named',
    ANSWERS,
    'if (gone.length > 0) judgePointed(',
    'if (gone.length < 0) judgePointed(',
  ],
  [
    'a missing answer ends at once',
    'an answer that is still missing in the end has no end',
    VERIFY,
    'for (const [key, found] of missing) findings.push(missingFinding(trail, key, found, null));',
    'for (const [key, found] of missing) findings.push(missingFinding(trail, key, found, to));',
  ],
  [
    'Pawl is blamed for what a hand took',
    'a hand is named with what it wrote, and Pawl is not blamed for what follows',
    ANSWERS,
    'byHand: isHands, isDel',
    'byHand: false, isDel',
  ],
  [
    'what is unknown is absent',
    'what is from before the trail is not missed',
    MODEL,
    "return model.fromStart || model.whole.has(key) ? 'absent' : 'unknown';",
    "return 'absent';",
  ],
  [
    'no gap is said',
    'a batch that the trail lacks is said, and nothing is guessed after it',
    SECOND,
    'const isExplained = trail.flags.has(',
    'const isExplained = trail.flags.size >= 0 || trail.flags.has(',
  ],
  [
    'times are the order',
    'the order of delivery does not matter within an hour, and what comes twice counts once',
    SECOND,
    'left.findIndex((unit) => isFirst(unit, left)),',
    'left.findIndex((unit) => left.includes(unit)),',
  ],
  [
    'one order is enough',
    'what depends on the order within a second is said to',
    SECOND,
    "...ordersOf(trail, units, 'hands first')];",
    '].slice(0, 1);',
  ],
  [
    'an event counts twice',
    'the order of delivery does not matter within an hour, and what comes twice counts once',
    'trail/remembered-ids.ts',
    'if (newer.has(id) || older.has(id)) return false;',
    'if (newer.has(id) && older.has(id)) return false;',
  ],
  [
    'an omitted batch of no zone is of none',
    'what was left out with its zone casts doubt on every zone',
    VERIFY,
    "if (zoneId === '' && content.type === 'omitted') return [...waiting.values()];",
    "if (zoneId === '-' && content.type === 'omitted') return [...waiting.values()];",
  ],
  [
    'no guard of the proof is asked',
    'a tree that no plan of the log has is no step of the proof to stage',
    JUDGE,
    'const lacking = isFenced ?',
    'const lacking = event.id === undefined ?',
  ],
  [
    'what is told already is told again as a guard',
    'a plan that the log does not know is named',
    STEP,
    '!entry.toldAs?.some((code) => told.includes(code))',
    'entry.toldAs !== undefined',
  ],
  [
    'what a hand touched is asked about',
    'a tree that no plan of the log has is no step of the proof to stage',
    'trail/batch-names.ts',
    'if (trail.touched.size === 0) return { nodes, roots };',
    'if (trail.touched.size >= 0) return { nodes, roots };',
  ],
  [
    'a hand is an excuse for ever',
    'what stands at a tree is changed by no step of the proof, but after a hand',
    JUDGE,
    'put(journal, touched, record.name, isFenced ? undefined : true)',
    'put(journal, touched, record.name, true)',
  ],
  [
    'a tree may be retired long after it was deleted',
    'a tree that the log lists still is no step of the proof to delete',
    'trail/said-log.ts',
    'known.logged.isListedAt(tree, decided + 1)',
    'known.logged.isListedAt(tree, decided + 9)',
  ],
  [
    'what was retired is listed',
    'a tree that the log had retired before is no step of the proof to stage',
    'trail/listed-trees.ts',
    'return known.gone > number;',
    'return known.gone > 0;',
  ],
  [
    'what one batch has answered counts for the next',
    'a tree that no plan of the log has is no step of the proof to stage',
    'proof/remembered-answers.ts',
    'next = next.said.get(numberOf(saidNow(next, names), names))?.next;',
    'next = [...next.said.values()][0]?.next;',
  ],
  [
    'whatever stands may be taken over',
    'what is not Pawl’s is taken over by a step of the proof only where the log says so',
    'trail/said-log.ts',
    '|| known.logged.isAdopted(name);',
    '|| name.length > 0;',
  ],
  [
    'what is left out is nothing',
    'contents that the trail left out are said, and explain what is missing',
    SECOND,
    "for (const { event } of events) if (event.content.type === 'omitted') playOmitted(trail, event);",
    '',
  ],
];

describe('the checks of the verifier', () => {
  for (const mutant of VERIFIER) it(`find "${mutant[0]}"`, () => expectFound('trail', mutant));
});
