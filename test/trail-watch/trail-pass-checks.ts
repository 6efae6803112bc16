import assert from 'node:assert/strict';
import { create, remove } from '../../lib/plan/records.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { TrailAway } from '../../lib/trail-watch/trail-store.ts';
import { CELL, drained, planAppended, planApplied } from '../support/ledger-events.ts';
import type { TrailStage } from '../support/trail-stage.ts';
import { HOUR_MS, MINUTE_MS, PORTS, trailStage } from '../support/trail-stage.ts';
import { BEGAN, cleanLog, cleanTrail, leaf, trailAuthor } from '../support/written-trail.ts';

function codes({ said }: TrailStage): readonly string[] {
  return said.map(({ code }) => code);
}

function sum({ counted }: TrailStage, metric: string): number {
  return (counted.get(metric) ?? []).reduce((total, value) => total + value, 0);
}

/** A stage on which the clean trail has been delivered, and its log appended. */
async function cleanStage(): Promise<TrailStage & { readonly author: ReturnType<typeof cleanTrail> }> {
  const stage = trailStage();
  const author = cleanTrail();
  await stage.append(cleanLog());
  await stage.pass();
  stage.at = 10 * MINUTE_MS;
  stage.deliver(author.events);
  return Object.assign(stage, { author });
}

/** So long nothing of the clean trail can be in any window any more. */
const OVER = 9 * HOUR_MS;

/** What passes over a trail do: the same checks find bugs that are seeded in them. */
export const TRAIL_PASS_CHECKS = {
  'a clean trail is passed over in silence': async () => {
    const stage = await cleanStage();
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), []);
    assert.equal(sum(stage, METRICS.trailFindings), 0);
    assert.equal(sum(stage, METRICS.trailBlind), 0);
    assert.equal(sum(stage, METRICS.trailPasses), 37);
  },

  'a clean trail is clean however it is cut into files, and whenever they come': async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const stage = trailStage();
      await stage.append(cleanLog());
      for (const [index, event] of cleanTrail().events.entries())
        stage.deliver([event], ((index * seed * 7) % 50) * MINUTE_MS);
      await stage.passesUntil(OVER);
      assert.deepEqual(codes(stage), [], `seed ${seed}`);
    }
  },

  'a hand is told at the next pass, and never again': async () => {
    const stage = await cleanStage();
    const hand = stage.author.hand([create(leaf(9))]);
    stage.deliver([hand], 12 * MINUTE_MS);
    stage.at = 15 * MINUTE_MS;
    assert.equal((await stage.pass()).found, 1);
    assert.deepEqual(
      stage.said.map(({ code, event, byHand }) => [code, event, byHand]),
      [['outside-fence', hand.id, true]],
    );
    await stage.passesUntil(OVER);
    assert.equal(stage.said.length, 1);
    assert.equal(sum(stage, METRICS.trailFindings), 1);
    assert.equal(sum(stage, METRICS.trailViolations), 0);
  },

  'what Pawl itself did wrong counts as a violation': async () => {
    const stage = await cleanStage();
    stage.deliver([stage.author.write({ nonce: 'n0000002', by: 'enactor-a' })]);
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), ['fence']);
    assert.equal(sum(stage, METRICS.trailViolations), 1);
  },

  'an event that comes in two files is told once': async () => {
    const stage = await cleanStage();
    const hand = stage.author.hand([create(leaf(9))]);
    stage.deliver([hand], 12 * MINUTE_MS);
    stage.deliver([hand], 90 * MINUTE_MS);
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), ['outside-fence']);
  },

  'what a file explains that comes fifty minutes late is never told': async () => {
    const stage = trailStage();
    const { events } = cleanTrail();
    await stage.append(cleanLog());
    stage.deliver(events.toSpliced(5, 1), 10 * MINUTE_MS);
    stage.deliver(events.slice(5, 6), 50 * MINUTE_MS);
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), []);
  },

  'a batch that never comes is told after an hour, once': async () => {
    const stage = trailStage();
    await stage.append(cleanLog());
    stage.deliver(cleanTrail().events.toSpliced(5, 1), 10 * MINUTE_MS);
    await stage.passesUntil(HOUR_MS);
    assert.deepEqual(codes(stage), []);
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), ['trail-lacks']);
    assert.equal(sum(stage, METRICS.trailViolations), 0);
  },

  'an event that comes hours late is told as that': async () => {
    const stage = await cleanStage();
    await stage.passesUntil(4 * HOUR_MS);
    const late = stage.author.hand([create(leaf(9))], BEGAN + MINUTE_MS);
    stage.deliver([late]);
    await stage.passesUntil(OVER);
    assert.deepEqual(
      stage.said.map(({ code, event }) => [code, event]),
      [['late', late.id]],
    );
  },

  'a file that is cut off is told once, and the others are read': async () => {
    const stage = await cleanStage();
    stage.deliver('cut');
    stage.deliver([stage.author.hand([create(leaf(9))])]);
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), ['outside-fence', 'trail-lacks']);
    assert.match(stage.said[1]?.what ?? '', /file 2 is cut off$/);
  },

  'whatever is down, a pass that breaks off loses nothing': async () => {
    for (const port of PORTS) {
      const stage = await cleanStage();
      const hand = stage.author.hand([create(leaf(9))]);
      stage.deliver([hand], 12 * MINUTE_MS);
      stage.at = 15 * MINUTE_MS;
      const before = stage.memory;
      stage.down = port;
      for (let tries = 0; tries < 20; tries += 1) {
        await assert.rejects(stage.pass(), TrailAway);
        stage.at += HOUR_MS;
      }
      assert.equal(stage.memory, before);
      assert.equal(sum(stage, METRICS.trailPasses), 1);
      // What was told and not remembered is told again; everything else was not told at all.
      assert.equal(stage.said.length, port === 'write' ? 20 : 0, port);
      stage.down = undefined;
      stage.said.length = 0;
      await stage.pass();
      assert.deepEqual(codes(stage), ['outside-fence'], port);
      await stage.passesUntil(stage.at + OVER);
      assert.equal(stage.said.length, 1, port);
    }
  },

  'an answer of the write that is lost tells nothing twice': async () => {
    const stage = await cleanStage();
    stage.deliver([stage.author.hand([create(leaf(9))])]);
    stage.at = 15 * MINUTE_MS;
    stage.losesAnswer = true;
    await assert.rejects(stage.pass(), TrailAway);
    stage.losesAnswer = false;
    await stage.passesUntil(OVER);
    assert.deepEqual(codes(stage), ['outside-fence']);
  },

  'a trail that says nothing of what the log applied is blind': async () => {
    const stage = trailStage();
    await stage.pass();
    stage.at = 20 * MINUTE_MS;
    await stage.append(cleanLog());
    await stage.passesUntil(HOUR_MS);
    assert.equal(sum(stage, METRICS.trailBlind), 0);
    stage.at = 2 * HOUR_MS;
    assert.deepEqual((await stage.pass()).blind, [CELL]);
    assert.ok((stage.counted.get(METRICS.trailLagSeconds)?.at(-1) ?? 0) >= 3 * 3_600);
    assert.deepEqual(codes(stage), []);
  },

  'a trail that stops is blind, and its lag grows': async () => {
    const stage = await cleanStage();
    stage.at = 2 * HOUR_MS;
    const { lagSeconds } = await stage.pass();
    assert.equal(lagSeconds, 110 * 60);
    await stage.append([planAppended(4), planApplied(4, 9)]);
    await stage.passesUntil(4 * HOUR_MS);
    assert.ok(sum(stage, METRICS.trailBlind) > 0);
  },

  'findings of another stack’s cells are not told': async () => {
    const stage = await cleanStage();
    stage.deliver([stage.author.hand([create(leaf(9))])]);
    stage.at = 15 * MINUTE_MS;
    assert.equal((await stage.pass(new Set())).found, 0);
  },

  'more files than one pass reads are read in several, and nothing is skipped': async () => {
    const stage = await cleanStage();
    const hand = stage.author.hand([create(leaf(9))], BEGAN + 23 * HOUR_MS);
    for (let number = 0; number < 6_000; number += 1) stage.deliver([], (number * 24 * HOUR_MS) / 6_000);
    stage.deliver([hand], 23 * HOUR_MS);
    stage.at = 24 * HOUR_MS;
    const first = await stage.pass();
    assert.deepEqual([first.objects, first.found], [5_000, 0]);
    assert.ok(first.reached < BEGAN + 21 * HOUR_MS);
    const second = await stage.pass();
    assert.deepEqual([second.reached, second.found], [BEGAN + 24 * HOUR_MS, 1]);
  },

  'a pass whose time is over goes on where it stopped': async () => {
    const stage = await cleanStage();
    const hand = stage.author.hand([create(leaf(9))]);
    for (let minute = 11; minute < 90; minute += 1)
      stage.deliver(minute === 89 ? [hand] : [], minute * MINUTE_MS);
    stage.at = 90 * MINUTE_MS;
    stage.slowness = 10_000;
    const first = await stage.pass();
    assert.ok(first.objects < 80 && first.reached < BEGAN + 89 * MINUTE_MS);
    stage.slowness = 0;
    await stage.pass();
    assert.deepEqual(codes(stage), ['outside-fence']);
  },

  'more files in one minute than a pass reads are an error': async () => {
    const stage = await cleanStage();
    for (let number = 0; number < 5_100; number += 1) stage.deliver([], 0);
    stage.at = 15 * MINUTE_MS;
    await assert.rejects(stage.pass(), /set trail[.]lookBackHours lower/);
  },

  'what the newest part of the log cannot settle is held against the whole of it': async () => {
    const stage = trailStage();
    await stage.append([...cleanLog(), ...manyDrained(300)]);
    const [first] = await stage.ledger.events(CELL, { after: 0, limit: 1, order: 'forward' });
    const digits = (first?.hash ?? '').slice(0, 12);
    const author = cleanTrail();
    author.write({ head: { number: 1, digits }, by: 'enactor-a' });
    stage.at = 5 * HOUR_MS;
    stage.deliver(author.events.map((event) => ({ ...event, at: event.at + 4 * HOUR_MS + 50 * MINUTE_MS })));
    await stage.pass();
    assert.deepEqual(codes(stage), []);
    assert.equal(stage.wholeReads, 1);
    stage.deliver([
      {
        ...author.write({ head: { number: 2, digits: 'abcabcabcabc' }, by: 'enactor-a' }),
        at: BEGAN + 5 * HOUR_MS,
      },
    ]);
    stage.at += 10 * MINUTE_MS;
    await stage.pass();
    assert.deepEqual(codes(stage), ['unknown-event']);
  },

  'a log that was frozen long before the window is frozen': async () => {
    const stage = trailStage();
    await stage.append([...cleanLog(), { type: 'CellFrozen', reason: 'incident' }, ...manyDrained(300)]);
    const events = await stage.ledger.events(CELL, { after: 300, limit: 2, order: 'forward' });
    const [one, two] = events.map(({ number, hash }) => ({ number, digits: hash.slice(0, 12) }));
    if (one === undefined || two === undefined) throw new Error('the log is too short');
    stage.at = 5 * HOUR_MS;
    const author = trailAuthor();
    author.write({ head: one, by: 'enactor-a' }, [], BEGAN + stage.at);
    author.write({ head: two, by: 'enactor-a' });
    stage.deliver(author.events);
    stage.at += 10 * MINUTE_MS;
    await stage.pass();
    assert.ok(codes(stage).includes('frozen'), codes(stage).join());
  },

  'a hand that takes an answer is told with what follows, each once': async () => {
    const stage = await cleanStage();
    stage.deliver([stage.author.hand([remove(leaf(3)), remove(leaf(3, 'api-2'))])]);
    await stage.passesUntil(OVER);
    assert.deepEqual(new Set(codes(stage)), new Set(['outside-fence', 'pointed', 'missing-answer']));
    assert.equal(codes(stage).filter((code) => code === 'outside-fence').length, 1);
    assert.equal(sum(stage, METRICS.trailFindings), stage.said.length);
  },
} as const satisfies Readonly<Record<string, () => Promise<void>>>;

function manyDrained(count: number) {
  return Array.from({ length: count }, (_, index) => drained(`api-${index % 2}`));
}
