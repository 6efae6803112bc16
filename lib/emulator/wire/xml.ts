import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { invalidInput, Route53Error } from '../route53-error.ts';

/** One element as it was sent: either text or children. Attributes and comments are dropped. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** The content of an element of an answer; `undefined` leaves the element out. */
export type XmlContent = string | number | boolean | readonly XmlNode[];

export interface XmlNode {
  readonly name: string;
  readonly content: XmlContent;
}

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';
const DEPTH_MAX = 20;

// Entities are decoded here, not by the parser: its guards against expansion would count the quotes of TXT values.
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
});

/**
 * Reads a request's body.
 *
 * @throws Route53Error MalformedXML when it is not XML, or has a document type.
 */
export function parseXml(body: string): XmlElement {
  if (/<!DOCTYPE/i.test(body)) throw malformed('a document type is not accepted');
  const valid = XMLValidator.validate(body);
  if (valid !== true) throw malformed(`${valid.err.msg} (line ${valid.err.line})`);
  const roots = elements(parser.parse(body), 0).children;
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw malformed('there is not exactly one root element');
  return root;
}

/** The children by name. Each must be one of `allowed`, and there may be at most one of each. */
export function childrenOf(element: XmlElement, allowed: readonly string[]): ReadonlyMap<string, XmlElement> {
  assertNoText(element);
  const found = new Map<string, XmlElement>();
  for (const child of element.children) {
    if (!allowed.includes(child.name)) throw unexpected(child, element);
    if (found.has(child.name)) {
      throw invalidInput(
        `Invalid XML ; element '${child.name}' appears more than once in '${element.name}'.`,
      );
    }
    found.set(child.name, child);
  }
  return found;
}

/** The children, every one of which must be called `item`. */
export function listOf(element: XmlElement, item: string): readonly XmlElement[] {
  assertNoText(element);
  for (const child of element.children) if (child.name !== item) throw unexpected(child, element);
  return element.children;
}

/** The element's text. It must have no children. */
export function textOf(element: XmlElement): string {
  const [child] = element.children;
  if (child !== undefined) throw unexpected(child, element);
  return element.text;
}

/** The child called `name`; its absence is an error. */
export function required(
  children: ReadonlyMap<string, XmlElement>,
  name: string,
  parent: string,
): XmlElement {
  const child = children.get(name);
  if (child === undefined) {
    throw invalidInput(
      `Invalid XML ; The content of element '${parent}' is not complete. '${name}' is expected.`,
    );
  }
  return child;
}

/** A whole number, as an `xs:int` or `xs:long` is written. */
export function integerOf(element: XmlElement): number {
  const text = textOf(element).trim();
  if (!/^[+-]?\d{1,15}$/.test(text)) {
    throw invalidInput(`Invalid XML ; '${text}' is not a whole number, in element '${element.name}'.`);
  }
  return Number(text);
}

export function booleanOf(element: XmlElement): boolean {
  const text = textOf(element).trim();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw invalidInput(`Invalid XML ; '${text}' is neither true nor false, in element '${element.name}'.`);
}

export function xmlNode(name: string, content: XmlContent): XmlNode {
  return { name, content };
}

/** A list of the element, or an empty one when there is no content. */
export function optionalNode(name: string, content: XmlContent | undefined): readonly XmlNode[] {
  return content === undefined ? [] : [{ name, content }];
}

/** A whole document in Route 53's namespace. */
export function writeXml(root: XmlNode): string {
  const body = writeContent(root.content);
  return `<?xml version="1.0"?>\n<${root.name} xmlns="${NAMESPACE}">${body}</${root.name}>`;
}

function writeContent(content: XmlContent): string {
  if (typeof content !== 'object') return escaped(String(content));
  return content.map((node) => `<${node.name}>${writeContent(node.content)}</${node.name}>`).join('');
}

function escaped(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\t\r\n]/g, (space) => `&#${space.charCodeAt(0)};`);
}

/** Turns the parser's ordered form (`[{ Name: [{ '#text': 'x' }] }]`) into elements. */
function elements(nodes: unknown, depth: number): Pick<XmlElement, 'text' | 'children'> {
  if (depth > DEPTH_MAX) throw malformed('the elements are nested too deep');
  if (!Array.isArray(nodes)) throw malformed('there is no element');
  let text = '';
  const children: XmlElement[] = [];
  for (const node of nodes) {
    for (const [name, content] of Object.entries(node as object)) {
      if (name === '#text') text += decode(String(content));
      else if (name !== ':@') children.push({ name, ...elements(content, depth + 1) });
    }
  }
  return { text, children };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&([^;\s]{0,10});?/g, (whole, entity: string) => {
    const named = ENTITIES[entity];
    if (named !== undefined && whole.endsWith(';')) return named;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity) ?? [];
    const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
    if (Number.isNaN(code) || code > 0x10ffff || !whole.endsWith(';')) {
      throw malformed(`'${whole}' is not an entity`);
    }
    return String.fromCodePoint(code);
  });
}

function assertNoText(element: XmlElement): void {
  if (element.text.trim() !== '') {
    throw invalidInput(`Invalid XML ; element '${element.name}' cannot have character content.`);
  }
}

function unexpected(child: XmlElement, parent: XmlElement): Route53Error {
  return invalidInput(`Invalid XML ; element '${child.name}' is not expected in '${parent.name}'.`);
}

function malformed(what: string): Route53Error {
  return new Route53Error('MalformedXML', `The XML that you provided is not well formed: ${what}.`);
}
