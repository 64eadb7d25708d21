import type { Socket } from "node:net";
import {
  createBodyFrames,
  createHeaderFrame,
  createMethodFrame,
  FrameReader,
  frameTypes,
  heartbeatFrame,
  protocolHeader,
  type Frame,
} from "../codec/frame.ts";
import type { MethodName } from "../codec/method-table.ts";
import { methodId, readMethod, type Arguments, type Method } from "../codec/method.ts";
import { AmqpError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Message } from "../model/message.ts";
import type { VirtualHost } from "../model/virtual-host.ts";
import { Channel, type ChannelLink } from "./channel.ts";
import type { Credentials } from "./credentials.ts";
import { Handshake, isCapable, SilentRefusal } from "./handshake.ts";
import { Heartbeats } from "./heartbeats.ts";

type Phase = "header" | "handshake" | "open" | "closing" | "closed";

export interface ConnectionOptions {
  vhost: VirtualHost;
  limits: Limits;
  login: Credentials;
  onEnd: () => void;
}

/** One client connection. Whatever bytes come, only this connection suffers. */
export class Connection implements ChannelLink {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #channels = new Map<number, Channel>();
  readonly #reader: FrameReader;
  readonly #handshake: Handshake;
  readonly #heartbeats: Heartbeats;
  /** Cuts the socket off when the handshake or the close takes too long. */
  #deadline: NodeJS.Timeout;
  #phase: Phase = "header";
  #early = Buffer.alloc(0);

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#reader = new FrameReader(options.limits.maxFrameBytes);
    this.#handshake = new Handshake((name, args) => this.send(0, name, args), options.limits, options.login);
    this.#heartbeats = new Heartbeats(
      () => this.#write(heartbeatFrame),
      () => socket.destroy(),
    );
    this.#deadline = setTimeout(() => socket.destroy(), options.limits.handshakeTimeoutMillis);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#data(chunk));
    socket.on("drain", () => this.#resume());
    // A reset peer is no news: "close" follows.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#ended());
  }

  get user(): string {
    return this.#handshake.session.user;
  }
  get maxBodyBytes(): number {
    return this.#options.limits.maxBodyBytes;
  }
  get hasCancelNotify(): boolean {
    return isCapable(this.#handshake.session.capabilities, "consumer_cancel_notify");
  }
  get isCongested(): boolean {
    return this.#socket.writableLength > this.#options.limits.congestedAtBytes;
  }

  #write(bytes: Buffer): void {
    if (!this.#socket.writable) return;
    this.#heartbeats.sent();
    this.#socket.write(bytes);
  }

  send<N extends MethodName>(channel: number, name: N, args: Arguments<N>): void {
    this.#write(createMethodFrame(channel, name, args));
  }

  sendContent<N extends MethodName>(channel: number, name: N, args: Arguments<N>, message: Message): void {
    const { body, rawProperties } = message;
    this.#socket.cork();
    this.send(channel, name, args);
    this.#write(createHeaderFrame(channel, body.length, rawProperties));
    for (const frame of createBodyFrames(channel, body, this.#handshake.session.maxFrameBytes))
      this.#write(frame);
    process.nextTick(() => this.#socket.uncork());
  }

  #resume(): void {
    for (const channel of this.#channels.values()) channel.resume();
  }

  #data(chunk: Buffer): void {
    this.#heartbeats.received();
    try {
      const bytes = this.#phase === "header" ? this.#readProtocolHeader(chunk) : chunk;
      if (bytes === undefined) return;
      for (const frame of this.#reader.push(bytes)) this.#frame(frame);
    } catch (error) {
      this.#fail(error, 0);
    }
  }

  /** Returns what follows the protocol header once it is complete. */
  #readProtocolHeader(chunk: Buffer): Buffer | undefined {
    this.#early = Buffer.concat([this.#early, chunk]);
    const head = this.#early.subarray(0, protocolHeader.length);
    if (!head.equals(protocolHeader.subarray(0, head.length))) {
      // "If the server does not support it, it must send a valid header and close" (protocol, 4.2.2).
      this.#socket.end(protocolHeader);
      this.#phase = "closing";
      return undefined;
    }
    if (head.length < protocolHeader.length) return undefined;
    this.#phase = "handshake";
    this.#handshake.start();
    return this.#early.subarray(protocolHeader.length);
  }

  #frame(frame: Frame): void {
    let method: Method | undefined;
    try {
      switch (frame.type) {
        case frameTypes.heartbeat:
          return;
        case frameTypes.method:
          method = readMethod(frame.payload);
          return this.#method(frame.channel, method);
        case frameTypes.header:
          return this.#openChannel(frame.channel)?.contentHeader(frame.payload);
        case frameTypes.body:
          return this.#openChannel(frame.channel)?.contentBody(frame.payload);
        default:
          throw new AmqpError(501, `unknown frame type ${frame.type}`, "none");
      }
    } catch (error) {
      const isContent = frame.type === frameTypes.header || frame.type === frameTypes.body;
      this.#fail(error, frame.channel, isContent ? "basic.publish" : method?.name);
    }
  }

  #openChannel(number: number): Channel | undefined {
    if (this.#phase !== "open") return undefined;
    const channel = this.#channels.get(number);
    if (channel === undefined) throw new AmqpError(504, "content on a channel that is not open");
    return channel;
  }

  #method(number: number, method: Method): void {
    if (number === 0) return this.#connectionMethod(method);
    if (this.#phase === "closing" || this.#phase === "closed") return;
    if (this.#phase !== "open") throw new AmqpError(503, "the connection is not open yet");
    const channel = this.#channels.get(number);
    if (channel !== undefined) return channel.method(method);
    if (method.name === "channel.open") return this.#addChannel(number);
    // Late answers of a client to a channel that has ended meanwhile.
    if (method.name === "channel.close-ok") return;
    if (method.name === "channel.close") return this.send(number, "channel.close-ok", {});
    throw new AmqpError(504, "expected 'channel.open'");
  }

  #addChannel(number: number): void {
    const { channelMax } = this.#handshake.session;
    const { size } = this.#channels;
    if (size >= channelMax) {
      const text = `number of channels opened (${size}) has reached the negotiated channel_max (${channelMax})`;
      throw new AmqpError(530, text, "none");
    }
    this.#channels.set(number, new Channel(this, this.#options.vhost, number));
    this.send(number, "channel.open-ok", { reserved1: "" });
  }

  channelEnded(number: number): void {
    this.#channels.delete(number);
  }

  #connectionMethod(method: Method): void {
    if (method.name === "connection.close") {
      for (const channel of this.#channels.values()) channel.confirms.flush();
      this.#release();
      this.#phase = "closing";
      this.send(0, "connection.close-ok", {});
      this.#socket.end();
      return this.#cutOffLater();
    }
    if (method.name === "connection.close-ok") return void this.#socket.end();
    if (this.#phase === "closing" || this.#phase === "closed") return;
    if (this.#phase === "open") throw new AmqpError(503, `${method.name} on an open connection`);
    if (!this.#handshake.method(method)) return;
    this.#phase = "open";
    clearTimeout(this.#deadline);
    this.#reader.maxFrameBytes = this.#handshake.session.maxFrameBytes;
    this.#heartbeats.start(this.#handshake.session.heartbeatSeconds);
  }

  /** Tells the client what it did wrong, by closing the channel or the connection. */
  #fail(error: unknown, channelNumber: number, method?: MethodName): void {
    if (this.#phase === "closing" || this.#phase === "closed") return;
    if (error instanceof SilentRefusal) return void this.#socket.end();
    const known = error instanceof AmqpError ? error : new AmqpError(541, String(error));
    const channel = this.#channels.get(channelNumber);
    if (known.closesConnection || channel === undefined) return this.close(known, method);
    channel.close(createReason(known, method));
  }

  /** Closes from this side: says why, waits a little for close-ok, then ends the socket. */
  close(reason: AmqpError, method?: MethodName): void {
    if (this.#phase === "closing" || this.#phase === "closed") return;
    if (this.#phase === "header") return void this.#socket.destroy();
    this.#release();
    this.#phase = "closing";
    this.send(0, "connection.close", createReason(reason, method));
    this.#cutOffLater();
  }

  #cutOffLater(): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#socket.destroy(), this.#options.limits.closeTimeoutMillis);
  }

  #release(): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.end();
    this.#options.vhost.deleteQueuesOf(this);
  }

  #ended(): void {
    clearTimeout(this.#deadline);
    this.#heartbeats.stop();
    this.#release();
    this.#phase = "closed";
    this.#options.onEnd();
  }
}

/** Reply text is a short string: 255 bytes at most. */
function createReason(error: AmqpError, method: MethodName | undefined): Arguments<"connection.close"> {
  const name = error.method ?? method ?? "none";
  const [classId, id] = name === "none" ? [0, 0] : methodId(name);
  return { replyCode: error.code, replyText: error.message.slice(0, 255), classId, methodId: id };
}
