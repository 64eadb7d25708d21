import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  drawTrace,
  findSpans,
  findTrace,
  type BackEnd,
  type ExpectedSpan,
  type ReceivedSpan,
} from "@tracebridge/telemetry/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import "../trace-matchers.ts";
import { buildPageInto } from "../../apps/page/test/built-page.ts";
import { startMailServer, type MailServer } from "../../packages/embedded/src/index.ts";
import { launchChromium, openPage } from "../chromium.ts";
import { resetTree } from "./expected-trees.ts";
import { startOrderStack, type OrderStack } from "./order-stack.ts";

const patience = { timeout: 30_000, interval: 100 };
/** What a browser reports of the load of a page, and of how it felt: as it comes. */
const aboutThePage =
  /document fetch|\/assets\/|\/favicon|Largest contentful paint|Layout shift|internal Click$/;

describe("a journey that begins in the browser", () => {
  let folder: string;
  let mailServer: MailServer;
  let stack: OrderStack;
  let browser: Browser;
  /** Of everything that arrived, unpacked. */
  const bodies: Buffer[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "journey-page-"));
    await buildPageInto(folder);
    mailServer = await startMailServer();
    const keep = (_arrived: unknown, _request: unknown, body: Uint8Array): void =>
      void bodies.push(Buffer.from(body));
    stack = await startOrderStack({
      smtpUrl: mailServer.smtpUrl,
      instances: { mailer: 1 },
      env: { PAGE_DIR: folder, RESETS_PER_ADDRESS: "1000" },
      receiver: { onEnvelope: keep, onOtlpTraces: keep, onOtlpLogs: keep },
    });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await mailServer?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (path: string) => openPage(browser, `${stack.urls.web}${path}`);
  const find = (where: ExpectedSpan & { in?: BackEnd }): ReceivedSpan[] => findSpans(stack.receiver, where);
  const findIn = (traceId: string, name: string): ReceivedSpan[] => find({ traceId, name, in: "otlp" });
  const drawJourney = (traceId: string, backEnd: BackEnd): string =>
    drawTrace(stack.receiver, traceId, { in: backEnd })
      .split("\n")
      .filter((line) => !aboutThePage.test(line))
      .join("\n");

  /** The names from the first span of a trace to the `process web` that is furthest from it. */
  function readLongestPath(traceId: string, backEnd: BackEnd): string[] {
    const spans = new Map(find({ traceId, in: backEnd }).map((span) => [span.spanId, span]));
    const pathTo = ({ name, parentSpanId = "" }: ReceivedSpan): string[] => {
      const parent = spans.get(parentSpanId);
      // Instrumentations name a handler with its route.
      return [...(parent ? pathTo(parent) : []), name.replace(/^request handler - .*/, "request handler")];
    };
    const paths = [...spans.values()].filter(({ name }) => name === "process web").map(pathTo);
    return paths.toSorted((a, b) => b.length - a.length)[0] ?? [];
  }

  /** The trace of the only span with this name and these attributes. */
  async function waitForTraceOf(where: ExpectedSpan): Promise<string> {
    return vi.waitFor(() => {
      const [span] = find({ ...where, in: "otlp" });
      if (!span) throw new Error(`no span ${JSON.stringify(where)} has arrived`);
      return span.traceId;
    }, patience);
  }

  /** Both back ends have the whole trace, and tell the same. */
  async function expectTheSame(traceId: string, treeAt: Record<BackEnd, string>): Promise<void> {
    await vi.waitFor(() => {
      for (const backEnd of ["otlp", "sentry"] as const) {
        expect(drawJourney(traceId, backEnd)).toBe(treeAt[backEnd]);
      }
      expect(findTrace(stack.receiver, traceId)).toMatchAcrossBackends();
    }, patience);
  }

  it("a password is asked for: from the server's page to the SMTP server it is one trace at both back ends", async () => {
    const { page, problems } = await open("/reset-password");
    await page.getByLabel(/e-?mail/i).fill("alice@example.com");
    await page.getByRole("button", { name: /send/i }).click();
    const traceId = await waitForTraceOf({ name: "smtp send" });
    await page.close();
    const tree = (server: <Route extends string>(route: Route) => Route | "request handler"): string =>
      [
        "web: server GET /reset-password",
        `  web: internal ${server("/reset-password")}`,
        "    page: internal /reset-password",
        "      page: client GET /config.json",
        "        web: server GET /config.json",
        `          web: internal ${server("/config.json")}`,
        "      page: internal click button#send-email",
        "        page: internal submit form#email-form",
        "          page: internal handleSubmit",
        "            page: client POST /users/reset-password",
        indent(resetTree(server("/users/reset-password")), 14),
      ].join("\n");
    await expectTheSame(traceId, { otlp: tree(() => "request handler"), sentry: tree((route) => route) });
    // The files of the page are spans of its load, and no traces of their own.
    expect(findIn(traceId, "document fetch")).toHaveLength(1);
    expect(find({ kind: "server" }).filter(({ name }) => /^GET(?: \/assets.*)?$/.test(name))).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("an order: from the server's page to the last status it is one trace, with the order's id from the click on", async () => {
    const { page, problems } = await open("/");
    const id = await page
      .getByLabel(/order id/i)
      .first()
      .inputValue();
    await page.getByRole("button", { name: /submit/i }).click();
    await page.getByText("finished", { exact: true }).first().waitFor();
    const traceId = await waitForTraceOf({ name: "POST /order", kind: "client" });
    await page.close();
    const path = (server: (route: string) => string): string[] =>
      ["GET /", server("/"), "/", "click button#submit-order", "submit form#order", "handleSubmit"].concat(
        ["POST /order", "POST /order", server("/order"), "send order", "process order", "send factory"],
        ["process factory", "send order", "process order", "send web", "process web"],
      );
    await vi.waitFor(() => {
      expect(readLongestPath(traceId, "otlp")).toEqual(path(() => "request handler"));
      expect(readLongestPath(traceId, "sentry")).toEqual(path((route) => route));
      expect(findTrace(stack.receiver, traceId)).toMatchAcrossBackends();
    }, patience);
    const [call] = find({ traceId, name: "POST /order", kind: "client", in: "sentry" });
    expect(call?.attributes).toMatchObject({
      orderId: id,
      "sentry.op": "http.client",
      "http.response.status_code": 202,
    });
    expect(problems).toEqual([]);
  });

  it("another page of the same application is another trace, and what is done there is in that one", async () => {
    const { page } = await open("/");
    await page
      .getByRole("link", { name: /password/i })
      .first()
      .click();
    await page.getByLabel(/e-?mail/i).fill("nobody-here@example.com");
    await page.getByRole("button", { name: /send/i }).click();
    await page.getByText(/email sent/i).waitFor();
    await page.close();
    const navigated = await vi.waitFor(() => {
      const found = find({ name: "/reset-password", in: "otlp" }).find(
        ({ attributes }) => attributes["sentry.op"] === "navigation",
      );
      if (!found) throw new Error("no span of the navigation has arrived");
      return found;
    }, patience);
    expect(navigated.parentSpanId).toBeUndefined();
    await vi.waitFor(() => {
      const [call] = findIn(navigated.traceId, "POST /users/reset-password");
      expect(call).toBeDefined();
      expect(findIn(navigated.traceId, "handleSubmit")).toHaveLength(1);
      expect(find({ traceId: navigated.traceId, name: "GET /" })).toEqual([]);
      expect(findTrace(stack.receiver, navigated.traceId)).toMatchAcrossBackends();
    }, patience);
  });

  it("an order is followed in its own trace, also when another page is shown by then", async () => {
    const { page } = await open("/");
    const asked = page.waitForResponse(/\/order\/[^/]+$/);
    await page.getByRole("button", { name: /submit/i }).click();
    const id = new URL((await asked).url()).pathname.slice("/order/".length);
    const followed = page.waitForRequest(/\/order\/[^/]+$/);
    await page
      .getByRole("link", { name: /password/i })
      .first()
      .click();
    const headers = await (await followed).allHeaders();
    await page.close();
    const traceId = headers["traceparent"]?.split("-")[1] ?? "";
    const [placed] = await vi.waitFor(() => {
      const found = find({ name: "POST /order", kind: "client", attributes: { orderId: id }, in: "otlp" });
      expect(found).toHaveLength(1);
      return found;
    }, patience);
    expect(placed?.traceId).toBe(traceId);
  });

  it("a page that is closed right after the click loses nothing of what had happened", async () => {
    const { page } = await open("/reset-password");
    const before = mailServer.mails().length;
    await page.getByLabel(/e-?mail/i).fill("bob@example.com");
    const sent = page.waitForRequest(/\/users\/reset-password$/);
    await page.getByRole("button", { name: /send/i }).click({ noWaitAfter: true });
    const headers = await (await sent).allHeaders();
    await page.close();
    const traceId = headers["traceparent"]?.split("-")[1] ?? "";
    expect(headers["sentry-trace"]).toContain(traceId);
    await vi.waitFor(() => {
      expect(mailServer.mails().length).toBe(before + 1);
      for (const backEnd of ["otlp", "sentry"] as const) {
        const names = find({ traceId, in: backEnd }).map(({ name }) => name);
        expect(names).toEqual(
          expect.arrayContaining([
            "/reset-password",
            "click button#send-email",
            "submit form#email-form",
            "handleSubmit",
            "POST /users/reset-password",
            "smtp send",
          ]),
        );
      }
    }, patience);
  });

  it("the link of a mail sets a new password, and its token is in nothing that was sent or logged", async () => {
    const [mail] = mailServer.mails();
    const [link = "", token = ""] = /https?:\S+\/reset-password#token=([\w-]+)/.exec(mail?.text ?? "") ?? [];
    expect(token).toMatch(/^[\w-]{43}$/);
    const { page, problems } = await open(link.slice(new URL(link).origin.length));
    await page
      .getByLabel(/new password/i)
      .first()
      .fill("correct horse battery staple");
    await page.locator("button[type=submit]").click();
    await vi.waitFor(
      () => expect(find({ name: "POST /users/reset-password/complete", kind: "client" })).not.toEqual([]),
      patience,
    );
    await page.close();
    await waitForTraceOf({ name: "POST /users/reset-password/complete", kind: "server" });
    const told = [...bodies.map(String), ...[...stack.output.values()].flat()];
    for (const secret of [token, "correct horse", "alice@example.com", "bob@example.com"]) {
      expect(told.filter((text) => text.includes(secret))).toEqual([]);
    }
    expect(problems).toEqual([]);
  });

  it("works as ever for those whose browser blocks telemetry", async () => {
    const page = await browser.newPage();
    await page.route("**/tb/**", (route) => route.abort("blockedbyclient"));
    const thrown: string[] = [];
    page.on("pageerror", (error) => thrown.push(error.message));
    await page.goto(`${stack.urls.web}/`);
    await page.getByRole("button", { name: /submit/i }).click();
    await page.getByText("finished", { exact: true }).first().waitFor();
    await page.close();
    expect(thrown).toEqual([]);
  });
});

function indent(tree: string, by: number): string {
  return tree.replaceAll(/^/gm, " ".repeat(by));
}
