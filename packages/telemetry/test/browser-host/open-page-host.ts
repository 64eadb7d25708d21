import { startReceiver } from "@tracebridge/receivers";
import type { Receiver, ReceiverOptions } from "@tracebridge/receivers";
import { onTestFinished } from "vitest";
import type { PageConfig } from "../../src/browser/page-config.ts";
import { toBoth } from "../fixture-process.ts";
import { startPeer } from "../peer-process.ts";

export const TUNNEL = "/tb/e";
export const SPANS = "/tb/t";

/** What a page finds in its head. */
export interface OpenedPage {
  /** By name, as they came. */
  readonly meta: Readonly<Record<string, string>>;
  /** `undefined` when the page has none. */
  readonly config: PageConfig | undefined;
  readonly html: string;
}

export interface PageHost {
  readonly url: string;
  readonly receiver: Receiver;
  /** What telemetry said on standard error so far. */
  readonly warnings: readonly string[];
  open(headers?: Record<string, string>): Promise<OpenedPage>;
  post(path: string, body: NonNullable<RequestInit["body"]>, init?: RequestInit): Promise<Response>;
  /** Ends it; then everything has arrived that ever will. */
  end(): Promise<number | null>;
  /** Ends it and its receiver. */
  close(): Promise<void>;
}

export interface PageHostOptions {
  readonly env?: (receiver: Receiver) => Record<string, string>;
  readonly receiver?: ReceiverOptions;
}

/** As `startPageHost`, until the end of the test. */
export async function openPageHost(options?: PageHostOptions): Promise<PageHost> {
  const host = await startPageHost(options);
  onTestFinished(() => host.close());
  return host;
}

/** Starts the `page-host.ts` fixture with telemetry for a receiver of its own. */
export async function startPageHost({ env = toBoth, ...options }: PageHostOptions = {}): Promise<PageHost> {
  const receiver = await startReceiver(options.receiver);
  const peer = await startPeer("page-host.ts", env(receiver));
  let exit: Promise<number | null> | undefined;
  const end = (): Promise<number | null> => (exit ??= peer.end());
  const url = `http://127.0.0.1:${peer.port}`;
  return {
    url,
    receiver,
    warnings: peer.warnings,
    open: async (headers = {}) => readPage(await (await fetch(url, { headers })).text()),
    post: (path, body, init = {}) => fetch(url + path, { method: "POST", body, ...init }),
    end,
    close: async () => {
      await end();
      await receiver.close();
    },
  };
}

/** An envelope as a page sends it. */
export function writeEnvelope(header: Record<string, unknown>, ...items: [object, object][]): string {
  const lines = items.flatMap((item) => item.map((part) => JSON.stringify(part)));
  return [JSON.stringify(header), ...lines].join("\n");
}

/** An error of a page. */
export function writeError(header: Record<string, unknown>, message = "it broke"): string {
  const event = {
    event_id: "0".repeat(31) + "1",
    exception: { values: [{ type: "Error", value: message }] },
  };
  return writeEnvelope({ event_id: event.event_id, ...header }, [{ type: "event" }, event]);
}

/** A request for one span, as OTLP's JSON has it. */
export function writeSpans(serviceName = "page", name = "click"): string {
  const attributes = [{ key: "service.name", value: { stringValue: serviceName } }];
  const span = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    name,
    kind: 1,
    startTimeUnixNano: "1750000000000000000",
    endTimeUnixNano: "1750000001000000000",
  };
  const scopeSpans = [{ scope: { name: "test" }, spans: [span] }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans }] });
}

export const JSON_TYPE = { headers: { "content-type": "application/json" } };

function readPage(html: string): OpenedPage {
  const metas = [...html.matchAll(/<meta name="([^"]*)" content="([^"]*)">/g)];
  const script = /<script type="application\/json" id="tracebridge">(.*?)<\/script>/s.exec(html)?.[1];
  return {
    html,
    meta: Object.fromEntries(metas.map(([, name = "", content = ""]) => [name, decodeEntities(content)])),
    config: script === undefined ? undefined : (JSON.parse(script) as PageConfig),
  };
}

function decodeEntities(text: string): string {
  const characters: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&([^;]+);/g, (whole, name: string) => characters[name] ?? whole);
}
