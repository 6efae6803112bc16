import type { RecordPage } from '../../zone/zone.ts';

/** How a service lists records wrongly: it leaves one out, or shows one twice. */
export interface ListingFault {
  readonly type: 'leaves-out' | 'repeats';
  /** Which record of a page: this number, counted round and round. */
  readonly place: number;
}

/** Pages of fewer records are right: those in which somebody reads one name. */
const LONG_PAGE = 100;

/** The page as it is listed. */
export function listedWith(fault: ListingFault | undefined, page: RecordPage, limit: number): RecordPage {
  if (fault === undefined || limit < LONG_PAGE || page.records.length === 0) return page;
  const at = fault.place % page.records.length;
  const records = page.records.flatMap((record, index) => {
    if (index !== at) return [record];
    return fault.type === 'repeats' ? [record, record] : [];
  });
  return { ...page, records };
}
