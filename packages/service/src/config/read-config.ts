import type { z } from "zod";
import { ConfigError } from "./config-error.ts";

/** One environment variable of a service. */
export interface Variable<T> {
  /** From the text in the environment to the value the service works with. */
  schema: z.ZodType<T, string>;
  /** Used when the variable is not set (or empty); without one the variable must be set. */
  fallback?: T;
  /** What the value must be: completes the sentence `X is not …`. */
  is: string;
  /** What to do: a sentence without its full stop. */
  fix: string;
  /** The value may hold a password and is never shown. */
  secret?: boolean;
}

type Table = Readonly<Record<string, Variable<unknown>>>;
type ConfigOf<T extends Table> = { [K in keyof T]: T[K] extends Variable<infer V> ? V : never };

/**
 * Reads every variable of `table` from `env`; other variables are not looked at.
 *
 * @throws ConfigError naming every variable that cannot be used, not only the first
 */
export function readConfig<T extends Table>(env: NodeJS.ProcessEnv, table: T): ConfigOf<T> {
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(table)) {
    const text = env[name];
    if (text === undefined || text === "") {
      if ("fallback" in variable) config[name] = variable.fallback;
      else problems.push(`${name} is not set: ${variable.fix}.`);
      continue;
    }
    const result = variable.schema.safeParse(text);
    if (result.success) config[name] = result.data;
    else problems.push(`${name}${shown(text, variable)} is not ${variable.is}: ${variable.fix}.`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config as ConfigOf<T>;
}

function shown(text: string, variable: Variable<unknown>): string {
  return variable.secret ? " (value not shown)" : `="${text.slice(0, 100)}"`;
}
