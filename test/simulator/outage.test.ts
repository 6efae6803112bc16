import { describe, expect, it } from 'vitest';
import { replayOutage } from '../../lib/simulator/outage/outage.ts';
import { LANES } from '../../lib/simulator/outage/outage-schedule.ts';
import type { RecordedRun } from '../../lib/simulator/recording/recording.ts';
import { isEmpty, makeRecording } from '../../lib/simulator/recording/recording.ts';

const recording = await replayOutage();
const [reference, pawl] = recording.runs as readonly [RecordedRun, RecordedRun];

const roots = ({ steps }: RecordedRun) => steps.map(({ zone }) => zone.endpoints[0]?.root?.generation);
const emptyAt = ({ steps }: RecordedRun) =>
  steps.flatMap(({ zone }, at) => (zone.endpoints.some(isEmpty) ? [at] : []));

describe('the outage of 20 October 2025, replayed', () => {
  it('is the same, to the letter, every time', async () => {
    expect(await replayOutage()).toEqual(recording);
  });

  it('is played twice on one schedule: the same lane has every step', () => {
    expect(reference.steps.map(({ lane }) => lane)).toEqual(pawl.steps.map(({ lane }) => lane));
    expect(reference.steps.map(({ lane }) => lane)).toEqual([
      null,
      ...['planner', 'enactor-a', 'planner', 'enactor-b', 'enactor-b', 'enactor-a', 'enactor-a', 'janitor'],
      ...['planner', 'enactor-c', 'enactor-b', 'enactor-a'],
    ]);
  });

  it('empties the name with the enactor of that day, and nobody can go on', () => {
    expect(roots(reference)).toEqual([109, 109, 109, 109, 109, 145, 145, 110, 110, 110, 110, 110, 110]);
    expect(emptyAt(reference)).toEqual([8, 9, 10, 11, 12]);
    expect(reference.steps.flatMap(({ alarms }) => alarms)).toEqual([
      'api.example.test went back from plan 145 to plan 110.',
      'api.example.test has no answer: its root points at g000110, which is gone.',
    ]);
    expect(reference.steps.slice(10).map(({ mark }) => mark)).toEqual(['stopped', 'stopped', 'stopped']);
    expect(reference.steps[10]?.calls.at(-1)?.answer).toContain('that target was not found');
    expect(reference.verdict).toEqual({
      good: false,
      text: 'api.example.test has had no answer since step 8, and no enactor can go on. People must repair it by hand.',
    });
  });

  it('only moves forward with Pawl, and always answers', () => {
    expect(roots(pawl)).toEqual([109, 109, 109, 109, 109, 145, 145, 145, 145, 145, 146, 146, 146]);
    expect(emptyAt(pawl)).toEqual([]);
    expect(pawl.steps.flatMap(({ alarms }) => alarms)).toEqual([]);
    expect(pawl.verdict.good).toBe(true);
    const last = pawl.steps.at(-1)?.zone.endpoints[0];
    expect(last?.answer).toEqual({
      rcode: 'NOERROR',
      values: [
        { value: '192.0.2.146', percent: 50 },
        { value: '198.51.100.146', percent: 50 },
      ],
    });
    expect(last?.rollback).toEqual({ target: 'g000145', generation: 145, dangles: false });
  });

  it('refuses the old decision as a whole, because the fence has moved', () => {
    const wake = pawl.steps[6];
    expect(wake?.mark).toBe('refused');
    expect(wake?.calls).toHaveLength(1);
    expect(wake?.calls[0]).toMatchObject({ site: 'zone.change', refused: true });
    expect(wake?.calls[0]?.answer).toContain('fence.use1-a._pawl.example.test.');
    expect(wake?.zone).toEqual(pawl.steps[5]?.zone);
  });

  it('has one fence whose generation and seq never go down, and the reference has none', () => {
    const fences = pawl.steps.map(({ zone }) => [zone.fence?.generation, zone.fence?.seq]);
    expect(fences.slice(4, 11)).toEqual([
      [109, 3],
      [145, 4],
      [145, 4],
      [145, 4],
      [145, 5],
      [145, 5],
      [146, 6],
    ]);
    expect(reference.steps.every(({ zone }) => zone.fence === null)).toBe(true);
  });

  it('parts at the step after which clients are sent elsewhere', () => {
    expect(recording.parting).toBe(7);
    expect(reference.steps[6]?.zone.endpoints[0]?.answer).toEqual(pawl.steps[6]?.zone.endpoints[0]?.answer);
    expect(reference.steps[7]?.zone.endpoints[0]?.answer).not.toEqual(
      pawl.steps[7]?.zone.endpoints[0]?.answer,
    );
  });

  it('waits in one line, however often it asks', () => {
    const waits = pawl.steps[4]?.calls.filter(({ site }) => site === 'zone.changeStatus');
    expect(waits).toHaveLength(1);
    expect(waits?.[0]?.times).toBeGreaterThan(5);
  });
});

describe('a recording', () => {
  const parts = { title: 'title', about: 'about', lanes: LANES };

  it('of one run has no parting', () => {
    expect(makeRecording({ ...parts, runs: [pawl] }).parting).toBeNull();
  });

  it('of a run beside itself has none either', () => {
    expect(makeRecording({ ...parts, runs: [pawl, pawl] }).parting).toBeNull();
  });

  it('is of one run or two, of equally many steps, in lanes that there are', () => {
    const shorter = { ...pawl, steps: pawl.steps.slice(1) };
    expect(() => makeRecording({ ...parts, runs: [] })).toThrow('one run or two');
    expect(() => makeRecording({ ...parts, runs: [pawl, pawl, pawl] })).toThrow('one run or two');
    expect(() => makeRecording({ ...parts, runs: [pawl, shorter] })).toThrow('equally many steps');
    expect(() => makeRecording({ ...parts, lanes: LANES.slice(1), runs: [pawl] })).toThrow('no lane planner');
  });
});
