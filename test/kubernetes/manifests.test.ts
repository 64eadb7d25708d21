import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  containerOf,
  listFiles,
  readDocuments,
  readKustomizations,
  readManifests,
  readText,
  readWorkloads,
} from "./manifests.ts";

const files = listFiles();
const yamlFiles = files.filter((file) => file.endsWith(".yaml"));
const workloads = readWorkloads();
const services = workloads.filter(
  ({ pod }) => pod.metadata.labels["app.kubernetes.io/component"] === "service",
);
const overlays = ["local", "production"];

describe("the files of deploy/kubernetes", () => {
  it.each(yamlFiles)("%s is valid YAML", (file) => {
    expect(readDocuments(file).length).toBeGreaterThan(0);
  });

  it("are all there that a kustomization names, and each is named by one", () => {
    const named = readKustomizations().flatMap((kustomization) => {
      const { file, resources = [], patches = [], components = [], configMapGenerator = [] } = kustomization;
      const generated = configMapGenerator.flatMap(({ envs = [], files: list = [] }) => [
        ...envs,
        ...list.map((entry) => entry.split("=").at(-1) ?? entry),
      ]);
      return [...resources, ...components, ...patches.map(({ path }) => path), ...generated].map((path) =>
        join(
          dirname(file),
          path.endsWith("base") || path.endsWith("compare") ? `${path}/kustomization.yaml` : path,
        ),
      );
    });
    const roots = overlays.map((name) => `overlays/${name}/kustomization.yaml`);
    expect([...new Set([...named, ...roots, "README.md"])].toSorted()).toEqual(files.toSorted());
  });

  it("hold no secret", () => {
    const kinds = files.filter((file) =>
      /^kind: Secret$|secretGenerator/m.test(yamlFiles.includes(file) ? readText(file) : ""),
    );
    expect(kinds).toEqual([]);
    for (const file of files) {
      const passwords = [...readText(file).matchAll(/\w+:\/\/[^\s:/@]*:([^\s/@]+)@/g)].map(
        (match) => match[1],
      );
      expect(
        passwords.filter((password) => !/^\$\(\w+\)$|^<.*>$/.test(password ?? "")),
        file,
      ).toEqual([]);
    }
    for (const { pod, name } of workloads) {
      const secrets = (containerOf(pod).env ?? []).filter((variable) =>
        /DSN|PASSWORD|SECRET|TOKEN|AMQP_URL|SMTP_URL/.test(variable.name),
      );
      for (const variable of secrets)
        expect(variable.valueFrom?.secretKeyRef, `${name} ${variable.name}`).toBeDefined();
    }
  });
});

describe.each(workloads)("$kind $name", ({ pod }) => {
  const container = containerOf(pod);

  it("has probes that ask ports it opens", () => {
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    const ports = container.ports.map(({ name }) => name);
    for (const probe of probes) expect(ports).toContain(probe?.httpGet.port);
  });

  it("asks for memory and CPU, and is bounded in both", () => {
    for (const resource of ["cpu", "memory"]) {
      expect(container.resources?.requests).toHaveProperty(resource);
      expect(container.resources?.limits).toHaveProperty(resource);
    }
  });

  it("runs without root, capabilities, a writable file system or a token of the cluster", () => {
    expect(pod.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: expect.any(Number) as number,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod.spec.securityContext?.["runAsUser"]).toBeGreaterThan(0);
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(pod.spec.automountServiceAccountToken).toBe(false);
  });

  it("runs an image of one exact version", () => {
    expect(container.image).toMatch(/^[a-z./-]+:v?\d+\.\d+\.\d+$/);
  });
});

describe.each(services)("service $name", ({ name, pod }) => {
  const container = containerOf(pod);

  it("is asked whether it lives and whether it can work", () => {
    expect(container.startupProbe?.httpGet.path).toBe("/health");
    expect(container.livenessProbe?.httpGet.path).toBe("/health");
    expect(container.readinessProbe?.httpGet.path).toBe("/readiness");
  });

  it("has longer to end than it takes to drain", () => {
    const drain = readFileSync(
      new URL("../../packages/service/src/lifecycle/drain.ts", import.meta.url),
      "utf8",
    );
    const drainSeconds = Number(/totalMillis = ([\d_]+)/.exec(drain)?.[1]?.replace("_", "")) / 1000;
    const pauseSeconds = container.lifecycle?.preStop.sleep.seconds ?? 0;
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(drainSeconds + pauseSeconds);
  });

  it("is spread over zones and nodes, and loses one pod at a time", () => {
    expect(pod.spec.topologySpreadConstraints).toHaveLength(2);
    const budgets = readManifests().filter(
      ({ kind, metadata }) => kind === "PodDisruptionBudget" && metadata.name === name,
    );
    expect(budgets.map(({ spec }) => spec["maxUnavailable"])).toEqual([1]);
  });
});
