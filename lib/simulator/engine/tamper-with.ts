import { Route53Error } from '../../emulator/route53-error.ts';
import { create, remove } from '../../plan/records.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import { restrictionsOf } from '../checkers/zone-obstacles.ts';
import type { Environment } from './environment.ts';
import { hinder } from './hindrance.ts';
import { SAMPLE_TARGETS } from './sample-fleet.ts';
import { chooseTampering } from './tampering.ts';
import type { Choose } from './tampering-input.ts';
import { pick } from './tampering-input.ts';

/** Changes the zone or what surrounds it by hand, past every fence, as `choose` decides. Returns a description of the change. */
export function tamperWith(environment: Environment, watch: CommitWatch, choose: Choose): string {
  const { scopes, route53, memory } = environment;
  // With one cell nothing is drawn: a list of choices says the same as before.
  const scope = (scopes.length > 1 ? pick(scopes, choose) : undefined) ?? environment.scope;
  const others = scopes.filter(({ cell }) => cell !== scope.cell);
  const endpoints = [...watch.declared].sort();
  const failed = environment.failed();
  const listingFault = environment.listingFault();
  const restrictions = restrictionsOf(route53, scope.zoneId);
  const ownLimit = environment.recordLimit;
  const surroundings = { ...restrictions, ownLimit, targets: SAMPLE_TARGETS, failed, listingFault };
  const records = environment.records();
  const between = others.length > 0 ? { others } : {};
  const tampering = chooseTampering(
    { scope, records, endpoints, ledger: memory.id, surroundings, ...between },
    choose,
  );
  if (tampering === undefined) return 'found nothing to do';
  const { hindrance } = tampering;
  const changes = [...tampering.deletes.map(remove), ...tampering.creates.map(create)];
  if (changes.length === 0 && hindrance === undefined) return 'found nothing to do';
  try {
    if (hindrance !== undefined) hinder(environment, hindrance);
    if (changes.length > 0) route53.changeResourceRecordSets(scope.zoneId, { changes });
  } catch (error) {
    // Route 53 refuses some changes that a hand attempts. Then the hand has changed nothing.
    if (error instanceof Route53Error) return `tried in vain to ${tampering.what}`;
    throw error;
  }
  // A listing that leaves one record out has the right count again when a hand adds one meanwhile.
  if (changes.length > 0 && listingFault !== undefined) watch.hindered('ports');
  if (changes.length > 0) watch.tampered();
  else watch.hindered();
  return tampering.what;
}
