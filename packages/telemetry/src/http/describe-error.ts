/** Node joins the errors of several addresses into one without a message: its code is all it says. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const { name, message } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (message !== "" && message.includes(code)) return message;
  return [code, message].filter((part) => part !== "").join(" ") || name;
}
