import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';

/**
 * The number of requests that one actor has sent to Route 53 since `from`, by verb; batches by kind (`change:flip`).
 */
export function route53Calls(
  world: SimulatedWorld,
  actor: string,
  from = 0,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const step of world.scheduler.steps().slice(from)) {
    if (step.actor !== actor || !step.site.startsWith('zone.')) continue;
    const verb = step.site.slice('zone.'.length);
    const key = verb === 'change' ? `change:${step.detail.split(':')[0]}` : verb;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The sum over every verb. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
