import { fieldWords } from "@tracebridge/compare/difference-words";
import type { Difference } from "@tracebridge/comparison";
import { writeValue } from "./difference-words.ts";
import type { DifferenceChoice } from "./trace-address.ts";

/** The differences that the choices leave, in their order; the rule is of the explained ones only. */
export function filterDifferences(
  differences: readonly Difference[],
  choice: DifferenceChoice,
  readName: (spanId: string | undefined) => string,
): Difference[] {
  const sought = choice.text.trim().toLowerCase();
  return differences.filter(
    (difference) =>
      isMeant(choice.verdict, difference.verdict) &&
      isMeant(choice.field, difference.field) &&
      isMeant(choice.service, difference.service) &&
      isMeant(choice.rule, difference.rule) &&
      (sought === "" || readText(difference, readName).includes(sought)),
  );
}

function isMeant(wanted: string, found: string | undefined): boolean {
  return wanted === "" || wanted === found;
}

function readText(difference: Difference, readName: (spanId: string | undefined) => string): string {
  const { field, key = "", spanId = "", service, left, right } = difference;
  return [fieldWords[field], key, spanId, service, readName(spanId), writeValue(left), writeValue(right)]
    .join(" ")
    .toLowerCase();
}

/** What can be chosen from: values that occur, in alphabetical order. */
export function readChoices(
  differences: readonly Difference[],
  read: (difference: Difference) => string | undefined,
): string[] {
  const values = differences.map(read).filter((value) => value !== undefined);
  return [...new Set(values)].toSorted();
}
