/** The world cannot start as things stand. One sentence: what, where, what to do. Nothing is left running. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  /** Further lines, such as one for each mistake of the fleet file. */
  readonly details: readonly string[];

  constructor(message: string, options: ErrorOptions & { readonly details?: readonly string[] } = {}) {
    super(message, options);
    this.details = options.details ?? [];
  }
}
