/** So many refusals of single groups are the last: with thousands of groups each more costs as much as all before it. */
const REFUSALS_MAX = 32;

/**
 * Which of some groups go, as many as may, the first ones first. Many are tried together, and in halves where they may
 * not go together: that thousands go costs a few tries, and which of a few go is found as by trying one after the other.
 * Pure if `isAllowed` is.
 *
 * @param isAllowed whether all of these may go together.
 */
export function asManyAs<Group>(
  groups: readonly Group[],
  isAllowed: (gone: readonly Group[]) => boolean,
): readonly Group[] {
  let gone: readonly Group[] = [];
  let refusals = 0;
  const letGo = (part: readonly Group[]): void => {
    if (part.length === 0 || refusals === REFUSALS_MAX) return;
    const more = [...gone, ...part];
    if (isAllowed(more)) {
      gone = more;
      return;
    }
    if (part.length === 1) {
      refusals += 1;
      return;
    }
    const middle = Math.ceil(part.length / 2);
    letGo(part.slice(0, middle));
    letGo(part.slice(middle));
  };
  letGo(groups);
  return gone;
}
