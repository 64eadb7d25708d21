const MAX_LENGTH = 60;
/** A `#` or a name of more digits than this was made by a program, and is another one for every user. */
const GENERATED = /\d{3,}|[:«»]|[0-9a-f]{8}/i;
/**
 * What says which one it is, the most lasting first. Never texts, nor labels that stand for them: users may have typed
 * them, or they are about users.
 */
const ATTRIBUTES = ["id", "name", "type"];

/** The part of an element that names it; tests have no other. */
export interface DescribedElement {
  readonly localName: string;
  getAttribute(name: string): string | null;
}

/** For example `button#buy`, `input[name="q"]` or `a`. */
export function describeElement(element: DescribedElement): string {
  for (const attribute of ATTRIBUTES) {
    const value = element.getAttribute(attribute)?.trim();
    if (value === undefined || value === "" || value.length > MAX_LENGTH || GENERATED.test(value)) continue;
    const suffix = attribute === "id" ? `#${value}` : `[${attribute}="${value.replaceAll('"', "'")}"]`;
    return `${element.localName}${suffix}`;
  }
  return element.localName;
}
