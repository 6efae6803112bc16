/** Ids of an emulator, one above the other: `Z1`, `C2`. */
export function numberedIds(): (prefix: string) => string {
  let ids = 0;
  return (prefix) => {
    ids += 1;
    return `${prefix}${ids}`;
  };
}
