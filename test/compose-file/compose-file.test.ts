import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { interpolate, readComposeFile, readEnvExample, readText } from "./compose-file.ts";

const file = readComposeFile();
const services = Object.entries(file.services).map(([name, service]) => ({ name, service }));
const { set } = readEnvExample();
/** Containers that nothing can be asked of, and who is asked in their place. */
const watched: Record<string, string> = { msCollector: "msWatch", msJaeger: "msWatch" };
/** Does its work by starting, or is not depended on. */
const withoutCheck = ["msVolumes", "msLoad"];

describe.each(services)("$name", ({ name, service }) => {
  it("runs without root, capabilities, new privileges and a file system of its own", () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.cap_add ?? service.privileged).toBeUndefined();
    const user = service.user ?? (service.build === "." ? userOfImage() : "root");
    expect(["root", "0", "0:0"]).not.toContain(user);
  });

  it("has bounds for memory and processes", () => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
  });

  it("names one exact version, and has no name of its own that would keep it from scaling", () => {
    expect(service.image).toMatch(/^[a-z/-]+:(?:v?\d+\.\d+\.\d+[a-z-]*|local)$/);
    expect(Object.keys(service)).not.toContain("container_name");
  });

  it("publishes ports on this machine alone", () => {
    for (const port of service.ports ?? []) {
      expect(interpolate(port, set)).toMatch(/^127\.0\.0\.1:\d+(?:-\d+)?:\d+$/);
    }
  });

  it("has a health check, or another container that watches it", () => {
    if (withoutCheck.includes(name)) return;
    const watcher = file.services[watched[name] ?? name];
    const check = watcher?.healthcheck?.test ?? [];
    expect(check[0]).toBe("CMD");
    if (name in watched) {
      expect(check.join(" ")).toContain(`http://${name}:`);
      expect(watcher?.command?.slice(-2)).toEqual(check.slice(-2));
    }
  });

  it("mounts files that exist, and volumes that are declared", () => {
    for (const volume of service.volumes ?? []) {
      const [source = ""] = volume.split(":");
      const isFile = source.startsWith("./");
      expect(isFile ? existsSync(new URL(`../../${source}`, import.meta.url)) : source in file.volumes).toBe(
        true,
      );
      if (isFile) expect(volume.endsWith(":ro")).toBe(true);
    }
  });

  it("waits for containers that say when they are ready", () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const isOneShot = other === "msVolumes";
      expect(condition).toBe(isOneShot ? "service_completed_successfully" : "service_healthy");
      if (!isOneShot) expect(file.services[other]?.healthcheck).toBeDefined();
    }
  });
});

test("health checks use only programs that the images have", () => {
  const programs = services.flatMap(({ service }) => {
    const program = service.healthcheck?.test[1];
    return program === undefined ? [] : [`${service.image.split(/[:/]/)[0]} ${program}`];
  });
  expect([...new Set(programs)].sort()).toEqual([
    "axllent /mailpit",
    "mongo mongosh",
    "rabbitmq rabbitmq-diagnostics",
    "tracebridge node",
  ]);
});

test("ports, databases and names are those that everybody knows", () => {
  const ports = Object.fromEntries(
    services.map(({ name, service }) => [name, service.ports?.map((port) => interpolate(port, {}))]),
  );
  expect(ports).toMatchObject({
    msWeb: ["127.0.0.1:8006:8006"],
    msOrder: ["127.0.0.1:8005:8005"],
    msFactory: ["127.0.0.1:8004-8004:8004"],
    msMailer: ["127.0.0.1:8003:8003"],
    msWebDb: ["127.0.0.1:8002:27017"],
    msOrderDb: ["127.0.0.1:8001:27017"],
    msFactoryDb: ["127.0.0.1:8000:27017"],
    msMailerDb: ["127.0.0.1:8009:27017"],
    msMailpit: ["127.0.0.1:8025:8025"],
    msRabbit: ["127.0.0.1:15672:15672"],
    msJaeger: ["127.0.0.1:16686:16686"],
    msCompare: ["127.0.0.1:8007:8007"],
  });
  for (const { name } of services) expect(name).toMatch(/^ms[A-Z]/);
  expect(file.version).toBeUndefined();
});

test("each database has a volume of its own, and shares a network with its own service alone", () => {
  const databases = ["msWebDb", "msOrderDb", "msFactoryDb", "msMailerDb"];
  for (const database of databases) {
    const network = file.services[database]?.networks ?? [];
    expect(network).toHaveLength(1);
    const neighbours = services.filter(({ service }) => service.networks?.includes(network[0] ?? ""));
    const service = database.slice(0, -2);
    expect(neighbours.map(({ name }) => name)).toEqual([service, database]);
    expect(file.services[service]?.environment).toMatchObject({
      MONGO_URL: expect.stringMatching(`^mongodb://${database}:27017/`),
      MONGO_DATABASE: "db",
    });
  }
  expect(new Set(databases.map((name) => file.services[name]?.volumes?.[0])).size).toBe(4);
});

test("the image has the Node that the project runs on, and every program that a container starts", () => {
  const dockerfile = readText("Dockerfile");
  const { devDependencies } = JSON.parse(readText("package.json")) as {
    devDependencies: Record<string, string>;
  };
  expect(dockerfile).toContain(`FROM node:${devDependencies["node"]}-`);
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(?:\S+ )*(\S+)$/gm)].map(
    ([, target = ""]) => target,
  );
  const programs = services.flatMap(({ service }) =>
    service.build === "." ? (service.command ?? []).filter((part) => part.endsWith(".ts")) : [],
  );
  for (const program of programs) {
    expect(copied.some((folder) => program.startsWith(`${folder}/`))).toBe(true);
    expect(() => readFileSync(new URL(`../../${program}`, import.meta.url))).not.toThrow();
  }
});

/** The last stage's. */
function userOfImage(): string {
  return [...readText("Dockerfile").matchAll(/^USER (\S+)$/gm)].at(-1)?.[1] ?? "root";
}
