import http from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SpanKind, context, trace } from "@opentelemetry/api";
import * as Sentry from "@sentry/node";
import type { Scope } from "@sentry/node";
import type { SentryEvent } from "@tracebridge/receivers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestBridge } from "./start-test-bridge.ts";
import type { TestBridge } from "./start-test-bridge.ts";

let started: TestBridge;
const servers: Server[] = [];

beforeAll(async () => {
  started = await startTestBridge({ sentry: { sessions: true } });
});

afterAll(async () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await started.close();
});

beforeEach(() => started.receiver.reset());

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
): Promise<string> {
  const server = http.createServer((request, response) => {
    void Promise.resolve(answer(request, response)).finally(() => response.end());
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** As a client of another process: without a breadcrumb. */
function ask(url: string): Promise<string> {
  return Sentry.suppressTracing(() => send(url));
}

async function send(url: string): Promise<string> {
  const answer = await fetch(url);
  return answer.text();
}

async function readEvents(): Promise<Map<string, SentryEvent>> {
  await started.bridge.forceFlush(5_000);
  const { events } = started.receiver.sentry;
  return new Map(events.map((event) => [event.exceptions[0]?.value ?? "", event]));
}

function readUrls(event: SentryEvent | undefined): unknown[] | undefined {
  return event?.breadcrumbs.map(
    ({ data, message }) => message ?? (data as { url?: string } | undefined)?.url,
  );
}

test("a request that touches no scope leaves no trace in another, nor outside of all", async () => {
  const leaf = await serve(() => {});
  const front = await serve(async ({ url = "" }) => {
    await send(`${leaf}${url}`);
    if (url.startsWith("/loud")) Sentry.captureException(new Error(url));
  });
  const paths = Array.from({ length: 10 }, (_, index) => [`/quiet-${index}`, `/loud-${index}`]).flat();
  await Promise.all(paths.map((path) => ask(front + path)));
  Sentry.captureException(new Error("outside"));
  const events = await readEvents();
  expect(events.size).toBe(11);
  for (const path of paths.filter((name) => name.startsWith("/loud"))) {
    expect(readUrls(events.get(path))).toEqual([leaf + path]);
    expect(events.get(path)?.raw).toMatchObject({
      request: { url: front + path },
      transaction: `GET ${path}`,
    });
  }
  expect(events.get("outside")?.breadcrumbs).toEqual([]);
  expect(events.get("outside")?.raw["request"]).toBeUndefined();
});

/** Sentry's code for feature flags changes the list itself. */
const flags: { flag: string; result: boolean }[] = [];

/** Each as it is told to the process, and how an event shows it. Some of them Sentry's scopes tell no listener of. */
const CHANGES: readonly (readonly [string, (scope: Scope) => unknown, (event: SentryEvent) => unknown])[] = [
  ["a tag", (scope) => scope.setTag("late", "yes"), ({ tags }) => tags["late"]],
  ["an extra", (scope) => scope.setExtra("late", "yes"), ({ raw }) => readField(raw["extra"], "late")],
  ["a user", (scope) => scope.setUser({ id: "late" }), ({ raw }) => readField(raw["user"], "id")],
  ["a context", (scope) => scope.setContext("late", { yes: true }), ({ contexts }) => contexts["late"]],
  ["a level", (scope) => scope.setLevel("warning"), ({ level }) => (level === "warning" ? level : undefined)],
  ["a fingerprint", (scope) => scope.setFingerprint(["late"]), ({ raw }) => findLate(raw["fingerprint"])],
  ["a breadcrumb", (scope) => scope.addBreadcrumb({ message: "late" }), (event) => findLate(readUrls(event))],
  ["an update", (scope) => scope.update({ tags: { updated: "yes" } }), ({ tags }) => tags["updated"]],
  [
    "an event processor",
    (scope) => scope.addEventProcessor((event) => ({ ...event, tags: { ...event.tags, processed: "yes" } })),
    ({ tags }) => tags["processed"],
  ],
  [
    "a feature flag",
    (scope) => {
      flags.splice(0, flags.length, { flag: "late", result: true });
      scope.getScopeData().contexts["flags"] = { values: flags };
    },
    ({ contexts }) => contexts["flags"],
  ],
  [
    "a flag among others",
    () => flags.push({ flag: "2", result: true }),
    ({ contexts }) => findLate(readField(contexts["flags"], "values"), "2"),
  ],
];

function readField(record: unknown, key: string): unknown {
  return (record as Record<string, unknown> | undefined)?.[key];
}

function findLate(list: unknown, text = "late"): unknown {
  return JSON.stringify(list)?.includes(text) ? text : undefined;
}

test.each(["isolation", "current"] as const)(
  "what the process's %s scope is told after a request began is on later requests' errors, not on that one's",
  async (kind) => {
    const waiting = new Map<string, () => void>();
    const front = await serve(async ({ url = "" }) => {
      await new Promise<void>((resolve) => {
        waiting.set(url, resolve);
      });
      Sentry.captureException(new Error(url));
    });
    const begin = async (path: string): Promise<() => Promise<unknown>> => {
      const answer = ask(front + path);
      await expect.poll(() => waiting.has(path)).toBe(true);
      return () => {
        waiting.get(path)?.();
        return answer;
      };
    };
    const scope = kind === "current" ? Sentry.getCurrentScope() : Sentry.getIsolationScope();
    for (const [index, [, change]] of CHANGES.entries()) {
      const finish = await begin(`/before-${index}`);
      change(scope);
      await finish();
      await (
        await begin(`/after-${index}`)
      )();
    }
    scope.setContext("late", null);
    await (
      await begin("/removed")
    )();
    const events = await readEvents();
    for (const [index, [name, , read]] of CHANGES.entries()) {
      const [before, after] = [events.get(`/before-${index}`), events.get(`/after-${index}`)];
      expect(before && read(before), name).toBeUndefined();
      expect(after && read(after), name).toBeDefined();
    }
    expect(events.get("/removed")?.contexts["late"]).toBeUndefined();
    clear(scope);
  },
);

/** What the tests above told the process. */
function clear(scope: Scope): void {
  scope.clearBreadcrumbs().setUser({}).setFingerprint([]).setContext("flags", null);
  scope.setTags({ late: undefined, updated: undefined }).setExtra("late", undefined);
  scope.getScopeData().eventProcessors.length = 0;
  delete scope.getScopeData().tags["late"];
  delete scope.getScopeData().tags["updated"];
  scope.setLevel("error");
}

test.each([5, 60])(
  "%i breadcrumbs of requests and the application's own are in order, each with its time",
  async (count) => {
    const leaf = await serve(() => {});
    const times: number[] = [];
    const front = await serve(async () => {
      for (let index = 0; index < count; index += 1) {
        await send(`${leaf}/${index}`);
        times.push(Date.now() / 1_000);
        await expect.poll(() => Date.now() / 1_000, { interval: 1 }).toBeGreaterThan(times[index] ?? 0);
      }
      Sentry.addBreadcrumb({ message: "own" });
      await send(`${leaf}/last`);
      Sentry.captureException(new Error("full"));
    });
    await ask(front);
    const event = (await readEvents()).get("full");
    const addresses = Array.from({ length: count }, (_, index) => `${leaf}/${index}`);
    const kept = Sentry.getClient()?.getOptions().maxBreadcrumbs ?? 100;
    expect(readUrls(event)).toEqual([...addresses, "own", `${leaf}/last`].slice(-kept));
    const first = Math.max(count + 2 - kept, 0);
    for (const [index, time] of times.slice(first).entries()) {
      expect(event?.breadcrumbs[index]?.["timestamp"]).toBeLessThanOrEqual(time);
      expect(event?.breadcrumbs[index]?.["timestamp"]).toBeGreaterThan(times[first + index - 1] ?? 0);
    }
  },
);

test("a hook for breadcrumbs is called when each is left, even where no error follows", async () => {
  const leaf = await serve(() => {});
  const seen: unknown[] = [];
  const stop = Sentry.getClient()?.on("beforeAddBreadcrumb", ({ data }) => seen.push(data?.["url"]));
  const front = await serve(async () => {
    await send(`${leaf}/seen`);
  });
  await ask(front);
  stop?.();
  expect(seen).toEqual([`${leaf}/seen`]);
});

test("spans carry what their own request's scopes were told, and nothing of another's", async () => {
  const front = await serve(async ({ url = "" }) => {
    const span = started.tracer().startSpan(url, { kind: SpanKind.SERVER });
    await context.with(trace.setSpan(context.active(), span), async () => {
      if (url.startsWith("/told")) {
        Sentry.getIsolationScope().setAttribute("app.isolation", url);
        Sentry.getCurrentScope().setAttribute("app.current", url);
        Sentry.setUser({ id: url });
      }
      await new Promise(setImmediate);
    });
    span.end();
  });
  const paths = Array.from({ length: 10 }, (_, index) => [`/quiet-${index}`, `/told-${index}`]).flat();
  await Promise.all(paths.map((path) => ask(front + path)));
  await started.bridge.forceFlush(5_000);
  const spans = new Map(started.receiver.sentry.spans.map((span) => [span.name, span.attributes]));
  for (const path of paths) {
    const told = path.startsWith("/told") ? path : undefined;
    const attributes = spans.get(path);
    expect(attributes).toMatchObject({ "url.full": front + path, "sentry.is_localhost": true });
    const keys = ["app.isolation", "app.current", "user.id"];
    expect(keys.map((key) => attributes?.[key])).toEqual([told, told, told]);
  }
});

test("a segment's scope holds what its request's held when it began", async () => {
  const front = await serve(() => {
    const first = started.tracer().startSpan("first");
    Sentry.getCurrentScope().setTag("step", "1");
    const second = started.tracer().startSpan("second");
    Sentry.getCurrentScope().setTag("step", "2");
    for (const span of [first, second]) {
      context.with(trace.setSpan(context.active(), span), () => Sentry.captureException(new Error("in it")));
      span.end();
    }
  });
  await ask(front);
  await started.bridge.forceFlush(5_000);
  expect(started.receiver.sentry.events.map(({ tags }) => tags["step"])).toEqual([undefined, "1"]);
});
