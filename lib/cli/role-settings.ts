import type { EnactorDeps } from '../enactor/enactor.ts';
import type { Head } from '../ledger/ledger.ts';
import type { CellSettings } from '../wiring/role-run.ts';
import type { World } from '../wiring/world.ts';
import { scopeOf } from './cells.ts';

/** Between two questions whether a change is everywhere: an emulator is quick, AWS generally takes up to a minute. */
const POLL_MS = { local: 250, aws: 2_000 } as const;
const UNKNOWN_CHANGE_MS = 600_000;

/** How to wait for staged trees where there is no ledger to say what the cell's policy is. */
export function insyncSettings({ kind }: World): EnactorDeps['settings'] {
  return { insyncPollMs: POLL_MS[kind], unknownChangeMs: UNKNOWN_CHANGE_MS };
}

/** What a role that is run by hand goes by. */
export function cellSettings(world: World, head: Head): CellSettings {
  const { fleet } = head.state;
  return {
    scope: scopeOf(head),
    ...insyncSettings(world),
    ...(fleet === null ? {} : { unknownChangeMs: fleet.policy.unknownChangeS * 1_000 }),
  };
}
