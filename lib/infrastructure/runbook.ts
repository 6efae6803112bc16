import manifest from '../../package.json' with { type: 'json' };

/** docs/operations.md of the newest release, where the package's repository is. */
export const OWN_RUNBOOK = `${manifest.repository.url.replace(/^git[+]/, '').replace(/[.]git$/, '')}/blob/HEAD/docs/operations.md`;

/** The longest that a page's own address may be, so that the longest text of an alarm has room for it. */
export const RUNBOOK_MAX = 300;

/** The address of a section, by the heading as the page has it. */
export function runbookLink(page: string, heading: string): string {
  return `${page}#${anchorOf(heading)}`;
}

/** The anchor that GitHub makes of a heading: lower case, without punctuation, a dash for each space. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
