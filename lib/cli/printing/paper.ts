import { styleText } from 'node:util';

/** The properties of the terminal that a view's text depends on. */
export interface Paper {
  /** Columns. */
  readonly width: number;
  readonly color: boolean;
  /** Tables with lines, on a terminal; columns of plain text, in a pipe. */
  readonly boxes: boolean;
}

export type Tone = 'good' | 'bad' | 'careful' | 'faint' | 'strong';

const STYLES = {
  good: 'green',
  bad: 'red',
  careful: 'yellow',
  faint: 'dim',
  strong: 'bold',
} as const;

/** The text in its tone, where there is colour. */
export function paint(paper: Paper, tone: Tone, text: string): string {
  return paper.color ? styleText(STYLES[tone], text, { validateStream: false }) : text;
}

/** Text from elsewhere (a reason, a record's value) without control characters for a terminal. */
export function tame(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}

/** Lines as one text, each ended. */
export function lines(...parts: readonly (string | readonly string[])[]): string {
  return parts
    .flat()
    .map((line) => `${line}\n`)
    .join('');
}

/** What is said of a private zone, about whose answers nothing is known here. */
export function answersNotAsked(): string {
  return 'answers are not asked: private zone; "pawl resolve NAME --server ADDRESS" asks from inside its VPC';
}

/** A sentence from elsewhere without its full stop, for use inside another sentence. */
export function clause(text: string): string {
  return tame(text).replace(/\.$/, '');
}

/** `@145`; `-` where there is no plan. */
export function generationText(generation: number | null | undefined): string {
  return generation === null || generation === undefined ? '-' : `@${generation}`;
}

/** `1 plan`, `2 plans`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
