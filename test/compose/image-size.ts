import type { Engine } from "./engine.ts";

const mebibyte = 1024 * 1024;

/** Size of our image and of what we add to its base image, which here is a stand-in of another size than the real one. */
export async function measureImage(engine: Engine): Promise<string> {
  const sizeOf = async (name: string): Promise<number> =>
    Number(await engine.docker("image", "inspect", "--format", "{{.Size}}", name));
  const [own, base] = [await sizeOf("tracebridge:local"), await sizeOf("tracebridge-stand-in/node")];
  const inMebibytes = (bytes: number): string => `${Math.round(bytes / mebibyte)} MiB`;
  return (
    `${inMebibytes(own)} unpacked, of which the stand-in for the Node.js base image is ${inMebibytes(base)}: ` +
    `what we add is ${inMebibytes(own - base)}.`
  );
}
