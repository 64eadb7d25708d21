import {
  createClientReportEnvelope,
  dsnFromString,
  getEnvelopeEndpointWithUrlEncodedAuth,
  serializeEnvelope,
} from "@sentry/core";
import { createAgent, post } from "../http/post.ts";

const DEADLINE_MILLIS = 10_000;

/** What Sentry's answers to an envelope mean for who set the DSN. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: "the project id in the DSN may be wrong",
  401: "the key in the DSN is refused",
  403: "the key in the DSN is refused, or is switched off",
  404: "there is no such project, or this is not Sentry",
  429: "the project's quota is used up",
};

/**
 * Sends an envelope that reports nothing, to learn whether Sentry takes envelopes for `dsn`. Returns what is wrong, or
 * `undefined`; never rejects.
 */
export async function askSentry(dsn: string): Promise<string | undefined> {
  const components = dsnFromString(dsn);
  if (!components) return "SENTRY_DSN is malformed";
  const url = new URL(getEnvelopeEndpointWithUrlEncodedAuth(components));
  const agent = createAgent(url, 1);
  try {
    const { statusCode } = await post({
      url,
      headers: { "content-type": "application/x-sentry-envelope" },
      body: Buffer.from(serializeEnvelope(createClientReportEnvelope([]))),
      agent,
      deadlineMillis: DEADLINE_MILLIS,
      signal: new AbortController().signal,
    });
    if (statusCode >= 200 && statusCode < 300) return undefined;
    return `the answer was ${statusCode}: ${MEANINGS[statusCode] ?? "something on the way refuses"}`;
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  } finally {
    agent.destroy();
  }
}
