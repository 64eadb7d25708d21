import { hostname, networkInterfaces } from "node:os";
import { ConfigError } from "../config-error.ts";
import type { Destination } from "./destination.ts";
import { createOtlpDestination } from "./otlp-destination.ts";
import { createSentryDestination } from "./sentry-destination.ts";

/** Where compare itself listens. */
interface OwnAddress {
  host: string;
  port: number;
}

const example = "for example https://otlp.example.com";

/** @throws ConfigError that names the variable and holds no secret */
export function readForwardConfig(env: NodeJS.ProcessEnv, own: OwnAddress): Destination[] {
  const destinations: Destination[] = [];
  const dsn = env["COMPARE_FORWARD_SENTRY_DSN"];
  if (dsn) {
    refuseOwnAddress("COMPARE_FORWARD_SENTRY_DSN", URL.parse(dsn), own);
    try {
      destinations.push(createSentryDestination(dsn));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`COMPARE_FORWARD_SENTRY_DSN cannot be used: ${reason}.`);
    }
  }
  const headers = readHeaders(env["COMPARE_FORWARD_OTLP_HEADERS"]);
  const endpoint = env["COMPARE_FORWARD_OTLP_ENDPOINT"];
  if (endpoint) {
    const url = URL.parse(endpoint);
    if (
      !url ||
      !["http:", "https:"].includes(url.protocol) ||
      url.search ||
      url.hash ||
      url.username ||
      url.password
    ) {
      throw new ConfigError(
        `COMPARE_FORWARD_OTLP_ENDPOINT cannot be used: give an http or https address, ${example}, with neither user nor ` +
          "query; /v1/traces and /v1/logs are added to it, and what it asks for goes into COMPARE_FORWARD_OTLP_HEADERS.",
      );
    }
    refuseOwnAddress("COMPARE_FORWARD_OTLP_ENDPOINT", url, own);
    destinations.push(createOtlpDestination(url, headers));
  } else if (Object.keys(headers).length > 0) {
    throw new ConfigError(
      `COMPARE_FORWARD_OTLP_HEADERS is for nobody: set COMPARE_FORWARD_OTLP_ENDPOINT too, ${example}.`,
    );
  }
  return destinations;
}

/** `key=value` pairs with commas between, percent-encoded, as in OTEL_EXPORTER_OTLP_HEADERS. */
function readHeaders(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").filter((pair) => pair.trim() !== "");
  try {
    // `Headers` throws for what is no header.
    return Object.fromEntries(new Headers(pairs.map(readPair)));
  } catch {
    throw new ConfigError(
      "COMPARE_FORWARD_OTLP_HEADERS cannot be used: write name=value, several with commas between them, and special " +
        "characters percent-encoded.",
    );
  }
}

function readPair(pair: string): [string, string] {
  const [, name = "", value = ""] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  return [name.trim(), decodeURIComponent(value.trim())];
}

function refuseOwnAddress(variable: string, url: URL | null, { host, port }: OwnAddress): void {
  if (!url || port === 0 || Number(url.port || (url.protocol === "https:" ? 443 : 80)) !== port) return;
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  const isOwn =
    ["localhost", "0.0.0.0", "::", "::1", host, hostname(), ...addresses].includes(name) ||
    name.startsWith("127.");
  if (isOwn)
    throw new ConfigError(`${variable} is compare's own address: name the back end that is to receive.`);
}
