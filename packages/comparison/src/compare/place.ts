import { compareTimes } from "../time.ts";

/** Where a finding belongs, said in the same way whichever side is asked first. */
export interface Place {
  spanId?: string;
  service: string;
  /** For putting findings in order. */
  timeUnixNano?: string;
}

interface Placed {
  spanId?: string;
  service: string;
  timeUnixNano: string;
}

/** The place of what both sides have: where they contradict each other, the earlier time and the first name. */
export function placeOf(one: Placed, other: Placed = one): Place {
  const [first, second] =
    compareTimes(one.timeUnixNano, other.timeUnixNano) <= 0 ? [one, other] : [other, one];
  const spanId = one.spanId === other.spanId ? one.spanId : (first.spanId ?? second.spanId);
  return {
    ...(spanId === undefined ? {} : { spanId }),
    service: one.service < other.service ? one.service : other.service,
    timeUnixNano: first.timeUnixNano,
  };
}
