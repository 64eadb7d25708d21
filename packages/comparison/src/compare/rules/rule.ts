import type { TraceFormat, TraceLog } from "../../model.ts";
import type { DifferenceField } from "../result.ts";
import type { Scene, SpanPair } from "../scene.ts";

/** A place where both sides were looked at, and are not the same. */
export interface Fact {
  field: DifferenceField;
  key?: string;
  rich: unknown;
  poor: unknown;
  /** The span as both sides have it, for facts about one. */
  pair?: SpanPair;
  /** The log as both sides have it, for facts about one. */
  logs?: { rich: TraceLog; poor: TraceLog };
  /** The log that only the rich side has. */
  log?: TraceLog;
}

/** What one side must have there, for the rule to explain the fact. `undefined` as value: it must have nothing. */
export interface Prediction {
  side: "rich" | "poor";
  value: unknown;
  /**
   * The same, derived from what the predicted side itself says of the span, where the sides contradict each other
   * elsewhere: so that one contradiction is told once and not again with all that follows from it.
   */
  orElse?: () => readonly unknown[];
}

/** Why two formats differ in one place. Without a prediction it has nothing to say of a fact. */
export interface Rule {
  id: string;
  title: string;
  /** Why it is so. */
  reason: string;
  /** Where that is written down. */
  source: string;
  field: DifferenceField;
  /** The one key it is about. */
  key?: string;
  /** The keys it is about, `undefined` for a fact without one. With neither this nor `key` it is about all. */
  isAbout?: (key: string | undefined) => boolean;
  /** It is about what the rich side has not: where that has a value of its own, the two must be the same. */
  isDerived?: boolean;
  /** What it predicts must be there: it is missed where neither side has anything. Streamed spans of Sentry only. */
  isRequired?: boolean;
  /** The formats it is about, `rich` first. */
  isBetween: (rich: TraceFormat, poor: TraceFormat) => boolean;
  predict: (fact: Fact, scene: Scene) => Prediction | undefined;
}
