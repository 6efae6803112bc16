import type { Ledger } from '../../ledger/ledger.ts';
import type { Write } from '../../wiring/what-if.ts';
import { whatIf } from '../../wiring/what-if.ts';
import type { World } from '../../wiring/world.ts';
import type { Session } from '../command/session.ts';
import { writesView } from './writes-view.ts';

/** What a role that is run by hand works in. */
export interface RunGround {
  readonly world: World;
  readonly ledger: Ledger;
  /** To be called when the run is over: shows what a dry run would have written, and gives it for the document. */
  readonly end: () => { readonly writes?: readonly Write[] };
}

/** The world itself, or for a dry run one that keeps every write to itself. */
export function runGround(
  session: Session,
  world: World,
  ledger: Ledger,
  isDry: boolean | undefined,
): RunGround {
  if (isDry !== true) return { world, ledger, end: () => ({}) };
  const dry = whatIf(world, ledger);
  return {
    world: dry.world,
    ledger: dry.ledger,
    end: () => {
      session.say(writesView(dry.writes, session.paper));
      return { writes: dry.writes };
    },
  };
}
