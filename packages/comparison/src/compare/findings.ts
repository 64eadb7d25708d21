import { isEqual } from "./equal.ts";
import type { Place } from "./place.ts";
import type { DifferenceField, DifferenceVerdict } from "./result.ts";
import type { Fact, Rule } from "./rules/rule.ts";
import { rules } from "./rules/table.ts";
import type { Scene } from "./scene.ts";

/** A difference before it is turned to left and right. */
export interface Finding {
  fact: Fact;
  place: Place;
  verdict: DifferenceVerdict;
  rule?: string;
}

/** Collects what differs and asks the rules about it. */
export interface Findings {
  list: Finding[];
  /** Keeps a fact where the sides differ. */
  look(fact: Fact, place: Place): void;
  /** Keeps a fact where neither side has anything though a rule demands it; what it demands stands for the rich side. */
  demand(fact: Fact, place: Place): void;
  add(finding: Finding): void;
}

export function createFindings(scene: Scene): Findings {
  const list: Finding[] = [];
  const rulesFor = createRuleFinder(scene);
  return {
    list,
    add: (finding) => void list.push(finding),
    look: (fact, place) => {
      if (isEqual(fact.rich, fact.poor)) return;
      const rule = rulesFor(fact.field, fact.key).find((candidate) => isExplained(candidate, fact, scene));
      list.push(
        rule ? { fact, place, verdict: "explained", rule: rule.id } : { fact, place, verdict: "unexplained" },
      );
    },
    demand: (fact, place) => {
      if (scene.poor.format !== "sentry") return;
      for (const rule of rulesFor(fact.field, fact.key)) {
        const demanded = rule.isRequired === true ? findDemanded(rule, fact, scene) : undefined;
        if (demanded !== undefined) {
          list.push({ fact: { ...fact, rich: demanded }, place, verdict: "unexplained" });
        }
      }
    },
  };
}

/** Looked up for every attribute of every span: the rules for a key are picked once. */
function createRuleFinder({
  rich,
  poor,
}: Scene): (field: DifferenceField, key: string | undefined) => readonly Rule[] {
  const between = rules.filter((rule) => rule.isBetween(rich.format, poor.format));
  const known = new Map<DifferenceField, Map<string | undefined, readonly Rule[]>>();
  return (field, key) => {
    const ofField = known.get(field) ?? new Map<string | undefined, readonly Rule[]>();
    known.set(field, ofField);
    const found =
      ofField.get(key) ??
      between.filter(
        (rule) =>
          rule.field === field &&
          (rule.key === undefined || rule.key === key) &&
          (rule.isAbout?.(key) ?? true),
      );
    ofField.set(key, found);
    return found;
  };
}

function isExplained(rule: Rule, fact: Fact, scene: Scene): boolean {
  if (rule.isDerived === true && fact.rich !== undefined) return false;
  const prediction = rule.predict(fact, scene);
  if (!prediction) return false;
  const actual = fact[prediction.side];
  return (
    isEqual(actual, prediction.value) || (prediction.orElse?.() ?? []).some((value) => isEqual(actual, value))
  );
}

function findDemanded(rule: Rule, fact: Fact, scene: Scene): unknown {
  const prediction = rule.predict(fact, scene);
  if (prediction?.side !== "poor" || prediction.orElse?.().includes(undefined) === true) return undefined;
  return prediction.value;
}
