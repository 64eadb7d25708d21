const maxMessageLength = 200;

/** What a back end says is wrong, behind a colon; cut, and without what could steer a terminal. Empty for no text. */
export function readMessage(value: unknown): string {
  if (typeof value !== "string" || value === "") return "";
  return `: ${value.slice(0, maxMessageLength).replaceAll(/\p{C}/gu, " ")}`;
}
