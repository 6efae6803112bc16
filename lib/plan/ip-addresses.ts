/** True for an IPv4 address in dotted decimal, without leading zeros (RFC 6943, 3.1.1: others are ambiguous). */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** True for an IPv6 address in the text form of RFC 4291, 2.2, without a zone. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const [before = '', after] = halves;
  const head = groupsOf(before, after === undefined);
  if (after === undefined) return head === 8;
  const tail = groupsOf(after, true);
  // "::" stands for at least one group of zeros.
  return head !== undefined && tail !== undefined && head + tail <= 7;
}

/** How many 16-bit groups a half has; undefined when a part is not a group. Only the last may be an IPv4 address. */
function groupsOf(half: string, mayEndInIpv4: boolean): number | undefined {
  if (half === '') return 0;
  const parts = half.split(':');
  const last = parts.at(-1) ?? '';
  const endsInIpv4 = mayEndInIpv4 && isIpv4(last);
  const groups = endsInIpv4 ? parts.slice(0, -1) : parts;
  if (!groups.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return groups.length + (endsInIpv4 ? 2 : 0);
}
