/** The terminal, or the pipes, that a command was called from: an interface so small that a test can replace it. */
export interface Terminal {
  /** To standard output. */
  write(text: string): void;
  /** To standard error: for people, when standard output belongs to a program. */
  complain(text: string): void;
  /** True when standard output is a terminal. */
  readonly isTty: boolean;
  /** True when standard error is a terminal, so that progress may be shown. */
  readonly showsProgress: boolean;
  /** True when a person can answer a question. */
  readonly canAsk: boolean;
  /** Columns, 20 or more. */
  readonly width: number;
  /** One line of answer. @throws Interrupted when the question is cancelled instead. */
  ask(question: string): Promise<string>;
}

/** A person pressed Ctrl-C, or closed the input, instead of answering. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
