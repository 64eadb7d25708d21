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
  /** Tells of a fact: nothing is kept when both sides are equal and no rule asks for more. */
  look(fact: Fact, place: Place): void;
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
      (rule.isAbout === undefined || (key !== undefined && rule.isAbout(key))),
  );
}

function isExplained(rule: Rule, fact: Fact, scene: Scene): boolean {
  const prediction = rule.predict(fact, scene);
  if (!prediction) return false;
  const actual = fact[prediction.side];
  return isEqual(actual, prediction.value) || ("orElse" in prediction && isEqual(actual, prediction.orElse));
}
