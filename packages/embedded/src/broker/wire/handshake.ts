import type { MethodName } from "../codec/method-table.ts";
import type { Arguments, Method } from "../codec/method.ts";
import { emptyTable, type Field, type Table } from "../codec/table.ts";
import { AmqpError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { isSameCredentials, readCredentials, type Credentials } from "./credentials.ts";

const productVersion = "0.1.0";

/** What client and server agreed on. */
export interface Session {
  user: string;
  capabilities: Table;
  channelMax: number;
  maxFrameBytes: number;
  heartbeatSeconds: number;
}

/** Thrown when a client is to be cut off without connection.close: it could not read it (protocol, 1.4.2.2). */
export class SilentRefusal extends Error {}

type Send = <N extends MethodName>(name: N, args: Arguments<N>) => void;

/** The opening of a connection: start, tune, open, in this order and no other. */
export class Handshake {
  readonly #send: Send;
  readonly #limits: Limits;
  readonly #login: Credentials;
  #expected: MethodName = "connection.start-ok";
  readonly session: Session;

  constructor(send: Send, limits: Limits, login: Credentials) {
    this.#send = send;
    this.#limits = limits;
    this.#login = login;
    this.session = {
      user: "",
      capabilities: emptyTable,
      channelMax: limits.channelMax,
      maxFrameBytes: limits.maxFrameBytes,
      heartbeatSeconds: limits.heartbeatSeconds,
    };
  }

  start(): void {
    this.#send("connection.start", {
      versionMajor: 0,
      versionMinor: 9,
      serverProperties: createServerProperties(),
      mechanisms: "PLAIN AMQPLAIN",
      locales: "en_US",
    });
  }

  /** Takes the client's next method. True when the connection is open. */
  method(method: Method): boolean {
    if (method.name !== this.#expected) {
      throw new AmqpError(503, `${method.name} came where ${this.#expected} was expected`);
    }
    if (method.name === "connection.start-ok") this.#startOk(method.args);
    else if (method.name === "connection.tune-ok") this.#tuneOk(method.args);
    else if (method.name === "connection.open") this.#open(method.args);
    return method.name === "connection.open";
  }

  #startOk(args: Arguments<"connection.start-ok">): void {
    const capabilities = args.clientProperties.get("capabilities");
    if (capabilities?.type === "table") this.session.capabilities = capabilities.value;
    const given = readCredentials(args.mechanism, args.response);
    if (given === undefined) {
      throw new AmqpError(503, `unknown authentication mechanism '${args.mechanism}'`);
    }
    if (!isSameCredentials(given, this.#login)) this.#refuse(args.mechanism);
    this.session.user = given.user;
    this.#expected = "connection.tune-ok";
    const { channelMax, maxFrameBytes, heartbeatSeconds } = this.#limits;
    this.#send("connection.tune", { channelMax, frameMax: maxFrameBytes, heartbeat: heartbeatSeconds });
  }

  #refuse(mechanism: string): never {
    const text = `Login was refused using authentication mechanism ${mechanism}.`;
    if (isCapable(this.session.capabilities, "authentication_failure_close"))
      throw new AmqpError(403, text, "none");
    throw new SilentRefusal(text);
  }

  #tuneOk(args: Arguments<"connection.tune-ok">): void {
    const { session } = this;
    session.channelMax = pickLimit("channel_max", args.channelMax, this.#limits.channelMax, 1);
    session.maxFrameBytes = pickLimit("frame_max", args.frameMax, this.#limits.maxFrameBytes, 4096);
    session.heartbeatSeconds = args.heartbeat;
    this.#expected = "connection.open";
  }

  #open({ virtualHost }: Arguments<"connection.open">): void {
    if (virtualHost !== "/") throw new AmqpError(530, `vhost ${virtualHost} not found`);
    this.#send("connection.open-ok", { reserved1: "" });
  }
}

function pickLimit(name: string, asked: number, offered: number, least: number): number {
  // 0 is "no limit", and more than any limit. RabbitMQ refuses it as well.
  if (asked === 0 || asked > offered)
    throw new AmqpError(530, `negotiated ${name} = ${asked} is higher than ${offered}`);
  if (asked < least) throw new AmqpError(530, `negotiated ${name} = ${asked} is lower than ${least}`);
  return asked;
}

export function isCapable(capabilities: Table, name: string): boolean {
  const field = capabilities.get(name);
  return field?.type === "bool" && field.value;
}

function createServerProperties(): Table {
  const yes: Field = { type: "bool", value: true };
  const capabilities = [
    "publisher_confirms",
    "exchange_exchange_bindings",
    "basic.nack",
    "consumer_cancel_notify",
    "consumer_priorities",
    "authentication_failure_close",
    "per_consumer_qos",
  ];
  return new Map<string, Field>([
    ["product", { type: "longstr", value: "Tracebridge embedded broker" }],
    ["version", { type: "longstr", value: productVersion }],
    ["platform", { type: "longstr", value: `Node.js ${process.version}` }],
    ["information", { type: "longstr", value: "A stand-in for development and tests" }],
    ["capabilities", { type: "table", value: new Map(capabilities.map((name) => [name, yes])) }],
  ]);
}
