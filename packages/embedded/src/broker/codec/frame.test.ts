import { describe, expect, it } from "vitest";
import { createBodyFrames, createHeaderFrame, createMethodFrame, FrameReader, type Frame } from "./frame.ts";

const flowFrame = Buffer.from([1, 0, 7, 0, 0, 0, 5, 0, 20, 0, 20, 1, 0xce]);

function read(bytes: Buffer, step = bytes.length, maxFrameBytes = 4096): Frame[] {
  const reader = new FrameReader(maxFrameBytes);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += step) frames.push(...reader.push(bytes.subarray(at, at + step)));
  return frames;
}

describe("frames", () => {
  it("are written as the protocol lays them out", () => {
    expect(createMethodFrame(7, "channel.flow", { active: true })).toEqual(flowFrame);
    const header = createHeaderFrame(1, 5, Buffer.from([0, 0]));
    expect(header.toString("hex")).toBe("0200010000000e003c000000000000000000050000ce");
  });

  it.for([1, 2, 7, 12, 100])("are read from pieces of %i bytes", (step) => {
    const bytes = Buffer.concat([flowFrame, ...createBodyFrames(7, Buffer.alloc(30, "x"), 20), flowFrame]);
    const frames = read(bytes, step);
    expect(frames.map(({ type, channel }) => [type, channel])).toEqual([
      [1, 7],
      [3, 7],
      [3, 7],
      [3, 7],
      [1, 7],
    ]);
    expect(Buffer.concat(frames.slice(1, 4).map(({ payload }) => payload)).toString()).toBe("x".repeat(30));
  });

  it("of an empty body are none", () => {
    expect(createBodyFrames(1, Buffer.alloc(0), 4096)).toEqual([]);
  });

  it("longer than agreed are refused before they are there", () => {
    const head = Buffer.from([1, 0, 1, 0xff, 0xff, 0xff, 0xff]);
    expect(() => read(head)).toThrow(/^FRAME_ERROR - a frame of 4294967303 bytes is larger than the 4096/);
    expect(
      read(
        Buffer.concat([Buffer.from([3, 0, 1, 0, 0, 0x0f, 0xf8]), Buffer.alloc(4088), Buffer.from([0xce])]),
      ),
    ).toHaveLength(1);
  });

  it("without their end octet are refused", () => {
    const bytes = Buffer.from(flowFrame);
    bytes[12] = 0;
    expect(() => read(bytes)).toThrow("FRAME_ERROR - a frame does not end with octet 206");
  });
});
