import ts from 'typescript';

/** A line of a source file that breaks a habit of the project. */
export interface Breach {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export const FILE_LINES_MAX = 350;

/** Where nothing may depend on the moment, on chance or on the machine: there tests could not repeat a run. */
const DETERMINISTIC = /^lib\/(plan|planner|enactor|janitor|auditor|operator|cell|lease)\//;
/** The emulator and a trail must know UPSERT, as Route 53 does; the doctor may speak of it; the outage of 2025 was made with it, and people use it by hand. */
const MAY_NAME_UPSERT =
  /^lib\/(emulator|doctor|trail)\/|^lib\/wiring\/trail-json\.ts$|^lib\/simulator\/(outage\/blind-zone|engine\/simulated-world)\.ts$/;

const VAGUE_NAMES = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'index', 'shared']);
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const AMBIENT_GLOBALS = new Set([
  ...['Date', 'process', 'performance', 'crypto', 'fetch', 'globalThis'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
]);

function nameBreaches(path: string): Breach[] {
  const words = path.replace(/\.test\.ts$|\.ts$|\.mjs$/, '').split('/');
  return words.flatMap((word) => {
    if (VAGUE_NAMES.has(word))
      return [{ path, line: 1, what: `the name "${word}" says nothing about what is in it` }];
    if (!KEBAB_CASE.test(word)) return [{ path, line: 1, what: `the name "${word}" is not in kebab-case` }];
    return [];
  });
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent);
  return named && parent.name === node;
}

function ambientUse(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'Math.random';
  if (!ts.isIdentifier(node) || isMemberName(node)) return undefined;
  return AMBIENT_GLOBALS.has(node.text) ? node.text : undefined;
}

function treeBreaches({ path, text }: SourceFile): Breach[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true);
  const breaches: Breach[] = [];
  const report = (node: ts.Node, what: string): void => {
    breaches.push({ path, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
  };
  const visit = (node: ts.Node): void => {
    const ambient = DETERMINISTIC.test(path) ? ambientUse(node) : undefined;
    if (ambient !== undefined) report(node, `uses ${ambient}: take it from the deps`);
    if (
      ts.isStringLiteralLike(node) &&
      node.text === 'UPSERT' &&
      path.startsWith('lib/') &&
      !MAY_NAME_UPSERT.test(path)
    ) {
      report(node, 'names UPSERT, which has no condition');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return breaches;
}

/** Everything in one source file that breaks a habit which no linter rule holds. Pure. */
export function sourceBreaches(file: SourceFile): Breach[] {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  const long =
    file.path.startsWith('lib/') && lines > FILE_LINES_MAX
      ? [
          {
            path: file.path,
            line: FILE_LINES_MAX + 1,
            what: `has ${lines} lines, more than ${FILE_LINES_MAX}`,
          },
        ]
      : [];
  return [...nameBreaches(file.path), ...long, ...treeBreaches(file)];
}
