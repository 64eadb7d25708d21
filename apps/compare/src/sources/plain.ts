/** A JSON object whose fields are not known to be right yet. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const maxMessageLength = 200;

/** What a back end says is wrong, behind a colon; cut, and without what could steer a terminal. Empty for no text. */
export function readMessage(value: unknown): string {
  if (typeof value !== "string" || value === "") return "";
  return `: ${value.slice(0, maxMessageLength).replaceAll(/\p{C}/gu, " ")}`;
}
