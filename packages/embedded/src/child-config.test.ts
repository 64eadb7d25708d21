import { describe, expect, it } from "vitest";
import { readChildConfig } from "./child-config.ts";

describe("the environment of the child process", () => {
  it("starts broker and database on any port by default", () => {
    expect(readChildConfig({})).toEqual([
      { name: "amqp", ports: [{ port: 0, variable: "EMBEDDED_AMQP_PORT" }] },
      { name: "mongo", ports: [{ port: 0, variable: "EMBEDDED_MONGO_PORT" }] },
    ]);
  });

  it("names servers and ports", () => {
    const env = { EMBEDDED_SERVERS: " mongo ", EMBEDDED_MONGO_PORT: "27017" };
    expect(readChildConfig(env)).toEqual([
      { name: "mongo", ports: [{ port: 27_017, variable: "EMBEDDED_MONGO_PORT" }] },
    ]);
  });

  it("has two ports for the mail server: that of its mails' page is the second", () => {
    const env = { EMBEDDED_SERVERS: "smtp", EMBEDDED_SMTP_PORT: "1025", EMBEDDED_MAILS_PORT: "8025" };
    expect(readChildConfig(env)).toEqual([
      {
        name: "smtp",
        ports: [
          { port: 1025, variable: "EMBEDDED_SMTP_PORT" },
          { port: 8025, variable: "EMBEDDED_MAILS_PORT" },
        ],
      },
    ]);
  });

  it.for(["65536", "-1", "http", "", "1.5"])("refuses the port %j", (port) => {
    expect(() => readChildConfig({ EMBEDDED_AMQP_PORT: port })).toThrow(
      `EMBEDDED_AMQP_PORT=${port}: not a port; use a number from 0 (any free port) to 65535.`,
    );
  });

  it.for(["redis", "", "amqp,,mongo", "toString"])("refuses the servers %j", (servers) => {
    expect(() => readChildConfig({ EMBEDDED_SERVERS: servers })).toThrow(/use amqp, mongo, smtp or several/);
  });
});
