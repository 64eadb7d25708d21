import { context } from "@opentelemetry/api";
import { followOrder, waitMillis, type FollowOptions } from "./follow-order.ts";
import { isEndStatus, type FailChoice, type Order } from "./order.ts";
import type { InSpan } from "@tracebridge/telemetry/browser";
import { withSubmitSpan } from "../trace/submit-span.ts";
import type { Answer } from "../web-api/call.ts";
import type { OrderClient } from "./order-client.ts";
import type { Problem } from "../web-api/problem.ts";
import { recordStatus, type SeenStatus } from "./progress.ts";

interface WatchedOrder {
  readonly order: Order;
  readonly seen: readonly SeenStatus[];
  /** The last submit found the id taken and sent nothing. */
  readonly existed: boolean;
}

export interface SessionState {
  /** What stands in the box "Check order". */
  readonly checkId: string;
  readonly activity: "idle" | "submitting" | "checking";
  readonly watched?: WatchedOrder;
  readonly followWanted: boolean;
  readonly following: "off" | "running" | "timed-out";
  readonly submitProblem?: Problem;
  readonly checkProblem?: Problem;
}

export interface SessionOptions extends Partial<
  Pick<FollowOptions, "firstPauseMillis" | "limitMillis" | "now" | "wait">
> {
  readonly client: OrderClient;
}

/**
 * What the page does with orders, without the page.
 *
 * Submit makes one call to create the order and one to ask for its status; Check makes one. Following is a
 * third, visible thing that can be switched off: while it is on, it begins after either of them, one pause later, and ends
 * with the order or after the limit.
 */
export class OrderSession {
  readonly #client: OrderClient;
  readonly #timing: Pick<FollowOptions, "firstPauseMillis" | "limitMillis" | "now" | "wait">;
  readonly #listeners = new Set<() => void>();
  #state: SessionState = { checkId: "", activity: "idle", followWanted: true, following: "off" };
  #follower?: AbortController;

  constructor(options: SessionOptions) {
    const {
      client,
      firstPauseMillis = 1_000,
      limitMillis = 120_000,
      now = Date.now,
      wait = waitMillis,
    } = options;
    this.#client = client;
    this.#timing = { firstPauseMillis, limitMillis, now, wait };
  }

  readonly getState = (): SessionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Creates an order and asks once for its status. Does nothing while another call is under way. */
  async submit(id: string, fail: FailChoice): Promise<void> {
    if (this.#state.activity !== "idle") return;
    this.#change({ activity: "submitting", submitProblem: undefined });
    await withSubmitSpan((inSpan) => this.#create(id, fail, inSpan));
  }

  async #create(id: string, fail: FailChoice, inSpan: InSpan): Promise<Answer<unknown>> {
    const answer = await this.#client.createOrder(id, fail);
    if (!answer.ok) {
      this.#change({ activity: "idle", submitProblem: answer.problem });
      return answer;
    }
    const { order, existed } = answer.value;
    this.#stopFollowing();
    this.#change({ checkId: order.id, checkProblem: undefined });
    this.#show(order, existed ? this.#seenOf(order.id) : [], existed);
    await inSpan(() => this.#ask(order.id));
    return answer;
  }

  /** Asks once for the status of an order. Does nothing while another call is under way. */
  async check(id: string): Promise<void> {
    if (this.#state.activity !== "idle") return;
    this.#stopFollowing();
    this.#change({ activity: "checking", checkId: id });
    await this.#ask(id);
  }

  editCheckId(checkId: string): void {
    this.#change({ checkId });
  }

  /** Switches the automatic following on or off, at once. */
  follow(followWanted: boolean): void {
    this.#stopFollowing();
    this.#change({ followWanted });
    if (this.#state.activity === "idle") this.#startFollowing();
  }

  async #ask(id: string): Promise<void> {
    const asked = context.active();
    const answer = await this.#client.readOrder(id);
    this.#take(id, answer);
    this.#change({ activity: "idle" });
    this.#startFollowing(asked);
  }

  #take(id: string, answer: Answer<Order>): void {
    const { watched } = this.#state;
    if (answer.ok) {
      this.#change({ checkProblem: undefined });
      this.#show(answer.value, this.#seenOf(id), watched?.order.id === id && watched.existed);
      return;
    }
    // What was seen of this order still tells something, unless the service says that there is no such order.
    const keeps = watched?.order.id === id && answer.problem.kind !== "unknown-order";
    this.#change({ checkProblem: answer.problem, watched: keeps ? watched : undefined });
  }

  #seenOf(id: string): readonly SeenStatus[] {
    const { watched } = this.#state;
    return watched?.order.id === id ? watched.seen : [];
  }

  #show(order: Order, seenBefore: readonly SeenStatus[], existed: boolean): void {
    const seen = recordStatus(seenBefore, order.status, this.#timing.now());
    this.#change({ watched: { order, seen, existed } });
  }

  /** In the trace in which the order was asked for, also when another page is shown by then. */
  #startFollowing(asked = context.active()): void {
    const { followWanted, watched } = this.#state;
    if (!followWanted || watched === undefined || isEndStatus(watched.order.status)) return;
    const { id } = watched.order;
    const follower = new AbortController();
    this.#follower = follower;
    this.#change({ following: "running" });
    void followOrder({
      ...this.#timing,
      signal: follower.signal,
      readOrder: (signal) => context.with(asked, () => this.#client.readOrder(id, signal)),
      onAnswer: (answer) => this.#take(id, answer),
    }).then((end) => {
      if (end !== "stopped") this.#change({ following: end === "timed-out" ? "timed-out" : "off" });
    });
  }

  #stopFollowing(): void {
    this.#follower?.abort();
    this.#follower = undefined;
    this.#change({ following: "off" });
  }

  #change(changes: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}
