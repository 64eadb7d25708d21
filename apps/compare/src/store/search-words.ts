import type { AttributeValue } from "@tracebridge/comparison";
import { hashText } from "./hash.ts";
import type { StoredItem } from "./item.ts";

/** Hashes of an attribute's key and of one of its values. */
export interface SearchWord {
  key: number;
  value: number;
}

/** What a trace must have to be found: this value, of this attribute where one is named. */
export interface SearchTerm {
  key?: number;
  value: number;
}

/** Longer values cannot be searched for: they are no ids. */
const maxValueLength = 200;
const maxWordsOfItem = 200;
const maxTerms = 8;

/** Every attribute of an item, of its resource too; and its name, its service and that it failed. */
export function readSearchWords(item: StoredItem): SearchWord[] {
  const words: SearchWord[] = [];
  const add = (key: string, value: AttributeValue | undefined): void => {
    if (words.length >= maxWordsOfItem || value === undefined || value === null) return;
    if (Array.isArray(value)) for (const entry of value as AttributeValue[]) add(key, entry);
    else {
      const text = readText(value);
      if (text !== "" && text.length <= maxValueLength) {
        words.push({ key: hashText(key), value: hashText(text) });
      }
    }
  };
  add("service", item.value.service);
  if (item.kind === "error") add("name", item.value.title);
  if (item.kind === "span") {
    add("name", item.value.name);
    if (item.value.status === "error") add("status", "error");
    for (const [key, value] of Object.entries(item.value.resource)) add(key, value);
  }
  const attributes = item.kind === "error" ? item.value.tags : item.value.attributes;
  for (const [key, value] of Object.entries(attributes)) add(key, value);
  return words;
}

/**
 * The ways to read a query: as one value; as `key=value`; as several of either, with quotes around what has spaces. A
 * trace is found when all terms of one of the ways are in it.
 */
export function readQuery(query: string): SearchTerm[][] {
  const parts = query.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const whole = readTerms(query);
  if (parts.length < 2 && !query.includes('"')) return whole.map((term) => [term]);
  const terms = parts.slice(0, maxTerms).map((part) => readTerms(part.replaceAll('"', "")));
  // A part with `=` in it may be a value as well as key and value: 2 ways each, so all its ways are tried together.
  const ways = terms.reduce<SearchTerm[][]>(
    (ways, choices) => ways.flatMap((way) => choices.map((choice) => [...way, choice])),
    [[]],
  );
  return [...whole.map((term) => [term]), ...ways];
}

function readTerms(text: string): SearchTerm[] {
  const terms: SearchTerm[] = [{ value: hashText(text) }];
  const equals = text.indexOf("=");
  if (equals > 0) {
    terms.push({
      key: hashText(text.slice(0, equals).trim()),
      value: hashText(text.slice(equals + 1).trim()),
    });
  }
  return terms;
}

/** A value as people write it; an integer beyond a number's reach by its digits. */
function readText(value: AttributeValue): string {
  if (typeof value === "object") {
    const integer = value !== null && "intValue" in value ? value["intValue"] : undefined;
    return typeof integer === "string" ? integer : "";
  }
  return String(value);
}
