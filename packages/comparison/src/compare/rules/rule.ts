import type { TraceFormat } from "../../model.ts";
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
}

/** What one side must have there, for the rule to explain the fact. `undefined` as value: it must have nothing. */
export interface Prediction {
  side: "rich" | "poor";
  value: unknown;
  /**
   * The same, derived from what the predicted side itself says of the span, where the sides contradict each other
   * elsewhere: so that one contradiction is told once and not again with all that follows from it.
   */
  orElse?: unknown;
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
  /** The attributes it is about, where `field` has keys. */
  isAbout?(key: string): boolean;
  /** The formats it is about, `rich` first. */
  isBetween(rich: TraceFormat, poor: TraceFormat): boolean;
  predict(fact: Fact, scene: Scene): Prediction | undefined;
}
