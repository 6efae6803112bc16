import type { Document, YAMLError } from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import type { Complaint, LinePosition } from './mistakes.ts';
import { oneLine, quoted, unseenCharacter } from './wording.ts';

/** A text that was parsed as one YAML document, or the mistakes that prevented it. */
export interface YamlText {
  /** Absent when the text is not YAML. */
  readonly document?: Document.Parsed;
  readonly complaints: readonly Complaint[];
  place(offset: number): LinePosition;
}

/** A key that begins with an asterisk, as people write wildcard names; YAML takes it for an alias. */
const BARE_WILDCARD = /^\s*(\*[^\s:]*):/;

/** Parses one YAML 1.2 document. Never throws. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const place = (offset: number): LinePosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let document: Document.Parsed;
  try {
    document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
      stringKeys: true,
      resolveKnownTags: false,
      // Equal keys are found by yamlTree: here it would take quadratic time.
      uniqueKeys: false,
    });
  } catch (cause) {
    // The package reports what it refuses; this is for a hostile text that makes it throw.
    const reason = cause instanceof Error ? oneLine(cause.message) : 'no reason given';
    const message = `The file cannot be read as YAML (${reason}): compare it with the example fleet.`;
    return { complaints: [{ path: [], offset: 0, message }], place };
  }
  const complaints = [
    ...oneALine([...document.errors, ...document.warnings], text, place),
    ...otherVersion(document, text),
    ...unseen(text),
  ];
  return complaints.length > 0 ? { complaints, place } : { document, complaints, place };
}

/** In YAML 1.1 `no` is false and 010 is 8; a file that asks for it would be read otherwise than it was meant. */
function otherVersion(document: Document.Parsed, text: string): readonly Complaint[] {
  const { explicit, version } = document.directives.yaml;
  if (explicit !== true || version === '1.2') return [];
  const message = `The file asks for YAML ${version}, and a fleet is read as YAML 1.2: remove the line "%YAML ${version}".`;
  return [{ path: [], offset: Math.max(0, text.indexOf('%YAML')), message }];
}

/** The first such character of each line, in comments too: a reader of the file would see another text. */
function unseen(text: string): readonly Complaint[] {
  const complaints: Complaint[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    const bare = line.replace(/\r$/, '').replaceAll('\t', ' ');
    // A mark of the byte order may begin a file.
    const character = unseenCharacter(offset === 0 ? bare.replace(/^\ufeff/, '') : bare);
    if (character !== undefined) {
      const message = `This line holds the character ${character}, which cannot be seen: remove it.`;
      complaints.push({ path: [], offset, message });
    }
    offset += line.length + 1;
  }
  return complaints;
}

/** One mistake may cause several errors of the parser; the first error on a line explains most. */
function oneALine(
  errors: readonly YAMLError[],
  text: string,
  place: (offset: number) => LinePosition,
): readonly Complaint[] {
  const nested = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (nested !== undefined) {
    const message = 'The file is nested too deeply: compare it with the example fleet.';
    return [{ path: [], offset: nested.pos[0], message }];
  }
  const wildcards = new Map<number, Complaint>();
  const others = new Map<number, Complaint>();
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const offset = error.pos[0];
    const { line } = place(offset);
    const wildcard = BARE_WILDCARD.exec(lineAt(text, offset))?.[1];
    if (wildcard !== undefined) {
      const message = `The key ${quoted(wildcard)} begins with "*", which YAML takes for an alias: put it in quotes.`;
      wildcards.set(line, { path: [], offset, message });
    } else if (!others.has(line)) others.set(line, { path: [], offset, message: syntaxSentence(error) });
  }
  // After a bare wildcard the parser rejects the lines below it although they are correct.
  return [...(wildcards.size > 0 ? wildcards : others).values()];
}

function syntaxSentence(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') {
    return 'The file holds a second YAML document ("---"): keep one document a file.';
  }
  if (error.code === 'TAB_AS_INDENT') return 'This line is indented with a tab: use spaces.';
  if (error.code === 'TAG_RESOLVE_FAILED')
    return 'YAML tags ("!...") have no meaning in a fleet: write a plain value.';
  return `This is not valid YAML (${oneLine(error.message)}): check the indentation, colons and quotes here.`;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end);
}
