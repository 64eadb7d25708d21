import { claimPort, isPortFree } from "@tracebridge/embedded/ports";
import { StackError } from "./options.ts";

/**
 * @throws StackError that names every busy port, its variable and the way out, or two variables with one port
 */
export async function checkPortsAreFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const named = Object.entries(ports);
  const twice = named.find(([, port], index) => named.findIndex(([, other]) => other === port) !== index);
  if (twice) {
    const variables = named.filter(([, port]) => port === twice[1]).map(([variable]) => variable);
    throw new StackError(
      `${variables.join(" and ")} are both ${twice[1]}: every process needs a port of its own.`,
    );
  }
  const busy: string[] = [];
  for (const [variable, port] of named) {
    if (!(await isPortFree(port))) busy.push(`${variable}=${port}`);
  }
  const [first] = busy;
  if (first === undefined) return;
  const example = first.replace(/=\d+$/, `=${await claimPort()}`);
  throw new StackError(
    `These ports are taken by another program:\n  ${busy.join("\n  ")}\n` +
      "Fix: end that program (perhaps an earlier npm start; `lsof -i :PORT` names it), " +
      `or choose another port, for example ${example} npm start.`,
  );
}
