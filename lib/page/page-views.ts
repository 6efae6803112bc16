/** What the page is told of one thing: a document of plain JSON, or a sentence. */
export type ViewOutcome =
  | { readonly type: 'found'; readonly document: unknown }
  /** There is no such thing. */
  | { readonly type: 'none'; readonly says: string }
  /** It could not be read: nobody knows how it is. */
  | { readonly type: 'failed'; readonly says: string };

/** All cells as they were seen at one moment. */
export interface PageLook {
  /** Plain JSON, one for each cell. */
  readonly cells: readonly unknown[];
  /** Events that no look before this one has returned, oldest first. Plain JSON. */
  readonly events: readonly unknown[];
}

/** What a page shows of a world. Nothing here writes (docs/adr/0079-the-page-only-reads.md). */
export interface PageViews {
  /** What the world is, and how a person names it to the command line. Plain JSON; asks nobody. */
  about(): unknown;
  /** One look at all cells, as `pawl status` looks. @throws Error whose message is a sentence, when nobody can tell. */
  look(): Promise<PageLook>;
  /** One thing by its path: `cell/use1-a`, `name/api.example.test`. Never rejects for a thing that is not there. */
  view(path: readonly string[]): Promise<ViewOutcome>;
}
