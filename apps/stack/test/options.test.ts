import { describe, expect, it } from "vitest";
import { readStackOptions } from "../src/options.ts";

describe("the options of npm start", () => {
  it("are the well-known ports and one process of each service by default", () => {
    expect(readStackOptions([], {})).toEqual({
      ports: { web: 8006, order: 8005, factory: 8004, mailer: 8003, compare: 8007, smtp: 1025, mails: 8025 },
      instances: { web: 1, order: 1, factory: 1, mailer: 1 },
      amqpUrl: undefined,
      mongoUrl: undefined,
      smtpUrl: undefined,
      resetTokenSecret: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it("have a new secret for reset tokens in each run, unless there is one", () => {
    expect(readStackOptions([], {}).resetTokenSecret).not.toBe(readStackOptions([], {}).resetTokenSecret);
    expect(readStackOptions([], { RESET_TOKEN_SECRET: "mine" }).resetTokenSecret).toBe("mine");
  });

  it("take ports and servers from the environment; an empty value counts as unset", () => {
    const env = {
      WEB_PORT: "9006",
      ORDER_PORT: "",
      AMQP_URL: "amqp://broker",
      MONGO_URL: "",
      SMTP_URL: "smtp://post",
    };
    expect(readStackOptions([], env)).toMatchObject({
      ports: { web: 9006, order: 8005 },
      amqpUrl: "amqp://broker",
      mongoUrl: undefined,
      smtpUrl: "smtp://post",
    });
  });

  it("scale services, in either way of writing it", () => {
    const { instances } = readStackOptions(
      ["--scale", "factory=3", "--scale=order=2", "--scale=mailer=2"],
      {},
    );
    expect(instances).toEqual({ web: 1, order: 2, factory: 3, mailer: 2 });
  });

  it.each([
    [["--scale", "factory"], '--scale "factory" cannot be used: write for example --scale factory=3'],
    [["--scale"], '--scale "" cannot be used'],
    [["--scale=web=2"], '--scale "web=2" cannot be used'],
    [["--scale=factory=0"], '--scale "factory=0" cannot be used'],
    [["--fast"], 'Unknown argument "--fast". npm start -- --help lists what there is.'],
  ])("refuse %j and say what is possible", (args, text) => {
    expect(() => readStackOptions(args, {})).toThrow(text);
  });

  it.each(["web", "0", "65536", "-1", "80.5"])("refuse the port %s by the name of its variable", (port) => {
    expect(() => readStackOptions([], { COMPARE_PORT: port })).toThrow(`COMPARE_PORT="${port}" is no port`);
  });
});
