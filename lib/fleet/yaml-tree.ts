import type { Alias, Document, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import { MAX_YAML_ALIASES, MAX_YAML_DEPTH, MAX_YAML_NODES } from './bounds.ts';
import type { Complaint } from './mistakes.ts';
import type { Path } from './wording.ts';
import { quoted, subject, unseenCharacter } from './wording.ts';

/** A YAML document as plain values, which remembers where in the text each of them stands. */
export interface YamlTree {
  readonly value: unknown;
  readonly complaints: readonly Complaint[];
  /** False when something could not be read, so that a check of the values could report correct ones as mistakes. */
  readonly whole: boolean;
  /** Offset of the value at the path, or of the nearest value above it that exists. */
  offsetOf(path: Path, part: 'key' | 'value'): number;
}

interface Spot {
  readonly key: number;
  readonly value: number;
}

interface Walk {
  readonly document: Document.Parsed;
  readonly complaints: Complaint[];
  /** Offsets of the entries of each map and list that was made. */
  readonly spots: WeakMap<object, Map<string, Spot>>;
  aliases: number;
  nodes: number;
  whole: boolean;
}

/** Levels of a path that are worth naming when the file is nested too deeply. */
const NAMED_LEVELS = 3;

/**
 * Turns a parsed document into plain maps, lists and scalars. Not with the package's own toJS: that one keeps the
 * last of two equal keys, takes quadratic time to refuse them, and throws.
 */
export function yamlTree(document: Document.Parsed): YamlTree {
  const walk: Walk = {
    document,
    complaints: [],
    spots: new WeakMap(),
    aliases: 0,
    nodes: 0,
    whole: true,
  };
  const value = plainValue(document.contents, [], walk);
  const start = startOf(document.contents);
  return {
    value,
    complaints: walk.complaints,
    whole: walk.whole,
    offsetOf: (path, part) => offsetOf(value, start, path, part, walk),
  };
}

function plainValue(node: unknown, path: Path, walk: Walk): unknown {
  walk.nodes++;
  if (walk.nodes === MAX_YAML_NODES) {
    complain(node, [], `The file holds more than ${MAX_YAML_NODES} values: split it, a file a cell.`, walk);
  }
  if (walk.nodes >= MAX_YAML_NODES) return null;
  if (path.length > MAX_YAML_DEPTH) {
    const top = path.slice(0, NAMED_LEVELS);
    const what = `${subject(top)} is nested deeper than ${MAX_YAML_DEPTH} levels`;
    complain(node, top, `${what}: compare it with the example fleet.`, walk);
    return null;
  }
  if (isAlias(node)) return followed(node, path, walk);
  if (isMap(node)) return plainMap(node, path, walk);
  if (isSeq(node)) return plainList(node, path, walk);
  if (!isScalar(node)) return null;
  if (typeof node.value === 'string') checkSeen(node.value, node, path, walk);
  return node.value;
}

/** Escapes in quotes hold such characters without showing them in the file. */
function checkSeen(text: string, node: unknown, path: Path, walk: Walk): void {
  const character = unseenCharacter(text);
  if (character === undefined) return;
  const message = `${subject(path)} holds the character ${character}, which cannot be seen: remove it.`;
  walk.complaints.push({ path, offset: startOf(node), message });
}

function plainMap(node: YAMLMap, path: Path, walk: Walk): unknown {
  const map: Record<string, unknown> = {};
  const spots = new Map<string, Spot>();
  walk.spots.set(map, spots);
  const merged: Pair[] = [];
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value ?? '') : '';
    const below = [...path, key];
    const at = startOf(pair.key);
    if (isMergeKey(pair)) merged.push(pair);
    else if (key === '__proto__') {
      const message = `${subject(path)} has the key "__proto__", which means nothing in a fleet: remove it.`;
      walk.complaints.push({ path: below, offset: at, message });
    } else if (spots.has(key)) {
      const message = `${subject(path)} has the key ${quoted(key)} twice: remove or rename one of them.`;
      walk.complaints.push({ path: below, offset: at, message });
    } else {
      // A map or list in block style begins on a line of its own, so its key is the better place to point at.
      const beside = isAlias(pair.value) || (isScalar(pair.value) && pair.value.source !== '');
      spots.set(key, { key: at, value: beside ? startOf(pair.value) : at });
      map[key] = plainValue(pair.value, below, walk);
      checkSeen(key, pair.key, below, walk);
    }
  }
  for (const pair of merged) merge(map, spots, pair, path, walk);
  return map;
}

/** `<<` without quotes: YAML 1.2 has no such key any more, and people go on using it (https://yaml.org/type/merge.html). */
function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.source === '<<' && key.type === 'PLAIN';
}

/** Takes over what the map does not say itself; of several maps in a list an earlier one wins. */
function merge(
  map: Record<string, unknown>,
  spots: Map<string, Spot>,
  { key, value }: Pair,
  path: Path,
  walk: Walk,
): void {
  const given = plainValue(value, [...path, '<<'], walk);
  const at = startOf(key);
  for (const from of Array.isArray(given) ? given : [given]) {
    if (!isContainer(from) || Array.isArray(from)) {
      complain(
        key,
        path,
        `${subject(path)} merges what is no map: let "<<" name a map, or a list of maps.`,
        walk,
      );
      return;
    }
    for (const [name, merged] of Object.entries(from)) {
      if (Object.hasOwn(map, name)) continue;
      map[name] = merged;
      spots.set(name, { key: at, value: at });
    }
  }
}

function plainList(node: YAMLSeq, path: Path, walk: Walk): unknown {
  const list: unknown[] = [];
  const spots = new Map<string, Spot>();
  walk.spots.set(list, spots);
  for (const [index, item] of node.items.entries()) {
    const at = startOf(item);
    spots.set(String(index), { key: at, value: at });
    list.push(plainValue(item, [...path, index], walk));
  }
  return list;
}

function followed(alias: Alias, path: Path, walk: Walk): unknown {
  walk.aliases++;
  if (walk.aliases > MAX_YAML_ALIASES) {
    const message = `The file follows more than ${MAX_YAML_ALIASES} YAML aliases: write the values out.`;
    if (walk.aliases === MAX_YAML_ALIASES + 1) complain(alias, path, message, walk);
    return null;
  }
  const target = alias.resolve(walk.document);
  if (target === undefined) {
    const what = `${subject(path)} is ${quoted(`*${alias.source}`)}, a YAML alias of nothing`;
    complain(alias, path, `${what}: a text that begins with "*" goes in quotes.`, walk);
    return null;
  }
  return plainValue(target, path, walk);
}

function complain(node: unknown, path: Path, message: string, walk: Walk): void {
  walk.whole = false;
  walk.complaints.push({ path, offset: startOf(node), message });
}

function offsetOf(root: unknown, start: number, path: Path, part: 'key' | 'value', walk: Walk): number {
  let value = root;
  let offset = start;
  for (const [index, segment] of path.entries()) {
    const spot = isContainer(value) ? walk.spots.get(value)?.get(String(segment)) : undefined;
    if (spot === undefined || !isContainer(value)) return offset;
    const last = index === path.length - 1;
    offset = last && part === 'value' ? spot.value : spot.key;
    value = Reflect.get(value, segment);
  }
  return offset;
}

function isContainer(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
