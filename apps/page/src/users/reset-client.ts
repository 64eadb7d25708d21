import { createCall, type Answer, type CallOptions } from "../web-api/call.ts";
import type { Problem } from "../web-api/problem.ts";

/** The web service's forgotten passwords, as the page uses them. Both answer with what the service says. */
export interface ResetClient {
  /** Asks for a mail with a link; the answer is the same whether or not somebody has the address. */
  requestReset(email: string): Promise<Answer<string>>;
  /** Sets the password of the user who got the token by mail. */
  setPassword(token: string, password: string): Promise<Answer<string>>;
}

const unusableLink: Problem = {
  kind: "unusable-link",
  title: "This link does not work any more",
  message: "It was used already, it is older than an hour, or a part of it got lost. Request a new one.",
};

export function createResetClient(options: CallOptions = {}): ResetClient {
  const call = createCall(options);
  return {
    requestReset: (email) =>
      call({ path: "/users/reset-password", body: { email } }, ({ body }) => readMessage(body)),
    async setPassword(token, password) {
      const path = "/users/reset-password/complete";
      const meanings = { 410: unusableLink };
      const answer = await call({ path, body: { token, password }, meanings }, ({ body }) =>
        readMessage(body),
      );
      // A link that lost a part on its way.
      if (!answer.ok && answer.problem.field === "token") return { ok: false, problem: unusableLink };
      return answer;
    },
  };
}

function readMessage(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("message" in body)) return undefined;
  return typeof body.message === "string" && body.message !== "" ? body.message : undefined;
}
