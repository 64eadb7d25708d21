import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages, readDebianMirror, type Engine } from "./engine.ts";
import { buildCollector, buildJaeger } from "./go-programs.ts";
import { runCommand } from "./run-command.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const images = join(repository, "test/compose/images");
const certificates = "/etc/ssl/certs/ca-certificates.crt";
const base = "tracebridge-stand-in/debian";
const node = "tracebridge-stand-in/node";

interface StandIn {
  /** Name of the image as docker-compose.yaml has it, without its tag. */
  image: string;
  /** What runs in its place, in words. */
  is: string;
  build(engine: Engine, tag: string, cache: string): Promise<void>;
}

/** Third-party images, by the names docker-compose.yaml uses, and what is run in their place. */
const standIns: readonly StandIn[] = [
  {
    image: "rabbitmq",
    is: "the real RabbitMQ, in Debian's version (4.0), with the user, plugins and paths of that image",
    build: (engine, tag) => buildImage(engine, tag, join(images, "rabbitmq"), {}),
  },
  {
    image: "mongo",
    is: "the embedded database of packages/embedded, written to its volume when it is stopped",
    build: (engine, tag) =>
      buildImage(engine, tag, join(images, "mongo"), {
        "packages/embedded": join(repository, "packages/embedded"),
        "test/compose/images/listening": join(images, "listening"),
        "test/compose/images/mongo": join(images, "mongo"),
      }),
  },
  {
    image: "axllent/mailpit",
    is: "the embedded mail server of packages/embedded, with the part of Mailpit's API that the check reads",
    build: (engine, tag) =>
      buildImage(engine, tag, join(images, "mailpit"), {
        "packages/embedded": join(repository, "packages/embedded"),
        "test/compose/images/listening": join(images, "listening"),
        "test/compose/images/mailpit": join(images, "mailpit"),
      }),
  },
  {
    image: "otel/opentelemetry-collector-contrib",
    is: "the real collector, built with Go from the modules of 0.160.0, with the components deploy/collector uses",
    build: async (engine, tag, cache) =>
      buildImage(engine, tag, join(images, "collector"), {
        "otelcol-contrib": await buildCollector(join(cache, "go")),
        "ca-certificates.crt": certificates,
      }),
  },
  {
    image: "jaegertracing/jaeger",
    is: "the real Jaeger 2.13.0, built with Go inside its own module, its dependencies checked against the go.sum it ships, without the pages of its UI",
    build: async (engine, tag, cache) =>
      buildImage(engine, tag, join(images, "jaeger"), {
        "jaeger-linux": await buildJaeger(join(cache, "go")),
        "ca-certificates.crt": certificates,
      }),
  },
];

/** Builds every image that the compose file names under that very name, and our own by the real Dockerfile over `node`. */
export async function buildImages(
  engine: Engine,
  names: readonly string[],
  cache: string,
  tell: (line: string) => void,
): Promise<void> {
  await importDebian(engine, cache);
  await buildImage(engine, node, join(images, "node"), {
    node: join(repository, "node_modules/node/bin/node"),
    npm: await findNpm(),
    "ca-certificates.crt": certificates,
  });
  for (const name of names) {
    const standIn = standIns.find(({ image }) => name.startsWith(`${image}:`));
    if (!standIn) continue;
    tell(`- \`${name}\`: a stand-in, ${standIn.is}`);
    await standIn.build(engine, name, cache);
  }
  for (const name of await readBaseImages()) await engine.docker("tag", node, name);
  const own = names.find((name) => name.startsWith("tracebridge:")) ?? "tracebridge:local";
  tell(
    `- \`${own}\`: built by the real Dockerfile; its base image is a stand-in, Debian with Node.js from npm`,
  );
  await buildFolder(engine, own, repository);
}

async function readBaseImages(): Promise<string[]> {
  const text = await readFile(join(repository, "Dockerfile"), "utf8");
  return [...text.matchAll(/^FROM (node:\S+)/gm)].map(([, name = ""]) => name);
}

/** `extra` are files and folders from elsewhere, by their place in the build context. */
async function buildImage(
  engine: Engine,
  tag: string,
  source: string,
  extra: Record<string, string>,
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "tracebridge-"));
  try {
    await cp(source, context, { recursive: true });
    for (const [place, from] of Object.entries(extra)) {
      await mkdir(join(context, place, ".."), { recursive: true });
      await cp(from, join(context, place), { recursive: true, dereference: true });
    }
    await buildFolder(engine, tag, context);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function buildFolder(engine: Engine, tag: string, folder: string): Promise<void> {
  await runCommand("/usr/bin/docker", ["build", "--quiet", "--network", "host", "--tag", tag, folder], {
    env: { ...engine.env, DOCKER_BUILDKIT: "1" },
  });
}

/** A bare Debian 13, made by debootstrap once and kept. */
async function importDebian(engine: Engine, cache: string): Promise<void> {
  const isThere = await engine.docker("images", "--quiet", base);
  if (isThere !== "") return;
  const root = join(cache, "debian");
  if (!existsSync(root)) {
    if (!existsSync("/usr/sbin/debootstrap")) await installPackages("debootstrap");
    await rm(`${root}.new`, { recursive: true, force: true });
    const mirror = await readDebianMirror();
    const options = ["--variant=minbase", "--include=ca-certificates", "trixie", `${root}.new`, mirror];
    await runCommand("debootstrap", options);
    // Only a complete system gets the final name.
    await runCommand("mv", [`${root}.new`, root]);
  }
  await runCommand("sh", ["-c", 'tar -C "$1" -c . | /usr/bin/docker import - "$2"', "sh", root, base], {
    env: engine.env,
  });
}

async function findNpm(): Promise<string> {
  return join(await runCommand("npm", ["root", "--global"]), "npm");
}
