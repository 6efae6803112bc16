import { describe, expect, it } from 'vitest';
import type { Paper } from '../../../lib/cli/printing/paper.ts';
import { startReportLine } from '../../../lib/cli/start/start-report.ts';
import { startSummary, startWelcome } from '../../../lib/cli/start/start-welcome.ts';
import type { LedgerEvent } from '../../../lib/ledger/decider/events.ts';
import type { CellConvergence } from '../../../lib/local/convergence.ts';
import type { Report } from '../../../lib/local/reports.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../../lib/plan/names.ts';
import { worldFacts } from '../../wiring/world-facts.ts';

const PIPE: Paper = { width: 80, color: false, boxes: false };
const NOON = Date.UTC(2026, 10, 21, 12, 0, 5);
const CELL = cellName('use1-a');

function line(report: Report): string {
  return startReportLine(report, NOON, PIPE);
}

function eventLine(event: LedgerEvent, by: string): string {
  const hash = '0'.repeat(64);
  return line({
    type: 'event',
    event: { cell: CELL, number: 1, at: NOON, by, event, previous: hash, hash },
  });
}

function cell(change: Partial<CellConvergence> = {}): CellConvergence {
  const names = ['*.a.example.test', 'example.test', 'www.example.test', 'api.example.test'].map(dnsName);
  return {
    cell: CELL,
    zone: 'example.test',
    converged: true,
    waits: false,
    remark: '',
    goal: 2,
    applied: 2,
    seq: seq(3),
    names,
    ...change,
  };
}

describe('a line of a local world', () => {
  it('says when, where, what and by whom', () => {
    expect(eventLine({ type: 'CellFrozen', reason: 'a storm' }, 'operator-ana')).toBe(
      '12:00:05  use1-a    cell frozen: a storm (operator-ana)\n',
    );
    expect(line({ type: 'lost', role: 'enactor-b', cell: CELL, to: 'enactor-a' })).toBe(
      '12:00:05  use1-a    enactor-b lost the fence to enactor-a\n',
    );
  });

  it('says how long trouble will wait, on one line', () => {
    const trouble = {
      type: 'trouble',
      role: 'janitor',
      reason: 'ZoneUnavailable: a\n  b\u001b[2J',
      waitMs: 2_000,
    } as const;
    expect(line(trouble)).toBe('12:00:05            janitor: ZoneUnavailable: a b?[2J (again in 2.0 s)\n');
  });

  it('says why a role does not go on', () => {
    expect(
      line({ type: 'refused', role: 'enactor-a', cell: CELL, reason: 'a record stands there' }),
    ).toContain('enactor-a refuses: a record stands there');
  });

  it.each([
    [{ type: 'pushed', cells: [CELL] }, 'fleet f.yaml pushed: 1 cell changed (use1-a)'],
    [
      { type: 'pushed', cells: [CELL], without: 'waves' },
      'pushed: 1 cell changed (use1-a), at once and not in its waves, because a first fleet has nothing to bake against',
    ],
    [
      { type: 'waits', cells: [CELL] },
      'fleet f.yaml has changed (use1-a) and goes in waves, which a start does not wait for: going on with the fleets that stand; "pawl fleet push f.yaml" carries the waves out',
    ],
    [{ type: 'unchanged' }, 'going on where this world stopped'],
    [{ type: 'kept', cells: [CELL] }, 'another was pushed since (use1-a): going on with that one'],
  ] as const)('says what became of the fleet file: %o', (fleet, text) => {
    expect(line({ type: 'fleet', file: 'f.yaml', fleet })).toContain(text);
  });
});

describe('the welcome of a local world', () => {
  const waiting: readonly string[] = [];
  const facts = worldFacts({ dns: { host: '127.0.0.1', port: 5354 } });

  it('shows the addresses and three commands that work as they stand', () => {
    const text = startWelcome(
      { facts, folder: undefined, fleetFile: 'f.yaml', cells: [cell()], waiting },
      PIPE,
    );
    expect(text).toContain('Every cell is at its goal (use1-a).');
    expect(text).toContain('127.0.0.1:5354 (UDP and TCP)');
    expect(text).toContain('npx pawl resolve api.example.test --count 1000\n');
    expect(text).toContain('dig @127.0.0.1 -p 5354 api.example.test\n');
    expect(text).toContain('npx pawl fleet push f.yaml ');
  });

  it('names the folder where it is not the one that commands look at', () => {
    const text = startWelcome({ facts, folder: 'w', fleetFile: 'f.yaml', cells: [cell()], waiting }, PIPE);
    expect(text).toContain('npx pawl resolve api.example.test --count 1000 --folder w\n');
  });

  it('does not say that all is well when it is not', () => {
    const cells = [cell(), cell({ cell: cellName('use1-b'), converged: false, remark: 'frozen by ana' })];
    const text = startWelcome({ facts, folder: undefined, fleetFile: 'f.yaml', cells, waiting }, PIPE);
    expect(text).toContain('1 cell not at the goal yet: use1-b (frozen by ana).');
    expect(text).not.toContain('Every cell');
  });

  it('says what waits, and for whom', () => {
    const lab = ['use1-a: lab.example.test is kept back.'];
    const cells = [cell({ converged: false, waits: true, remark: 'lab.example.test kept back' })];
    const text = startWelcome({ facts, folder: undefined, fleetFile: 'f.yaml', cells, waiting: lab }, PIPE);
    expect(text).toContain(
      'Not all that is asked can be done (use1-a):\nuse1-a: lab.example.test is kept back.\n',
    );
    const summary = startSummary(cells, lab, PIPE);
    expect(summary).toMatch(/^use1-a +example\.test +waits +@2 +@2 +3 +4 +lab\.example\.test kept back$/m);
    expect(summary).toContain('\nuse1-a: lab.example.test is kept back.\n');
  });

  it('sums up a cell a row', () => {
    const {
      goal: _goal,
      applied: _applied,
      seq: _seq,
      ...fresh
    } = cell({ converged: false, remark: 'no plan' });
    const rows = startSummary([cell(), fresh], waiting, PIPE).trimEnd().split('\n');
    expect(rows[1]).toMatch(/^use1-a +example\.test +converged +@2 +@2 +3 +4$/);
    expect(rows[2]).toMatch(/^use1-a +example\.test +not converged +- +- +- +4 +no plan$/);
  });
});
