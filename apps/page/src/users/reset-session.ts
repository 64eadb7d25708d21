import { activeTraceId } from "@tracebridge/telemetry/browser";
import { withSubmitSpan } from "../trace/submit-span.ts";
import type { Answer } from "../web-api/call.ts";
import type { Problem } from "../web-api/problem.ts";
import type { ResetClient } from "./reset-client.ts";

export interface ResetState {
  /** `request`: asks for the address that gets the link; `choose`: the link was followed, a password is chosen. */
  readonly step: "request" | "choose";
  readonly busy: boolean;
  readonly problem?: Problem;
  /** The step is done, and the service said this. */
  readonly said?: string;
  /** Of what was done, from the submit on; absent when the page runs without telemetry. */
  readonly traceId?: string;
}

/** What the page does with a forgotten password, without the page. The token is nowhere but in here. */
export class ResetSession {
  readonly #client: ResetClient;
  readonly #listeners = new Set<() => void>();
  #token?: string;
  #state: ResetState = { step: "request", busy: false };
  /** Changes when a step begins: an answer that belongs to an earlier one is not shown. */
  #turn = 0;

  /** @param token of the link by which the page was opened */
  constructor(client: ResetClient, token?: string) {
    this.#client = client;
    if (token !== undefined) this.followLink(token);
  }

  readonly getState = (): ResetState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A link from a mail was followed. */
  followLink(token: string): void {
    this.#begin({ step: "choose", busy: false }, token);
  }

  /** Back to the form for an address. */
  startOver(): void {
    this.#begin({ step: "request", busy: false });
  }

  /** The page is not shown any more: what was done or went wrong is of no interest to somebody who comes back. */
  leave(): void {
    const { step, busy, said, problem } = this.#state;
    if (said !== undefined || problem?.kind === "unusable-link") this.startOver();
    else this.#change({ step, busy });
  }

  /** Does nothing while another call is under way. */
  async requestReset(email: string): Promise<void> {
    await this.#send(() => this.#client.requestReset(email));
  }

  /** Does nothing while another call is under way, and without a link. */
  async setPassword(password: string): Promise<void> {
    const token = this.#token;
    if (token !== undefined) await this.#send(() => this.#client.setPassword(token, password));
  }

  #begin(state: ResetState, token?: string): void {
    this.#turn += 1;
    this.#token = token;
    this.#change(state);
  }

  async #send(send: () => Promise<Answer<string>>): Promise<void> {
    const { step, busy } = this.#state;
    if (busy) return;
    const turn = this.#turn;
    this.#change({ step, busy: true });
    let traceId: string | undefined;
    const answer = await withSubmitSpan(() => {
      traceId = activeTraceId();
      return send();
    });
    if (turn !== this.#turn) return;
    if (answer.ok) this.#change({ step, busy: false, said: answer.value, traceId });
    else this.#change({ step, busy: false, problem: answer.problem });
  }

  #change(state: ResetState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
