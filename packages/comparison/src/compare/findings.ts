import type { Fact, Rule } from "./rules/rule.ts";
import { isEqual } from "./equal.ts";
import type { Place } from "./place.ts";
import type { Difference, DifferenceField } from "./result.ts";
import { rules } from "./rules/table.ts";
import type { Scene } from "./scene.ts";

/** A difference before it is turned to left and right. */
export interface Finding extends Fact, Place {
  verdict: Difference["verdict"];
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
  const known = new Map<string, readonly Rule[]>();
  const rulesFor = (field: DifferenceField, key: string | undefined): readonly Rule[] => {
    const name = `${field} ${key ?? ""}`;
    const found = known.get(name) ?? findRules(scene, field, key);
    known.set(name, found);
    return found;
  };
  return {
    list,
    add: (finding) => void list.push(finding),
    demand: (fact, place) => {
      if (scene.poor.format !== "sentry") return;
      for (const rule of rulesFor(fact.field, fact.key)) {
        const prediction = rule.isRequired === true ? rule.predict(fact, scene) : undefined;
        if (prediction?.side !== "poor" || prediction.value === undefined) continue;
        if (prediction.orElse?.().includes(undefined) === true) continue;
        list.push({ ...fact, ...place, rich: prediction.value, verdict: "unexplained" });
      }
    },
    look: (fact, place) => {
      if (isEqual(fact.rich, fact.poor)) return;
      const rule = rulesFor(fact.field, fact.key).find((candidate) => isExplained(candidate, fact, scene));
      list.push({
        ...fact,
        ...place,
        verdict: rule ? "explained" : "unexplained",
        ...(rule ? { rule: rule.id } : {}),
      });
    },
  };
}

function findRules(scene: Scene, field: DifferenceField, key: string | undefined): readonly Rule[] {
  return rules.filter(
    (rule) =>
      rule.field === field &&
      rule.isBetween(scene.rich.format, scene.poor.format) &&
      (rule.key === undefined || rule.key === key) &&
      (rule.isAbout?.(key) ?? true),
  );
}

function isExplained(rule: Rule, fact: Fact, scene: Scene): boolean {
  const prediction = rule.predict(fact, scene);
  if (!prediction) return false;
  const actual = fact[prediction.side];
  return (
    isEqual(actual, prediction.value) || (prediction.orElse?.() ?? []).some((value) => isEqual(actual, value))
  );
}
