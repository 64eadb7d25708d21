import { connect, type Socket } from "node:net";
import {
  createMethodFrame,
  FrameReader,
  frameTypes,
  protocolHeader,
  type Frame,
} from "../../src/broker/codec/frame.ts";
import type { MethodName } from "../../src/broker/codec/method-table.ts";
import { readMethod, type Arguments, type Method } from "../../src/broker/codec/method.ts";
import { createTable } from "./plain.ts";
import { fillArguments } from "./plain.ts";
import { WireChannel } from "./wire-channel.ts";

export interface ConnectOptions {
  user?: string;
  password?: string;
  vhost?: string;
  mechanism?: string;
  /** Instead of what user and password give. */
  response?: string;
  capabilities?: Record<string, boolean>;
  heartbeat?: number;
  frameMax?: number;
  channelMax?: number;
}

/** What the server sent: a method with its message if it has one, a heartbeat, or the end of the socket. */
export interface Received {
  channel: number;
  method?: Method;
  rawProperties?: Buffer;
  body?: Buffer;
  heartbeat?: boolean;
  ended?: boolean;
  bytes?: Buffer;
}

const patienceMillis = 15_000;
const defaultCapabilities = {
  publisher_confirms: true,
  "basic.nack": true,
  consumer_cancel_notify: true,
  authentication_failure_close: true,
};

/** A client that shows every method as it came over the wire, and can send what no client should. */
export class WireConnection {
  readonly #socket: Socket;
  readonly #reader = new FrameReader(Infinity);
  readonly #received: Received[] = [];
  readonly #channels = new Map<number, WireChannel>();
  #isRaw = true;
  #content: Received & { missing?: number } = { channel: 0 };
  #wake: () => void = () => undefined;
  /** connection.close from the server, or the socket's end without one. */
  closure: Received | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => this.#data(chunk));
    socket.on("close", () => this.#add({ channel: 0, ended: true }));
  }

  /** Connects the socket and sends nothing. Bytes arrive as they are until {@link sendProtocolHeader}. */
  static async raw(url: string): Promise<WireConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port || "5672"), hostname);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new WireConnection(socket);
  }

  static async open(url: string, options: ConnectOptions = {}): Promise<WireConnection> {
    const connection = await WireConnection.raw(url);
    const { method } = await connection.handshake(options);
    if (method?.name !== "connection.open-ok") throw new Error(`not opened but ${method?.name ?? "cut off"}`);
    return connection;
  }

  /** Sends everything a client sends to open; returns what the server said last. */
  async handshake(options: ConnectOptions = {}): Promise<Received> {
    this.sendProtocolHeader();
    await this.next(0);
    const { user = "guest", password = "guest", mechanism = "PLAIN" } = options;
    this.send(0, "connection.start-ok", {
      mechanism,
      response: options.response ?? `\0${user}\0${password}`,
      locale: "en_US",
      clientProperties: createTable({ capabilities: options.capabilities ?? defaultCapabilities }),
    });
    const tune = await this.next(0);
    if (tune.method?.name !== "connection.tune") return tune;
    const { channelMax = 2047, frameMax = 131_072, heartbeat = 0, vhost = "/" } = options;
    this.send(0, "connection.tune-ok", { channelMax, frameMax, heartbeat });
    this.send(0, "connection.open", { virtualHost: vhost });
    return this.next(0);
  }

  sendProtocolHeader(): void {
    this.#isRaw = false;
    this.sendBytes(protocolHeader);
  }
  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes);
  }
  send<N extends MethodName>(channel: number, name: N, args: Partial<Arguments<N>>): void {
    this.sendBytes(createMethodFrame(channel, name, fillArguments(name, args)));
  }

  /** A channel object without opening it at the server. */
  unopened(number: number): WireChannel {
    const channel = this.#channels.get(number) ?? new WireChannel(this, number);
    this.#channels.set(number, channel);
    return channel;
  }
  async channel(number = this.#channels.size + 1): Promise<WireChannel> {
    const channel = this.unopened(number);
    await channel.call("channel.open", {});
    return channel;
  }

  #data(chunk: Buffer): void {
    if (this.#isRaw) this.#add({ channel: 0, bytes: chunk });
    else for (const frame of this.#reader.push(chunk)) this.#frame(frame);
  }

  #frame({ type, channel, payload }: Frame): void {
    if (type === frameTypes.heartbeat) this.#add({ channel: 0, heartbeat: true });
    else if (type === frameTypes.method) this.#method(channel, readMethod(payload));
    else if (type === frameTypes.header) {
      this.#content.rawProperties = Buffer.from(payload.subarray(12));
      this.#contentPart(Number(payload.readBigUInt64BE(4)), Buffer.alloc(0));
    } else this.#contentPart(this.#content.missing ?? 0, payload);
  }

  #method(channel: number, method: Method): void {
    const hasContent = ["basic.deliver", "basic.get-ok", "basic.return"].includes(method.name);
    if (hasContent) this.#content = { channel, method, body: Buffer.alloc(0) };
    else this.#add({ channel, method });
    if (method.name === "connection.close") this.send(0, "connection.close-ok", {});
    if (method.name === "channel.close") this.send(channel, "channel.close-ok", {});
  }

  #contentPart(missing: number, part: Buffer): void {
    const { body = Buffer.alloc(0) } = this.#content;
    this.#content.body = Buffer.concat([body, part]);
    this.#content.missing = missing - part.length;
    if (this.#content.missing === 0) this.#add(this.#content);
  }

  #add(received: Received): void {
    if (received.method?.name === "connection.close" || received.ended === true) this.closure ??= received;
    this.#received.push(received);
    this.#wake();
  }

  /** The next thing on a channel that the test picks; the connection's end when that comes first. */
  async next(channel: number, isWanted: (received: Received) => boolean = isNoHeartbeat): Promise<Received> {
    const deadline = Date.now() + patienceMillis;
    for (;;) {
      const at = this.#received.findIndex((received) => received.channel === channel && isWanted(received));
      const [found] = at < 0 ? [this.closure] : this.#received.splice(at, 1);
      if (found !== undefined) return found;
      await this.#somethingNew(deadline - Date.now());
    }
  }

  #somethingNew(millis: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const tooLate = (): void => {
        const came = this.#received
          .map(({ channel, method }) => `${channel}:${method?.name ?? "?"}`)
          .join(" ");
        reject(new Error(`nothing more came in ${patienceMillis} ms; unread: ${came || "nothing"}`));
      };
      const timer = setTimeout(tooLate, millis);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Everything on a channel that has come and nobody has asked for. */
  takeAll(channel: number): Received[] {
    const isMine = (received: Received): boolean => received.channel === channel;
    const taken = this.#received.filter(isMine);
    this.#received.splice(0, Infinity, ...this.#received.filter((received) => !isMine(received)));
    return taken;
  }

  async close(): Promise<void> {
    if (this.closure === undefined) {
      this.send(0, "connection.close", { replyCode: 200, replyText: "done" });
      await this.next(0, ({ method }) => method?.name === "connection.close-ok");
    }
    this.#socket.destroy();
  }
  /** Reads nothing from the socket until {@link resume}. */
  pause(): void {
    this.#socket.pause();
  }
  resume(): void {
    this.#socket.resume();
  }
  /** Ends the socket as a crash would. */
  destroy(): void {
    this.#socket.destroy();
  }
}

function isNoHeartbeat({ heartbeat }: Received): boolean {
  return heartbeat !== true;
}
