import type { FenceWait } from '../../lib/operator/fence-wait.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';

/** How a person's command waits in tests: ten minutes by its own clock. */
export function waitOf({ clock }: { readonly clock: Clock }): FenceWait {
  return {
    settings: { insyncPollMs: 2_000, unknownChangeMs: 300_000 },
    deadline: instant(clock.now() + 600_000),
  };
}
