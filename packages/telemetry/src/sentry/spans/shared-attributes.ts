import { getGlobalScope } from "@sentry/core";
import { isAddressOfClient } from "../../scrubbing/index.ts";
import type { BridgeClient } from "../client/bridge-client.ts";
import type { SentryOptions } from "../types.ts";
import { AttributeGroup, AttributeText, isKnown, writeText } from "./attribute-text.ts";
import type { MachineAttributes } from "./machine-attributes.ts";
import type { ScopeAttributes } from "./scope-attributes.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** Few names come again and again; those that are data are not worth remembering. */
const MAX_NAMES = 500;
const MAX_NAME_LENGTH = 128;

/** What spans have in common: written once, and added to each. */
export class SharedAttributes {
  readonly scrubText: (text: string) => string;
  readonly scrubAttribute: (key: string, value: unknown) => unknown;
  /** Kept, as finding it takes longer than reading it. */
  readonly globalScope = getGlobalScope();
  readonly #client: BridgeClient;
  readonly #machine: MachineAttributes;
  readonly #sdk: AttributeGroup;
  /** What the application tells a scope goes before what it says of the service. */
  readonly #service: AttributeGroup;
  readonly #names = new Map<string, string>();
  #integrations = new AttributeGroup({});
  #integrationCount = 0;

  constructor(client: BridgeClient, machine: MachineAttributes, options: SentryOptions) {
    const { scrubText = (text) => text, scrubAttribute = (_key, value) => value } = options;
    this.scrubText = scrubText;
    this.scrubAttribute = scrubAttribute;
    this.#client = client;
    this.#machine = machine;
    this.#sdk = this.#createGroup(readSdkAttributes(client, options.serviceName));
    this.#service = this.#createGroup(options.attributes ?? {});
  }

  /** The name of a span, scrubbed and quoted. */
  writeName(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const written = writeText(this.scrubText(name));
    if (this.#names.size < MAX_NAMES && name.length <= MAX_NAME_LENGTH) this.#names.set(name, written);
    return written;
  }

  /** On every span: those that neither `attributes`, whose keys are `keys`, nor `scoped` has itself. */
  writeForSpan(attributes: Attributes, keys: readonly string[], scoped: ScopeAttributes | undefined): string {
    const written = new AttributeText();
    written.append(this.#sdk.writeBelow(attributes, keys));
    if (scoped) {
      this.#addScoped(written, attributes, scoped);
      const above = { ...attributes, ...scoped.others };
      written.append(this.#service.writeBelow(above, Object.keys(above)));
    } else {
      written.append(this.#service.writeBelow(attributes, keys));
    }
    return written.text;
  }

  /** On every segment as well. */
  writeForSegment(attributes: Attributes, keys: readonly string[]): string {
    const written = new AttributeText();
    written.append(this.#readIntegrations().writeBelow(attributes, keys));
    written.append(this.#machine.read().writeBelow(attributes, keys));
    return written.text;
  }

  #addScoped(written: AttributeText, attributes: Attributes, { user, others }: ScopeAttributes): void {
    for (const [key, value] of Object.entries({ ...others, ...user })) {
      const isOurs = key.startsWith("sentry.") || this.#sdk.has(key);
      if (isOurs || isKnown(attributes, key) || isAddressOfClient(key, false)) continue;
      written.add(key, this.scrubAttribute(key, value));
    }
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
