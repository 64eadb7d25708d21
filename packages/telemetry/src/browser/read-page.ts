import { PAGE_CONFIG_ID, PageConfigError, readPageConfig } from "./page-config.ts";
import type { PageConfig } from "./page-config.ts";

/** Where the configuration is looked for: the document. */
export interface ConfigSource {
  getElementById(id: string): { readonly textContent: string | null } | null;
}

/** A longer one is not ours. */
const MAX_LENGTH = 65_536;

/**
 * The configuration that the server put into the page; `undefined` when it put none there.
 * @throws PageConfigError when it is none
 */
export function readConfigElement(source: ConfigSource): PageConfig | undefined {
  const text = source.getElementById(PAGE_CONFIG_ID)?.textContent;
  return text === undefined || text === null ? undefined : readPageConfig(parse(text));
}

function parse(text: string): unknown {
  if (text.length > MAX_LENGTH) throw new PageConfigError("the configuration is too long");
  try {
    return JSON.parse(text);
  } catch {
    // The message of JSON.parse would show a part of the text.
    throw new PageConfigError("the configuration is no JSON");
  }
}
