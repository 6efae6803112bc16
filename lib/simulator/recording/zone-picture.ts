import { answer } from '../../emulator/dns/answer.ts';
import type { AnswerSource } from '../../emulator/dns/answer-source.ts';
import { zoneView as servedZone } from '../../emulator/dns/served-records.ts';
import { BUILT_IN_PLACES } from '../../emulator/places/built-in-places.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import type { DnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import {
  endpointLabels,
  fenceName,
  labelGeneration,
  parseOwnedName,
  rollbackName,
} from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { ZoneView } from '../../plan/zone-view.ts';
import { recordsAtName, zoneView } from '../../plan/zone-view.ts';

/** The records of a zone that matter to a person who watches a run, as plain JSON. */
export interface ZonePicture {
  readonly endpoints: readonly EndpointPicture[];
  /** Null where there is no fence. */
  readonly fence: FencePicture | null;
}

export interface EndpointPicture {
  readonly name: string;
  /** Null where the record is missing. */
  readonly root: PointerPicture | null;
  readonly rollback: PointerPicture | null;
  /** By label; a node of a tree by its path and label. */
  readonly trees: readonly TreePicture[];
  readonly answer: AnswerPicture;
}

export interface PointerPicture {
  /** The tree's label (`g000145`), or the whole name where it is no tree of the endpoint. */
  readonly target: string;
  /** The generation of the plan that made the target; null where the name does not show it. */
  readonly generation: number | null;
  /** True when the target has no record of the pointer's type. */
  readonly dangles: boolean;
}

export interface TreePicture {
  readonly label: string;
  readonly generation: number | null;
  readonly values: readonly string[];
}

/** What a resolver gets that asks often: every answer, with its share in percent. */
export interface AnswerPicture {
  readonly rcode: string;
  readonly values: readonly { readonly value: string; readonly percent: number }[];
}

export interface FencePicture {
  /** Null where the record cannot be read as a fence. */
  readonly generation: number | null;
  readonly seq: number | null;
  readonly frozen: boolean;
  readonly by: string;
  /** The record as it stands. */
  readonly text: string;
}

/** The number of questions for a name. Their fractions are spread evenly, so shares are exact to a percent. */
const QUESTIONS = 100;
const ROOT_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME'];

/** Draws the committed records of one cell, and their answers. Pure. */
export function pictureZone(
  records: readonly RecordSet[],
  scope: CellScope,
  endpoints: readonly DnsName[],
): ZonePicture {
  const view = zoneView(records);
  const served = servedZone(scope.zoneId, scope.zone, records);
  const source: AnswerSource = {
    zoneFor: () => served,
    zoneById: () => undefined,
    isElsewhere: () => true,
    healthOf: () => true,
    places: BUILT_IN_PLACES,
    cidrBlocks: () => [],
  };
  return {
    endpoints: endpoints.map((name) => ({
      name,
      root: pointer(name, name, view, scope),
      rollback: pointer(rollbackName(name, scope), name, view, scope),
      trees: treesOf(name, view, scope),
      answer: answersOf(name, recordsAtName(view, name), source),
    })),
    fence: pictureFence(recordsAtName(view, fenceName(scope))),
  };
}

function pointer(name: DnsName, endpoint: DnsName, view: ZoneView, scope: CellScope): PointerPicture | null {
  const record = recordsAtName(view, name).find(({ type }) => ROOT_TYPES.includes(type));
  if (record === undefined) return null;
  const { alias, type } = record;
  if (alias === undefined)
    return { target: (record.values ?? []).join(' '), generation: null, dangles: false };
  const owned = parseOwnedName(alias.name, scope);
  const isOwnTree = owned?.kind === 'tree' && owned.endpoint === endpointLabels(endpoint, scope);
  return {
    target: isOwnTree ? owned.label : alias.name,
    generation: isOwnTree ? (labelGeneration(owned.label) ?? null) : null,
    dangles:
      alias.zoneId === scope.zoneId &&
      !recordsAtName(view, alias.name).some((target) => target.type === type),
  };
}

function treesOf(endpoint: DnsName, view: ZoneView, scope: CellScope): readonly TreePicture[] {
  const relative = endpointLabels(endpoint, scope);
  return [...view]
    .flatMap(([name, records]): readonly TreePicture[] => {
      const owned = parseOwnedName(name, scope);
      if (owned?.kind !== 'tree' && owned?.kind !== 'node') return [];
      if (owned.endpoint !== relative) return [];
      const values = records.flatMap((record) => record.values ?? pointedLabel(record, scope));
      const label = owned.kind === 'tree' ? owned.label : `${owned.path}.${owned.label}`;
      return [{ label, generation: labelGeneration(owned.label) ?? null, values }];
    })
    .sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** What an alias of a tree points at: a node by its label, anything else by its name. */
function pointedLabel({ alias }: RecordSet, scope: CellScope): readonly string[] {
  if (alias === undefined) return [];
  const owned = parseOwnedName(alias.name, scope);
  return [owned?.kind === 'node' ? `${owned.path}.${owned.label}` : alias.name];
}

function answersOf(name: DnsName, there: readonly RecordSet[], source: AnswerSource): AnswerPicture {
  const present = ROOT_TYPES.filter((type) => there.some((record) => record.type === type));
  const counts = new Map<string, number>();
  let rcode = 'NOERROR';
  for (const type of present.length === 0 ? ['A'] : present) {
    for (let question = 0; question < QUESTIONS; question += 1) {
      const got = answer(source, { name, type }, (question + 0.5) / QUESTIONS);
      rcode = got.rcode;
      const text = got.answers.map(({ value }) => value).join(' ');
      if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  const values = [...counts].map(([value, count]) => ({
    value,
    percent: Math.round((count / QUESTIONS) * 100),
  }));
  return { rcode, values };
}

function pictureFence(there: readonly RecordSet[]): FencePicture | null {
  const reading = readFenceRecords(there);
  if (reading.type === 'missing') return null;
  const text = there.flatMap(({ values }) => values ?? []).join(' ');
  if (reading.type === 'malformed') return { generation: null, seq: null, frozen: false, by: '', text };
  const { generation, seq, frozen, by } = reading.fence;
  return { generation, seq, frozen, by, text };
}
