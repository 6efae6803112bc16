import { Route53Error } from '../../emulator/route53-error.ts';
import { create, remove } from '../../plan/records.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import type { Environment } from './environment.ts';
import type { Choose } from './tampering.ts';
import { chooseTampering } from './tampering.ts';

/** Changes the zone by hand, past every fence, as `choose` decides. Returns a description of the change. */
export function tamperWith(environment: Environment, watch: CommitWatch, choose: Choose): string {
  const { scope, route53, memory } = environment;
  const endpoints = [...watch.declared].sort();
  const tampering = chooseTampering(
    { scope, records: environment.records(), endpoints, ledger: memory.id },
    choose,
  );
  if (tampering === undefined) return 'found nothing to do';
  const changes = [...tampering.deletes.map(remove), ...tampering.creates.map(create)];
  if (changes.length === 0) return 'found nothing to do';
  try {
    route53.changeResourceRecordSets(scope.zoneId, { changes });
  } catch (error) {
    // Route 53 refuses some changes that a hand attempts. Then the hand has changed nothing.
    if (error instanceof Route53Error) return `tried in vain to ${tampering.what}`;
    throw error;
  }
  watch.tampered();
  return tampering.what;
}
