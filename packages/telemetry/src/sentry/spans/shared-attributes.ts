import { getGlobalScope } from "@sentry/core";
import { isAddressOfClient } from "../../scrubbing/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import { rememberTexts } from "../remember-texts.ts";
import type { SentryOptions } from "../types.ts";
import { AttributeGroup, AttributeText, isKnown } from "./attribute-text.ts";
import type { Surroundings } from "./surroundings.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** For what is added to a span after it was scrubbed; does nothing where the pipeline gave no scrubber. */
export type Scrubbing = Required<Pick<SentryOptions, "scrubText" | "scrubAttribute">>;

/** Names of segments are few, and each is sent with all its spans and with every call that its segments make. */
export function readScrubbing({
  scrubText,
  scrubAttribute = (_key, value) => value,
}: SentryOptions): Scrubbing {
  return { scrubText: scrubText ? rememberTexts(scrubText) : (text) => text, scrubAttribute };
}

/** What spans have in common: written once, and added to each. */
export class SharedAttributes {
  readonly scrubText: (text: string) => string;
  readonly scrubAttribute: (key: string, value: unknown) => unknown;
  /** Kept, as finding it takes longer than reading it. */
  readonly globalScope = getGlobalScope();
  readonly #client: BridgeClient;
  readonly surroundings: Surroundings;
  readonly #sdk: AttributeGroup;
  readonly #service: AttributeGroup;
  #integrations = new AttributeGroup({});
  #integrationCount = 0;

  constructor(
    client: BridgeClient,
    surroundings: Surroundings,
    options: SentryOptions,
    scrubbing: Scrubbing,
  ) {
    this.scrubText = scrubbing.scrubText;
    this.scrubAttribute = scrubbing.scrubAttribute;
    this.#client = client;
    this.surroundings = surroundings;
    this.#sdk = this.#createGroup(readSdkAttributes(client, options.serviceName));
    this.#service = this.#createGroup(options.attributes ?? {});
  }

  /** On every span: those that `attributes`, whose keys are `keys`, has not itself. */
  writeForSpan(attributes: Attributes, keys: readonly string[]): string {
    const written = new AttributeText();
    written.append(this.#sdk.writeBelow(attributes, keys));
    written.append(this.#service.writeBelow(attributes, keys));
    return written.text;
  }

  /** A span's own attributes, and below them what its scopes hold that neither it nor the bridge says itself. */
  addScoped(attributes: Attributes, scoped: Attributes, isServer: boolean): Attributes {
    const merged: Record<string, unknown> = { ...attributes };
    for (const key of Object.keys(scoped)) {
      const isOurs = key.startsWith("sentry.") || this.#sdk.has(key);
      if (isOurs || isKnown(attributes, key) || isAddressOfClient(key, isServer)) continue;
      merged[key] = this.scrubAttribute(key, scoped[key]);
    }
    return merged;
  }

  /** On every segment as well. */
  writeForSegment(attributes: Attributes, keys: readonly string[]): string {
    const written = new AttributeText();
    written.append(this.#readIntegrations().writeBelow(attributes, keys));
    written.append(this.surroundings.readMachine().writeBelow(attributes, keys));
    return written.text;
  }

  /** Integrations are added and never taken away. */
  #readIntegrations(): AttributeGroup {
    const names = this.#client.getIntegrationNames();
    if (names.length !== this.#integrationCount) {
      this.#integrationCount = names.length;
      this.#integrations = this.#createGroup({ "sentry.sdk.integrations": names });
    }
    return this.#integrations;
  }

  #createGroup(attributes: Attributes): AttributeGroup {
    const entries = Object.entries(attributes);
    return new AttributeGroup(
      Object.fromEntries(entries.map(([key, value]) => [key, this.scrubAttribute(key, value)])),
    );
  }
}

function readSdkAttributes(client: BridgeClient, serviceName: string): Attributes {
  const { release, environment } = client.getOptions();
  const sdk = client.getSdkMetadata()?.sdk;
  return {
    "sentry.trace_lifecycle": "stream",
    "sentry.sdk.name": sdk?.name,
    "sentry.sdk.version": sdk?.version,
    "sentry.release": release,
    "sentry.environment": environment ?? "production",
    "service.name": serviceName,
  };
}
