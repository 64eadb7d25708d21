/** Numbers, UUIDs and what is as long or as mixed as only an id is. */
const ID = /^(?:\d+|[0-9a-f-]{16,}|(?=.*\d)[\w.~-]{20,}|[0-9a-f]{8}-[0-9a-f-]{27})$/i;
const MAX_PATH_LENGTH = 200;

/**
 * A path as it may stand in a name: few different ones, however many orders there are. A segment that is a business id
 * stands under its name (`/order/:orderId`), what looks like another id is `:id`.
 */
export function describePath(path: string, ids: Readonly<Record<string, string>> = {}): string {
  const names = new Map(Object.entries(ids).map(([key, id]) => [id, key]));
  const segments = path
    .slice(0, MAX_PATH_LENGTH)
    .split("/")
    .map((segment) => describeSegment(segment, names));
  return segments.join("/") || "/";
}

function describeSegment(segment: string, names: ReadonlyMap<string, string>): string {
  const plain = decode(segment);
  const key = names.get(plain);
  if (key !== undefined && plain !== "") return `:${key}`;
  return ID.test(plain) ? ":id" : segment;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
