import { afterEach, describe, expect, it } from "vitest";
import { createOrderClient } from "../src/orders/order-client.ts";
import { OrderSession, type SessionState } from "../src/orders/order-session.ts";
import { startWebApi, type ApiAnswer, type WebApi } from "./web-api.ts";

const apis: WebApi[] = [];
afterEach(async () => {
  for (const api of apis.splice(0)) await api.close();
});

/** A session against a real server; `waits` are the follower's pauses, and `tick` lets the oldest one end. */
async function start(respond: (call: string) => ApiAnswer, limitMillis = 120_000) {
  const api = await startWebApi(({ method, path }) => respond(`${method} ${path}`));
  apis.push(api);
  let clock = 0;
  const waits: (() => void)[] = [];
  const session = new OrderSession({
    client: createOrderClient({ baseUrl: api.url }),
    limitMillis,
    now: () => clock,
    wait: (millis, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          clock += millis;
          resolve();
        };
        waits.push(end);
        signal.addEventListener("abort", () => {
          waits.splice(waits.indexOf(end), 1);
          resolve();
        });
      }),
  });
  const tick = async (description: string, condition: (state: SessionState) => boolean): Promise<void> => {
    waits.shift()?.();
    await untilState(session, description, condition);
  };
  return { api, session, waits, tick };
}

function untilState(
  session: OrderSession,
  description: string,
  condition: (state: SessionState) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new Error(`${description} did not come: ${JSON.stringify(session.getState())}`)),
      10_000,
    );
    const look = (): void => {
      if (!condition(session.getState())) return;
      clearTimeout(deadline);
      unsubscribe();
      resolve();
    };
    const unsubscribe = session.subscribe(look);
    look();
  });
}

const answer = (status: number, orderStatus: string, id = "alice"): ApiAnswer => ({
  status,
  body: { id, status: orderStatus },
});
const statusIs = (status: string) => (state: SessionState) => state.watched?.order.status === status;

describe("submit", () => {
  it("creates the order, fills the check box and asks for the status exactly once", async () => {
    const { api, session, waits } = await start((call) =>
      call.startsWith("POST") ? answer(202, "create") : answer(200, "create"),
    );
    session.follow(false);
    await session.submit("alice", "no");
    expect(api.calls()).toEqual(["POST /order alice", "GET /order/alice"]);
    expect(session.getState()).toMatchObject({ checkId: "alice", activity: "idle", following: "off" });
    expect(waits).toEqual([]);
  });

  it("then follows the order until it has finished", async () => {
    const statuses = ["create", "making", "finished"];
    const { api, session, waits, tick } = await start((call) =>
      call.startsWith("POST") ? answer(202, "create") : answer(200, statuses.shift() ?? "too often"),
    );
    await session.submit("alice", "no");
    expect(session.getState().following).toBe("running");
    await tick("making", statusIs("making"));
    await tick("the end of following", (state) => state.following === "off");
    expect(session.getState().watched?.seen).toEqual([
      { status: "create", at: 0 },
      { status: "making", at: 1000 },
      { status: "finished", at: 3000 },
    ]);
    expect(api.calls()).toEqual([
      "POST /order alice",
      ...Array.from({ length: 3 }, () => "GET /order/alice"),
    ]);
    expect(waits).toEqual([]);
  });

  it("keeps the order on show when the one status call fails, and asks again", async () => {
    let broken = true;
    const { session, tick } = await start((call) => {
      if (call.startsWith("POST")) return answer(202, "create");
      return broken ? { status: 500 } : answer(200, "finished");
    });
    await session.submit("alice", "no");
    expect(session.getState()).toMatchObject({
      checkProblem: { kind: "server" },
      watched: { order: { id: "alice" } },
    });
    broken = false;
    await tick("finished", statusIs("finished"));
    expect(session.getState().checkProblem).toBeUndefined();
  });

  it("leaves everything as it was when the order is refused", async () => {
    const refusal = { status: 400, body: { error: { code: "X", message: "no", field: "id" } } };
    const { api, session } = await start(() => refusal);
    session.editCheckId("typed before");
    await session.submit("alice", "no");
    expect(session.getState()).toMatchObject({ checkId: "typed before", activity: "idle" });
    expect(session.getState().submitProblem).toMatchObject({ kind: "invalid", field: "id" });
    expect(api.calls()).toEqual(["POST /order alice"]);
  });

  it("sends nothing twice when it is pressed twice", async () => {
    const { api, session } = await start((call) => answer(call.startsWith("POST") ? 202 : 200, "finished"));
    await Promise.all([session.submit("alice", "no"), session.submit("alice", "no"), session.check("alice")]);
    expect(api.calls()).toEqual(["POST /order alice", "GET /order/alice"]);
  });

  it("says that the order existed already", async () => {
    const { session } = await start(() => answer(200, "finished"));
    await session.submit("alice", "no");
    expect(session.getState().watched).toMatchObject({ existed: true, order: { status: "finished" } });
  });
});

describe("check", () => {
  it("asks once, and does not follow an order that has ended", async () => {
    const { api, session, waits } = await start(() => answer(200, "failed"));
    await session.check("alice");
    expect(api.calls()).toEqual(["GET /order/alice"]);
    expect(session.getState()).toMatchObject({ following: "off", watched: { order: { status: "failed" } } });
    expect(waits).toEqual([]);
  });

  it("turns from the order that was followed to the new one", async () => {
    const { api, session, waits } = await start((call) =>
      call.endsWith("bob") ? answer(200, "finished", "bob") : answer(200, "making"),
    );
    await session.check("alice");
    expect(waits).toHaveLength(1);
    await session.check("bob");
    expect(session.getState()).toMatchObject({ following: "off", watched: { order: { id: "bob" } } });
    expect(waits).toEqual([]);
    expect(api.calls()).toEqual(["GET /order/alice", "GET /order/bob"]);
  });

  it("shows no other order's status beside a problem", async () => {
    const { session } = await start((call) =>
      call.endsWith("bob") ? { status: 404 } : answer(200, "finished"),
    );
    await session.check("alice");
    await session.check("bob");
    expect(session.getState().watched).toBeUndefined();
    expect(session.getState().checkProblem).toMatchObject({ kind: "unknown-order" });
  });
});

describe("following", () => {
  it("stops and starts with its switch", async () => {
    const statuses = ["making", "finished"];
    const { api, session, waits, tick } = await start(() => answer(200, statuses.shift() ?? "too often"));
    await session.check("alice");
    session.follow(false);
    expect(session.getState().following).toBe("off");
    expect(waits).toEqual([]);
    session.follow(true);
    expect(session.getState().following).toBe("running");
    await tick("one look", statusIs("finished"));
    expect(api.calls()).toEqual(["GET /order/alice", "GET /order/alice"]);
  });

  it("says so when the limit is over", async () => {
    const { api, session, tick } = await start(() => answer(200, "making"), 500);
    await session.check("alice");
    await tick("the limit", (state) => state.following === "timed-out");
    expect(api.calls()).toEqual(["GET /order/alice"]);
  });

  it("ends when the order is gone", async () => {
    let gone = false;
    const { session, tick } = await start(() => (gone ? { status: 404 } : answer(200, "making")));
    await session.check("alice");
    gone = true;
    await tick("the end", (state) => state.following === "off");
    expect(session.getState().watched).toBeUndefined();
  });
});
