import { formatCount } from "../trace/format.ts";
import { oneLine } from "./terminal-text.ts";

const maxOthers = 5;

/** Names the traces that the id is also in, as commands to type. */
export function printOtherTraces(command: string, id: string, otherTraceIds: readonly string[]): string {
  if (otherTraceIds.length === 0) return "";
  const others = formatCount(otherTraceIds.length, "smaller trace");
  const lines = otherTraceIds.slice(0, maxOthers).map((other) => `  npm run ${command} -- ${other}\n`);
  return [
    `\n${oneLine(id)} is also in ${others}, such as requests that only asked for its status:\n`,
    ...lines,
    ...(otherTraceIds.length > maxOthers ? ["  …\n"] : []),
  ].join("");
}
