/** Without query and fragment, which are nobody's business: a token may be in either. */
export function readPageUrl(): string {
  return `${location.origin}${location.pathname}`;
}
