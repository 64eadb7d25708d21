import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { TraceSpan } from "@tracebridge/comparison";

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** How something is printed. */
export interface PrintOptions {
  colours: boolean;
  /** Columns of the terminal. */
  width: number;
}

/** What a terminal has and a pipe has not. */
type OutputStream = Partial<Pick<WriteStream, "columns" | "hasColors">>;

/** Columns of a pipe or a file: nothing but monsters is cut there. */
const pipeWidth = 160;
/** Nothing can be told in fewer columns. */
const minWidth = 40;
const serviceColours: readonly Style[] = ["cyan", "magenta", "yellow", "blue", "green"];

/** FORCE_COLOR and NO_COLOR as Node.js reads them; a pipe has no colours, and 160 columns unless COLUMNS tells. */
export function readPrintOptions(stream: OutputStream, env: NodeJS.ProcessEnv): PrintOptions {
  const forced = env["FORCE_COLOR"];
  const columns = stream.columns ?? Number(env["COLUMNS"]);
  return {
    colours: forced === undefined ? (stream.hasColors?.() ?? false) : !/^(0|false)$/.test(forced),
    width: Math.max(columns > 0 ? Math.floor(columns) : pipeWidth, minWidth),
  };
}

export function createPaint({ colours }: PrintOptions): Paint {
  return (style, text) => (colours && text !== "" ? styleText(style, text, { validateStream: false }) : text);
}

/** The same service has the same colour on both sides. */
export function chooseServiceStyles(
  spans: readonly Pick<TraceSpan, "service">[],
): (service: string) => Style {
  const services = [...new Set(spans.map(({ service }) => service))];
  const styles = new Map(
    services.map((service, index) => [service, serviceColours[index % serviceColours.length] ?? "cyan"]),
  );
  return (service) => styles.get(service) ?? "cyan";
}
