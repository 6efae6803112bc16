import type { ServedPage } from '../../page/serve-page.ts';
import { PagePortInUse, servePage } from '../../page/serve-page.ts';
import { newToken } from '../../page/session-token.ts';
import type { World } from '../../wiring/world.ts';
import { BadInput } from '../command/failures.ts';
import { tame } from '../printing/paper.ts';
import { pageWorld } from './page-world.ts';
import { worldViews } from './world-views.ts';

/** The port of the page, unless another is named. */
export const PAGE_PORT = 4600;

/** Between two looks, milliseconds: nobody pays for a local one; elsewhere as `pawl status --watch` looks. */
const LOOK_MS = { local: 400, aws: 2_000 } as const;

/** What the page of a world is opened with. */
export interface OpenedPage {
  /** 0 takes any free port; absent: {@link PAGE_PORT}, or any free one where that is taken. */
  readonly port?: number | undefined;
  /** What names the world on a command line: `--stack pawl`. */
  readonly place: string;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Serves the page of a world on the loopback until it is closed (docs/adr/0079-the-page-only-reads.md).
 *
 * @throws BadInput when the port that was named is taken.
 */
export async function openPage(world: World, { port, place, onTrouble }: OpenedPage): Promise<ServedPage> {
  const { clock, kind } = world;
  const deps = { views: worldViews(pageWorld(world), place), clock, tame, onTrouble };
  // An account's ledger is no business of everybody who has a shell on this machine.
  const settings = { everyMs: LOOK_MS[kind], token: kind === 'aws' ? newToken() : undefined };
  try {
    return await servePage(deps, { ...settings, port: port ?? PAGE_PORT });
  } catch (error) {
    if (!(error instanceof PagePortInUse)) throw error;
    if (port !== undefined) throw new BadInput(error.message, { cause: error });
    return servePage(deps, { ...settings, port: 0 });
  }
}
