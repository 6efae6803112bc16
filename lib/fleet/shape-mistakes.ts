import type { z } from 'zod';
import type { ReportMistake } from './mistakes.ts';
import { branchKeyMeant, branchSchemaIn } from './route-schema.ts';
import { cellSchema, endpointSchema, targetSchema } from './schema.ts';
import { nearest } from './suggestion.ts';
import type { Path } from './wording.ts';
import { pathText, quoted, shown, subject } from './wording.ts';

type Issue = z.core.$ZodIssue;

/** Reports what the schema found, in sentences. `root` is the value that was checked. */
export function reportShape(issues: readonly Issue[], root: unknown, report: ReportMistake): void {
  for (const issue of issues) reportIssue(issue, [], root, report);
}

function reportIssue(issue: Issue, above: Path, root: unknown, report: ReportMistake): void {
  const path = [...above, ...issue.path.map(pathPart)];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportUnknownKey(path, key, issue.message.split(' '), report);
    return;
  }
  if (issue.code === 'invalid_key') {
    reportInvalidKey(path, issue.message, root, report);
    // The schema does not check the value under a key that it refuses.
    const below = schemaUnder(path).safeParse(valueAt(root, path));
    for (const error of below.error?.issues ?? []) reportIssue(error, path, root, report);
    return;
  }
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.find(
      (errors) => errors.length > 0 && errors.every((error) => error.path.length > 0),
    );
    if (deepest !== undefined) {
      for (const error of deepest) reportIssue(error, path, root, report);
      return;
    }
  }
  reportValue(issue, path, root, report);
}

function reportInvalidKey(path: Path, phrase: string, root: unknown, report: ReportMistake): void {
  const [map, key] = path.slice(-2).map(String);
  const parent = path.slice(0, -1);
  const meant = inBranches(path) ? branchKeyMeant(map ?? '', key ?? '') : undefined;
  const isFree = meant !== undefined && valueAt(root, [...parent, meant]) === undefined;
  const advice = isFree ? `did you mean ${quoted(meant)}?` : `use ${phrase}.`;
  report(path, `${subject(parent)} has the key ${quoted(key ?? '')}: ${advice}`, 'key');
}

function reportUnknownKey(path: Path, key: string, known: readonly string[], report: ReportMistake): void {
  const meant = nearest(key, known);
  const advice = meant === undefined ? `use ${listed(known)}` : `did you mean ${quoted(meant)}?`;
  const stop = meant === undefined ? '.' : '';
  report([...path, key], `${subject(path)} has the unknown key ${quoted(key)}: ${advice}${stop}`, 'key');
}

function reportValue(issue: Issue, path: Path, root: unknown, report: ReportMistake): void {
  const parent = path.slice(0, -1);
  const name = path.at(-1);
  const value = valueAt(root, path);
  if (typeof name === 'string' && value === undefined) {
    report(path, `${subject(parent)} has no ${pathText([name])}: add ${issue.message}.`);
    return;
  }
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = nearest(value, issue.values.map(String));
    if (meant !== undefined) {
      report(path, `${subject(path)} is ${shown(value)}: did you mean ${quoted(meant)}?`);
      return;
    }
  }
  report(path, `${subject(path)} is ${shownInBounds(value)}: use ${issue.message}.`);
}

/** The schema of the values in a map whose keys are names: cells, targets, endpoints, branches. */
function schemaUnder(path: Path): z.ZodType {
  const [, , kind] = path;
  if (kind === undefined) return cellSchema;
  if (inBranches(path)) return branchSchemaIn(String(path.at(-2)));
  return kind === 'targets' ? targetSchema : endpointSchema;
}

/** Whether a key is a branch's: the maps below an endpoint whose keys are names are those of its route. */
function inBranches(path: Path): boolean {
  const [, , kind, , ...below] = path;
  return kind === 'endpoints' && below.length > 0;
}

/** For lists and texts of the right kind but the wrong length, the length. */
function shownInBounds(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'string' && value.length > 64) return `a text of ${value.length} characters`;
  return shown(value);
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The value at a path, or undefined when there is none. Own properties only: "constructor" is a fine target id. */
function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function pathPart(part: PropertyKey): string | number {
  return typeof part === 'symbol' ? String(part) : part;
}
