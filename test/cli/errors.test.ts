import { describe, expect, it } from 'vitest';
import { BadInput, done, NoWorld, Refused, UnknownOutcome } from '../../lib/cli/command/failures.ts';
import { Interrupted } from '../../lib/cli/command/terminal.ts';
import { main } from '../../lib/cli/main.ts';
import { reportedError } from '../../lib/cli/report-error.ts';
import { BodyDamaged, EntryTooLarge, LedgerUnavailable, LedgerUnusable } from '../../lib/ledger/ledger.ts';
import { InvalidValue, InvariantViolated } from '../../lib/plan/invariant.ts';
import { ServerUnreachable } from '../../lib/resolve/dns-transport.ts';
import { ZoneNotFound, ZoneUnavailable } from '../../lib/zone/zone.ts';
import { converged, NOWHERE, rehearsal } from './rehearsal.ts';

describe('an error', () => {
  it.each([
    [new Refused('no'), 1],
    [new Interrupted('no'), 1],
    [new BodyDamaged('no'), 1],
    [new BadInput('no'), 2],
    [new InvalidValue('no'), 2],
    [new LedgerUnusable('no'), 2],
    [new EntryTooLarge('no'), 2],
    [new ZoneNotFound('no'), 2],
    [new UnknownOutcome('no'), 3],
    [new NoWorld('no'), 3],
    [new LedgerUnavailable('no'), 3],
    [new ZoneUnavailable('no'), 3],
    [new ServerUnreachable('no'), 3],
  ])('of kind %s ends with %i and its own sentence', (error, exit) => {
    expect(reportedError(error, false)).toEqual({ exit, message: 'no', details: [] });
  });

  it('of the system is reported as one', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(reportedError(error, false)).toMatchObject({
      exit: 3,
      message: expect.stringContaining('ENOSPC'),
    });
  });

  it('that is a bug asks to be reported, and shows where it was only when asked', () => {
    const bug = new InvariantViolated('two fences');
    const shown = reportedError(bug, false);
    expect(shown.exit).toBe(3);
    expect(shown.message).toMatch(
      /^This is a bug in Pawl \(InvariantViolated: two fences\): please report it/,
    );
    expect(shown.trace).toBeUndefined();
    expect(reportedError(bug, true).trace).toContain('errors.test.ts');
  });

  it('is one line without control characters for a terminal', () => {
    const { message } = reportedError(new Refused('a\n  b\u001b[2Jc'), false);
    expect(message).toBe('a b?[2Jc');
  });

  it('that is no error at all is a bug too', () => {
    expect(reportedError('just text', false).message).toContain('just text');
  });
});

describe('an outcome', () => {
  it('is refused with its reason, and unknown with what to do', () => {
    expect(() => done({ type: 'refused', reason: 'It is frozen.' })).toThrow(new Refused('It is frozen.'));
    expect(() => done({ type: 'unknown', reason: 'the answer was lost.' })).toThrow(UnknownOutcome);
    expect(done({ type: 'done', seq: 4 })).toEqual({ type: 'done', seq: 4 });
  });
});

describe('pawl', () => {
  it('prints one JSON document for an error, and the sentence on standard error', async () => {
    const stage = await rehearsal();
    const { exit, out, err } = await stage.pawl('plan show use1-a --json');
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toEqual({ error: { exit: 2, message: expect.stringContaining('use1-a') } });
    expect(err).toContain('pawl: The ledger has no cell use1-a');
  });

  it('prints one JSON document for a mistake in what was typed', async () => {
    const stage = await rehearsal();
    const { exit, out } = await stage.pawl('statsu --json');
    expect(exit).toBe(2);
    expect(JSON.parse(out).error.exit).toBe(2);
  });

  it('names its world on standard error when a program reads standard output', async () => {
    const stage = await converged();
    const { out, err } = await stage.pawl('status --json', { terminal: {} });
    expect(err).toBe('rehearsal world\n');
    expect(JSON.parse(out).cells).toHaveLength(1);
  });

  it('closes the world it opened, also after an error', async () => {
    let closed = 0;
    const exit = await main(['status'], {
      terminal: NOWHERE,
      env: {},
      interruption: () => new AbortController().signal,
      chooseWorld: async () => ({
        type: 'world',
        world: {
          title: 'a world',
          ledger: async () => {
            throw new LedgerUnavailable('down');
          },
          close: async () => {
            closed += 1;
          },
        } as never,
      }),
    });
    expect([exit, closed]).toEqual([3, 1]);
  });

  it.each([
    ['refused', 2],
    ['none', 3],
  ] as const)('ends with the sentence when the choice of a world is %s', async (type, expected) => {
    const shown: string[] = [];
    const exit = await main(['status'], {
      terminal: {
        write: () => undefined,
        complain: (text) => shown.push(text),
        isTty: false,
        showsProgress: false,
        canAsk: false,
        width: 80,
        ask: async () => '',
      },
      env: {},
      interruption: () => new AbortController().signal,
      chooseWorld: async () => ({ type, reason: 'Neither here nor there.' }),
    });
    expect(exit).toBe(expected);
    expect(shown.join('')).toBe('pawl: Neither here nor there.\n');
  });

  it('writes nothing when nobody answers the question', async () => {
    const stage = await converged();
    const before = (await stage.ledger.head('use1-a' as never)).number;
    const { exit, err } = await stage.pawl('target drain api-1 --hold', { terminal: { answers: [] } });
    expect(exit).toBe(1);
    expect(err).toContain('The question was not answered.');
    expect((await stage.ledger.head('use1-a' as never)).number).toBe(before);
  });
});
