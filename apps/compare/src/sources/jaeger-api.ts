import { isFields, type Fields } from "@tracebridge/receivers";
import { fetchJson, type Answer, type FetchLimits } from "./fetch-json.ts";
import type { JaegerAddress } from "./jaeger-address.ts";
import { readMessage } from "./read-message.ts";
import { SourceError } from "./source.ts";

/**
 * - `nothing`: there is no such trace.
 * - `absent`: it does not have this API; what answered may even be no Jaeger.
 */
type JaegerAnswer = { kind: "found"; json: Fields } | { kind: "nothing" } | { kind: "absent" };

/**
 * Asks a Jaeger; all that one of these asks must be answered within the time limit together.
 *
 * @param field what an answer of this API has: `result`, `data`, `services`
 */
export type AskJaeger = (
  path: string,
  field: string,
  parameters?: Readonly<Record<string, string>>,
) => Promise<JaegerAnswer>;

/** @returns a function that throws SourceError when there is no answer, or one that tells of a failure */
export function startAsking({ name, base, headers }: JaegerAddress, limits: FetchLimits): AskJaeger {
  const options = {
    sourceName: name,
    headers,
    limits,
    signal: AbortSignal.timeout(limits.timeoutMillis),
    authorisationFix: "Write user and password into its address: jaeger:http://user:password@host.",
    acceptsPlainText: true,
  };
  return async (path, field, parameters = {}) => {
    const url = new URL(`${base}${path}?${new URLSearchParams(parameters).toString()}`);
    return readAnswer(await fetchJson(url, options), field, name);
  };
}

/**
 * Statuses say little: Jaeger answers a path that it does not know with its user interface and 200, and an unknown trace
 * with the same 404 that other programs have for unknown paths. Its own answers are told by their form.
 */
function readAnswer(answer: Answer, field: string, name: string): JaegerAnswer {
  const { json } = answer;
  if (!isFields(json)) return { kind: "absent" };
  if (answer.status === 200) return field in json ? { kind: "found", json } : { kind: "absent" };
  const message = findMessage(json);
  if (message === "") return { kind: "absent" };
  if (answer.status === 404) return { kind: "nothing" };
  throw new SourceError("ANSWER_NOT_UNDERSTOOD", `${name} answers with status ${answer.status}${message}`);
}

/** Of API v3 `{"error":{"message"}}`, of v1 `{"errors":[{"msg"}]}`. */
function findMessage({ error, errors }: Fields): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return readMessage(isFields(error) ? error["message"] : isFields(first) ? first["msg"] : undefined);
}
