import type { Baked } from '../lib/bake/bake.ts';
import { systemClock } from '../lib/runtime/clock.ts';
import { runBake } from '../lib/wiring/run-bake.ts';
import { answerStack, stackRequest } from '../lib/wiring/stack-answer.ts';
import { functionTools, handlerOf } from './middleware.ts';

const tools = functionTools();

/**
 * Holds a deployment back while the first enactor runs new code, and fails it if that goes wrong: CloudFormation takes
 * the whole stack back then (docs/adr/0057-one-enactor-first.md). It answers whatever happens, its own failure
 * included, because CloudFormation waits for an answer.
 */
export const handler = handlerOf(tools, stackRequest, async (request): Promise<Baked> => {
  const baked = await runBake(request, systemClock).catch((error: unknown): Baked => {
    tools.logger.error('BakeBroken', error instanceof Error ? error : new Error(String(error)));
    // Not failed: this may be a rollback, which must not fail.
    return { type: 'skipped', says: `Not watched: the bake itself is broken (${String(error)}).` };
  });
  if (baked.type !== 'passed') tools.logger.warn('NotBaked', { baked });
  const status = baked.type === 'failed' ? 'FAILED' : 'SUCCESS';
  await answerStack(request, { status, says: baked.says }, { clock: systemClock, put: fetch });
  return baked;
});
