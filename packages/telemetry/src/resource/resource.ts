import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { defaultResource, resourceFromAttributes } from "@opentelemetry/resources";
import type { Resource } from "@opentelemetry/resources";
import type { Scrubber } from "../scrubbing/index.ts";

/** Never sent, though configured: a command line shows passwords, an owner is a person. */
const NEVER = /^process\.(command|executable|owner|environment)/;

/**
 * Describes this process. Only what is listed here is found out; the detectors of the SDK would add the command line
 * and the host's identity. What the operator configured is scrubbed and wins.
 */
export function createResource(configured: Readonly<Record<string, string>>, scrubber: Scrubber): Resource {
  const allowed = Object.fromEntries(Object.entries(configured).filter(([key]) => !NEVER.test(key)));
  const found = {
    "service.instance.id": randomUUID(),
    "host.name": hostname(),
    "os.type": process.platform,
    "process.pid": process.pid,
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
  };
  return defaultResource().merge(resourceFromAttributes({ ...found, ...scrubber.attributes(allowed) }));
}
