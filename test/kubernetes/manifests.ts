import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";

/** As much of a Kubernetes object as the tests look at. */
export interface Manifest {
  file: string;
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Labels };
  spec: Record<string, unknown>;
}

export type Labels = Readonly<Record<string, string>>;

export interface EnvVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: { name: string; key: string }; fieldRef?: unknown };
}

interface Probe {
  httpGet: { path: string; port: string };
}

export interface Container {
  name: string;
  image: string;
  ports: { name: string; containerPort: number }[];
  env?: EnvVariable[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  lifecycle?: { preStop: { sleep: { seconds: number } } };
  resources?: { requests?: Labels; limits?: Labels };
  securityContext?: Record<string, unknown>;
}

export interface Pod {
  metadata: { labels: Labels };
  spec: {
    containers: Container[];
    securityContext?: Record<string, unknown>;
    automountServiceAccountToken?: boolean;
    terminationGracePeriodSeconds?: number;
    topologySpreadConstraints?: unknown[];
  };
}

export interface Kustomization {
  file: string;
  kind: "Kustomization" | "Component";
  resources?: string[];
  components?: string[];
  patches?: { path: string }[];
  configMapGenerator?: { name: string; envs?: string[]; files?: string[] }[];
}

const folder = fileURLToPath(new URL("../../deploy/kubernetes/", import.meta.url));
const workloadKinds = new Set(["Deployment", "DaemonSet", "StatefulSet"]);

/** Every file below deploy/kubernetes, as a path from there. */
export function listFiles(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

export function readText(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

/** @throws Error when the file is not valid YAML */
export function readDocuments(file: string): unknown[] {
  return parseAllDocuments(readText(file)).map((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${file}: ${error.message}`);
    return document.toJS() as unknown;
  });
}

export function readKustomizations(): Kustomization[] {
  return listFiles()
    .filter((file) => file.endsWith("kustomization.yaml"))
    .flatMap((file) =>
      readDocuments(file).map((document): Kustomization => ({ ...(document as Kustomization), file })),
    );
}

/** The objects that kustomizations name as their resources; patches are none. */
export function readManifests(): Manifest[] {
  const files = readKustomizations().flatMap(({ file, resources = [] }) =>
    resources.filter((path) => path.endsWith(".yaml")).map((path) => join(dirname(file), path)),
  );
  return files.flatMap((file) =>
    readDocuments(file).map((document): Manifest => ({ ...(document as Manifest), file })),
  );
}

export function readWorkloads(): { name: string; kind: string; pod: Pod }[] {
  return readManifests()
    .filter(({ kind }) => workloadKinds.has(kind))
    .map(({ kind, metadata, spec }) => ({ name: metadata.name, kind, pod: spec["template"] as Pod }));
}

/** @throws Error when the pod has more than one */
export function containerOf(pod: Pod): Container {
  const [container] = pod.spec.containers;
  if (!container || pod.spec.containers.length !== 1) throw new Error("expected one container");
  return container;
}

/** `NAME=value` lines of a file for a ConfigMap. */
export function readVariables(file: string): Record<string, string> {
  const lines = readText(file)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
