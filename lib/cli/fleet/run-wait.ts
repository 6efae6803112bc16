import type { CellFleet } from '../../plan/fleet-model.ts';
import type { AwaitedCell, AwaitedPush } from '../../rollout/await-push.ts';
import { awaitPush } from '../../rollout/await-push.ts';
import type { World } from '../../wiring/world.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import type { Session } from '../command/session.ts';
import { typedSource } from '../command/typed-source.ts';
import { duration } from '../printing/moment.ts';
import { clause, lines } from '../printing/paper.ts';
import { LOOK_MS } from './run-rollout.ts';

/** What a person waits for: all of it, or all that needs no person. */
export type WaitFor = 'applied' | 'held';

/** The end of a wait, for a document. */
export interface WaitedPush extends AwaitedPush {
  readonly for: WaitFor;
}

/**
 * Waits until what was pushed is applied, and says how the cells stand. It exits with 0 where they are as was asked for,
 * with 1 where a person has to act first, and with 3 where the time was over: nobody knows then what becomes of it.
 */
export async function runWait(
  session: Session,
  world: World,
  cells: readonly CellFleet[],
  meant: WaitFor,
): Promise<{ readonly exit: ExitCode; readonly wait: WaitedPush }> {
  const deps = {
    ledger: await world.ledger(),
    source: typedSource(),
    clock: world.clock,
    lookMs: LOOK_MS[world.kind],
  };
  const end = await awaitPush(deps, {
    cells,
    tell: (seen) => session.say(awaitedView(seen)),
    signal: session.interruption(),
  });
  const wait = { for: meant, ...end };
  switch (end.type) {
    case 'applied':
      return { exit: EXIT.done, wait };
    case 'held':
      return { exit: meant === 'held' ? EXIT.done : EXIT.refused, wait };
    case 'stopped':
      return { exit: EXIT.refused, wait };
    case 'interrupted':
      session.remark('Nobody waits any more; what was declared stays declared.\n');
      return { exit: EXIT.refused, wait };
    case 'timed-out':
      session.remark(
        `Not applied within ${duration(end.withinMs)}: it stays declared, and "pawl status" says what it waits for.\n`,
      );
      return { exit: EXIT.unknown, wait };
  }
}

function awaitedView(cells: readonly AwaitedCell[]): string {
  return lines(cells.map(awaitedText));
}

function awaitedText(awaited: AwaitedCell): string {
  const { cell, type } = awaited;
  switch (type) {
    case 'applied':
      return `${cell}: applied.`;
    case 'waits':
      return `${cell}: not applied yet.`;
    case 'held':
      return `${cell}: applied, and ${clause(awaited.says)}.`;
    case 'refused':
    case 'stopped':
    case 'replaced':
      return `${cell}: ${clause(awaited.says)}.`;
  }
}
