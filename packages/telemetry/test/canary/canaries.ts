import { createOpaque, secretKinds, secretNames } from "./secret-kinds.ts";
import type { WrittenSecret } from "./secret-kinds.ts";

/** The two ways out; a place is a list of those that get it. */
export type Way = "Sentry" | "OTLP";

/** A secret that must not leave, beside a harmless marker that must. */
export interface Canary extends WrittenSecret {
  readonly kind: string;
  readonly place: string;
  readonly marker: string;
  /** Where the marker must arrive. */
  readonly ways: readonly Way[];
}

const both: readonly Way[] = ["Sentry", "OTLP"];
const sentry: readonly Way[] = ["Sentry"];
const otlp: readonly Way[] = ["OTLP"];

/** Where a text can be put. */
const textPlaces = {
  "span name": both,
  "segment name": both,
  "span attribute": both,
  "attribute with a list": both,
  "key of an attribute": both,
  "span event name": otlp,
  "span event attribute": otlp,
  "link attribute": both,
  "status message": both,
  "recorded exception": both,
  "captured error": both,
  "name of an error": both,
  "cause of an error": sentry,
  "extra of a captured error": both,
  "tag of a captured error": both,
  "context of a captured error": both,
  "log message": both,
  "log attribute": both,
  "nested log attribute": both,
  "logged error": both,
  "name of a logged event": otlp,
  "severity of a log": otlp,
  "breadcrumb message": both,
  "breadcrumb data": both,
  "captured message": both,
  tag: sentry,
  extra: sentry,
  context: sentry,
  fingerprint: sentry,
  "transaction name": sentry,
  attachment: sentry,
  "name of an attachment": sentry,
  "name of the user": sentry,
  "scope attribute": sentry,
  "attribute from beforeSendSpan": sentry,
  "resource attribute": otlp,
} as const;

/** Where a value can be put under a name. */
const namedPlaces = {
  "span attribute": both,
  "span event attribute": otlp,
  "link attribute": both,
  "log attribute": both,
  "nested log attribute": both,
  "breadcrumb data": both,
  "extra of a captured error": both,
  tag: sentry,
  extra: sentry,
  context: sentry,
  "scope attribute": sentry,
  "resource attribute": otlp,
} as const;

/** Secrets without a form, in what libraries see: the marker stands in what they may tell of it. */
const trafficPlaces = {
  "query of a request": both,
  "query of a fetch": both,
  "query of an http request": both,
  "credentials of an http request": both,
  "header of a request": both,
  "authorization of a request": both,
  "cookie of a request": both,
  "cookie of a response": both,
  "body of a request": both,
  "logged headers": both,
  "logged body": both,
  "baggage of others": both,
  "header of a message": both,
  "body of a message": both,
  "filter of a find": both,
  "inserted document": both,
  "key of a document": both,
  "regular expression": both,
  "pipeline of an aggregation": both,
  $where: both,
  update: both,
  "duplicate key": both,
  "e-mail of the user": sentry,
  "source line of a stack frame": sentry,
} as const;

export type TextPlace = keyof typeof textPlaces;
export type NamedPlace = keyof typeof namedPlaces;
export type TrafficPlace = keyof typeof trafficPlaces;

export const kinds: readonly string[] = Object.keys(secretKinds);

const createMarker = (kind: string, place: string): string =>
  `ok_${`${kind}_${place}`.toLowerCase().replaceAll(/[^a-z]+/g, "_")}_ok`;

/** `text` holds the marker and the secret. */
export function plantText(kind: string, place: TextPlace): Canary {
  const written = secretKinds[kind]?.(`${kind} ${place}`);
  if (!written) throw new Error(`no kind of secret: ${kind}`);
  const marker = createMarker(kind, place);
  return {
    kind,
    place,
    marker,
    secrets: written.secrets,
    text: `${marker} ${written.text}`,
    ways: textPlaces[place],
  };
}

/** `record` holds the secret under the name, and the marker under another. */
export function plantNamed(name: string, place: NamedPlace): Canary & { record: Record<string, string> } {
  const kind = `under ${name}`;
  const marker = createMarker(kind, place);
  const secret = createOpaque(`${kind} ${place}`);
  const record = { [name]: secret, beside: marker };
  return { kind, place, marker, secrets: [secret], text: secret, ways: namedPlaces[place], record };
}

/** `text` is the secret alone; the marker has its own place. */
export function plantTraffic(place: TrafficPlace): Canary {
  const secret = createOpaque(place);
  const marker = createMarker("in", place);
  return {
    kind: "without a form",
    place,
    marker,
    secrets: [secret],
    text: secret,
    ways: trafficPlaces[place],
  };
}

export function listCanaries(): readonly Canary[] {
  const texts = Object.keys(textPlaces) as TextPlace[];
  const named = Object.keys(namedPlaces) as NamedPlace[];
  const traffic = Object.keys(trafficPlaces) as TrafficPlace[];
  return [
    ...kinds.flatMap((kind) => texts.map((place) => plantText(kind, place))),
    ...secretNames.flatMap((name) => named.map((place) => plantNamed(name, place))),
    ...traffic.map(plantTraffic),
  ];
}
