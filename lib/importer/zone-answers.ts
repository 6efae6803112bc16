import type { DnsName } from '../plan/names.ts';
import { dnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import type { AnswerEntry, AnswerNode, AnswerType, NodeAnswer, NodeSource } from './answer-nodes.ts';
import { Inexpressible } from './answer-nodes.ts';
import type { Surroundings } from './described-zone.ts';
import { foreignReason, pawlsNames } from './foreign-reason.ts';
import { recordRouting } from './record-routing.ts';

/**
 * The nodes of a zone as `top` leads to them. An alias of a name with routed records to another name of the zone is a
 * node of its own. It stays an alias where a tree gains nothing: in a plain record of `top` itself, in weighted ones that
 * lead to plain records alone, and where the other name is Pawl's.
 */
export function zoneAnswers(top: DnsName, around: Surroundings): NodeSource {
  return {
    node: (id, type) => {
      const records = recordsOf(dnsName(id), type, around);
      const [first] = records;
      if (first === undefined) throw new Inexpressible(`no ${type} record stands there`);
      const { policy } = routingOf(first);
      const isFollowed =
        id !== top ||
        (policy === 'weighted'
          ? records.some((record) => leadsToRouted(record, around))
          : policy !== 'simple');
      return { policy, entries: records.map((record) => entryOf(record, isFollowed, around)) } as AnswerNode;
    },
  };
}

function recordsOf(name: DnsName, type: AnswerType, { view }: Surroundings): readonly RecordSet[] {
  return recordsAtName(view, name).filter((record) => record.type === type);
}

function routingOf(record: RecordSet) {
  const routing = recordRouting(record);
  if (typeof routing === 'string') throw new Inexpressible(routing);
  return routing;
}

function entryOf(record: RecordSet, isFollowed: boolean, around: Surroundings): AnswerEntry {
  return {
    key: record.setIdentifier ?? '',
    routing: routingOf(record).routing,
    answer: answerOf(record, isFollowed, around),
    healthCheckId: record.healthCheckId,
  };
}

function answerOf(record: RecordSet, isFollowed: boolean, around: Surroundings): NodeAnswer {
  const { alias, values = [], ttl } = record;
  if (alias === undefined) return { type: 'values', values, ttl };
  if (!isFollowed || !isInside(record, around)) return { type: 'alias', alias };
  return { type: 'node', node: alias.name, evaluateTargetHealth: alias.evaluateTargetHealth };
}

/** True when the record is an alias to a name of the zone that is not Pawl's, and whose records a tree can replace. */
function isInside({ alias, type }: RecordSet, around: Surroundings): boolean {
  const { zone } = around;
  if (alias === undefined || alias.zoneId !== zone.id) return false;
  if (alias.name === pawlsNames(zone) || alias.name.endsWith(`.${pawlsNames(zone)}`)) return false;
  const records = recordsAtName(around.view, alias.name).filter((record) => record.type === type);
  return foreignReason(alias.name, records, around) === undefined;
}

function leadsToRouted(record: RecordSet, around: Surroundings): boolean {
  const { alias, type } = record;
  if (alias === undefined || !isInside(record, around)) return false;
  return recordsAtName(around.view, alias.name).some(
    (other) => other.type === type && other.setIdentifier !== undefined,
  );
}
