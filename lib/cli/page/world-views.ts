import type { PageViews, ViewOutcome } from '../../page/page-views.ts';
import { EXIT, exitCodeOf } from '../command/exit-codes.ts';
import { cellView } from './cell-view.ts';
import { compareView } from './compare-view.ts';
import type { LookMemory } from './fleet-view.ts';
import { lookAtFleet } from './fleet-view.ts';
import { logView } from './log-view.ts';
import { nameView } from './name-view.ts';
import type { PageWorld } from './page-world.ts';

/**
 * Everything that the page shows of a world.
 *
 * @param place what names the world on a command line, for commands that are copied.
 */
export function worldViews(world: PageWorld, place: string): PageViews {
  const memory: LookMemory = { told: new Map(), blindSince: new Map(), privacy: new Map() };
  return {
    about: () => ({ title: world.title, kind: world.kind, place }),
    look: () => lookAtFleet(world, memory, place),
    view: (path) => outcomeOf(() => viewAt(world, path, place)),
  };
}

function viewAt(world: PageWorld, path: readonly string[], place: string): Promise<object> | undefined {
  const [kind, first = '', second = '', third = '', ...more] = path;
  const words = path.length - 1;
  if (more.length > 0) return undefined;
  if (kind === 'cell' && words === 1) return cellView(world, first, place);
  if (kind === 'name' && words === 1) return nameView(world, first, place);
  if (kind === 'log' && words === 2) return logView(world, [first, second]);
  if (kind === 'compare' && words === 3) return compareView(world, [first, second, third], place);
  return undefined;
}

/** A mistake in an address is no failure, and what cannot be reached is no mistake. Anything else is a bug, and rejects. */
async function outcomeOf(read: () => Promise<object> | undefined): Promise<ViewOutcome> {
  try {
    const reading = read();
    if (reading === undefined) return { type: 'none', says: 'The page has no such view.' };
    return { type: 'found', document: await reading };
  } catch (error) {
    const code = exitCodeOf(error);
    if (!(error instanceof Error) || code === undefined) throw error;
    return { type: code === EXIT.unknown ? 'failed' : 'none', says: error.message };
  }
}
