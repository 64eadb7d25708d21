import { describe, expect, it } from "vitest";
import { listFiles, readManifests, readText, readWorkloads, type Labels } from "./manifests.ts";

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: "In"; values: string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports: { port: number; endPort?: number }[];
}
interface Policy {
  podSelector: Selector;
  policyTypes: ("Ingress" | "Egress")[];
  ingress?: Rule[];
  egress?: Rule[];
}

const manifests = readManifests();
const policies = manifests
  .filter(({ kind }) => kind === "NetworkPolicy")
  .map(({ spec, metadata }) => ({ name: metadata.name, ...(spec as unknown as Policy) }));

/** Labels of every pod: those of the workloads here, and those that the operators give to theirs. */
const pods: Record<string, Labels> = {
  ...Object.fromEntries(readWorkloads().map(({ name, pod }) => [name, pod.metadata.labels])),
  rabbit: { "app.kubernetes.io/name": "rabbit" },
  "web-db": { "app.kubernetes.io/instance": "web-db" },
  "order-db": { "app.kubernetes.io/instance": "order-db" },
  "factory-db": { "app.kubernetes.io/instance": "factory-db" },
  "mailer-db": { "app.kubernetes.io/instance": "mailer-db" },
  opensearch: { "opster.io/opensearch-cluster": "opensearch" },
};
const operators: Record<string, string> = {
  PerconaServerMongoDB: "psmdb-operator",
  RabbitmqCluster: "rabbitmq-system",
  OpenSearchCluster: "opensearch-operator-system",
};

const services = ["web", "order", "factory", "mailer"];
const flows: [from: string, to: string, port: number][] = [
  ...services.flatMap((name): [string, string, number][] => [
    [name, "rabbit", 5672],
    [name, `${name}-db`, 27_017],
    [`${name}-db`, `${name}-db`, 27_017],
    [name, "collector-agent", 4318],
    [name, "compare", 8007],
  ]),
  ["mailer", "mailpit", 1025],
  ["rabbit", "rabbit", 25_672],
  ["rabbit", "rabbit", 4369],
  ["collector-agent", "collector-gateway", 4317],
  ["collector-gateway", "jaeger", 4317],
  ["collector-gateway", "compare", 8007],
  ["compare", "jaeger", 16_686],
  ["jaeger", "opensearch", 9200],
  ["opensearch", "opensearch", 9300],
];

function matches({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ""))
  );
}

function allows(direction: "ingress" | "egress", pod: Labels, peer: Labels, port: number): boolean {
  const rules = policies
    .filter(({ podSelector }) => matches(podSelector, pod))
    .flatMap((policy) => policy[direction] ?? []);
  return rules.some(
    ({ from, to, ports }) =>
      (from ?? to ?? []).some(
        ({ podSelector, namespaceSelector }) =>
          podSelector && !namespaceSelector && matches(podSelector, peer),
      ) && ports.some((range) => port >= range.port && port <= (range.endPort ?? range.port)),
  );
}

function isOpen(from: string, to: string, port: number): boolean {
  const [sender = {}, receiver = {}] = [pods[from], pods[to]];
  return allows("egress", sender, receiver, port) && allows("ingress", receiver, sender, port);
}

describe("network policies", () => {
  it("forbid everything that no other policy allows", () => {
    const denial = policies.find(({ name }) => name === "default-deny");
    expect(denial).toEqual({ name: "default-deny", podSelector: {}, policyTypes: ["Ingress", "Egress"] });
  });

  it.each(flows)("let %s reach %s at port %d", (from, to, port) => {
    expect(isOpen(from, to, port)).toBe(true);
  });

  it("let nobody reach anybody at another port or place", () => {
    const wanted = new Set(flows.map((flow) => flow.join(" ")));
    // Open for the same purpose as one of the above: OTLP over gRPC, the set-up of OpenSearch.
    for (const name of services) wanted.add(`${name} collector-agent 4317`);
    wanted.add("opensearch opensearch 9200");
    const names = Object.keys(pods);
    const ports = [...new Set(flows.map(([, , port]) => port)), 15_672, 16_686, 8025, 8006, 8005, 8004, 8003];
    const open = names.flatMap((from) =>
      names.flatMap((to) =>
        ports.filter((port) => isOpen(from, to, port)).map((port) => `${from} ${to} ${port}`),
      ),
    );
    expect(open.filter((flow) => !wanted.has(flow))).toEqual([]);
  });

  it.each(Object.keys(pods))("name %s in one of their own", (pod) => {
    const own = policies.filter(
      ({ podSelector }) => Object.keys(podSelector).length > 0 && matches(podSelector, pods[pod] ?? {}),
    );
    expect(own.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(operators))("let the operator of each %s in", (kind, namespace) => {
    for (const { metadata } of manifests.filter((manifest) => manifest.kind === kind)) {
      const rules = policies
        .filter(({ podSelector }) => matches(podSelector, pods[metadata.name] ?? {}))
        .flatMap(({ ingress = [] }) => ingress.flatMap(({ from = [] }) => from));
      const isLetIn = rules.some(
        ({ namespaceSelector }) =>
          namespaceSelector && matches(namespaceSelector, { "kubernetes.io/metadata.name": namespace }),
      );
      expect(isLetIn, metadata.name).toBe(true);
    }
  });
});

describe("the services of the cluster", () => {
  const offered = manifests
    .filter(({ kind }) => kind === "Service")
    .map(({ metadata, spec }) => ({
      name: metadata.name,
      selector: spec["selector"] as Labels,
      ports: spec["ports"] as { port: number; targetPort: string }[],
    }));

  it.each(offered)("$name leads to ports that its pods open", ({ selector, ports }) => {
    const pod = readWorkloads().find((workload) =>
      matches({ matchLabels: selector }, workload.pod.metadata.labels),
    );
    const opened = pod?.pod.spec.containers[0]?.ports.map(
      ({ name, containerPort }) => `${name} ${containerPort}`,
    );
    expect(opened).toEqual(
      expect.arrayContaining(ports.map(({ port, targetPort }) => `${targetPort} ${port}`)),
    );
  });

  it("are there for every address that a configuration names", () => {
    const known = new Set(offered.flatMap(({ name, ports }) => ports.map(({ port }) => `${name}:${port}`)));
    for (const name of services) known.add(`${name}-db-rs0:27017`);
    known.add("opensearch:9200").add("rabbit.tracebridge.svc.cluster.local:15672");
    // On the internet.
    known.add("smtp.example.com:465");
    const named = listFiles()
      .filter((file) => /\.(yaml|env)$/.test(file))
      .flatMap((file) => [...readText(file).matchAll(/(?:\/\/(?:[^@\s/]*@)?|endpoint: )([a-z][\w.-]*:\d+)/g)])
      .map((match) => match[1] ?? "")
      .filter((address) => !address.startsWith("localhost:"));
    expect(named.filter((address) => !known.has(address))).toEqual([]);
    expect(named).toContain("collector-agent:4318");
  });
});
