/**
 * Makes JSON schemas for kubeconform of what Kubernetes and the operators publish, for a machine that cannot reach the
 * places kubeconform loads them from:
 *
 *     node test/kubernetes/write-schemas.ts <folder> <swagger.json of Kubernetes | CRD file>...
 *
 * One file for each kind, `<group>_<kind>_<version>.json`. Like `kubeconform -strict` elsewhere, a field that the schema
 * does not know is a fault.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

type Schema = Record<string, unknown>;
interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}
interface ResourceDefinition {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
}

const [folder, ...sources] = process.argv.slice(2);
if (folder === undefined || sources.length === 0) throw new Error("name a folder and at least one source");
mkdirSync(folder, { recursive: true });
for (const source of sources) {
  const text = readFileSync(source, "utf8");
  if (source.endsWith(".json")) writeKubernetes(JSON.parse(text) as { definitions: Record<string, Schema> });
  else for (const document of parseAllDocuments(text)) writeCustom(document.toJS() as ResourceDefinition);
}

function writeKubernetes({ definitions }: { definitions: Record<string, Schema> }): void {
  const strict = mapValues(definitions, (schema, name) =>
    // A quantity such as `cpu: 1` may be written as a number, though it is described as a text.
    name.endsWith(".Quantity") ? { type: ["string", "number"] } : makeStrict(schema),
  );
  for (const [name, schema] of Object.entries(definitions)) {
    const kinds = (schema["x-kubernetes-group-version-kind"] ?? []) as GroupVersionKind[];
    for (const kind of kinds) {
      const wanted = collectReferences(strict, name);
      write(kind, { $ref: `#/definitions/${name}`, definitions: pick(strict, wanted) });
    }
  }
}

function writeCustom({ spec }: ResourceDefinition): void {
  for (const { name: version, schema } of spec.versions) {
    write({ group: spec.group, version, kind: spec.names.kind }, makeStrict(schema.openAPIV3Schema));
  }
}

function write({ group, version, kind }: GroupVersionKind, schema: Schema): void {
  // What kubeconform calls the group of the core API is its version.
  const name = `${group || version}_${kind.toLowerCase()}_${version}.json`;
  writeFileSync(join(String(folder), name), JSON.stringify(schema));
}

/** A copy that forbids unknown fields and knows of numbers that may be texts. */
function makeStrict(schema: Schema): Schema {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") {
    return { type: ["string", "integer"] };
  }
  const copy = mapValues(schema, (value, key) => {
    if (key === "properties") return mapValues(value as Record<string, Schema>, makeStrict);
    return key === "items" || key === "additionalProperties" ? makeStrictIfSchema(value) : value;
  });
  const isOpen = "additionalProperties" in schema || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return "properties" in schema && !isOpen ? { ...copy, additionalProperties: false } : copy;
}

function makeStrictIfSchema(value: unknown): unknown {
  return typeof value === "object" && value !== null ? makeStrict(value as Schema) : value;
}

/** The definition and everything it refers to. */
function collectReferences(definitions: Record<string, Schema>, name: string, found = new Set<string>()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next] of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (next !== undefined) collectReferences(definitions, next, found);
  }
  return found;
}

function pick(definitions: Record<string, Schema>, names: ReadonlySet<string>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => names.has(name)));
}

function mapValues<T, R>(object: Record<string, T>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}
