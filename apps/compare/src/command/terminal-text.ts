import stringWidth from "string-width";

/** Of a longer text for each of its columns no more is looked at: names come from anywhere, and may be megabytes. */
const maxUnitsOfColumn = 32;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Names come from anywhere: no line breaks and no control characters reach the terminal. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "�");
}

/** At most `columns` wide, the last one then an ellipsis; Chinese characters and emoji take two. */
export function cutToWidth(text: string, columns: number): string {
  const start = text.slice(0, columns * maxUnitsOfColumn);
  if (start.length === text.length && stringWidth(text) <= columns) return text;
  const [first = ""] = splitByWidth(start, columns - 1);
  return `${first}…`;
}

/** Filled with blanks to `columns`. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

/** Cut or filled to exactly `columns`. */
export function fitToWidth(text: string, columns: number): string {
  return padToWidth(cutToWidth(text, columns), columns);
}

/** Columns that the text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** Lines of at most `columns`, broken between words where there are any. */
export function wrapToWidth(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<= )/)) {
    if (stringWidth(line + word.trimEnd()) <= columns) {
      line += word;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    const pieces = splitByWidth(word, columns);
    line = pieces.pop() ?? "";
    for (const piece of pieces) lines.push(piece);
  }
  lines.push(line.trimEnd());
  return lines;
}

/** A character wider than all columns is a piece of its own. */
function splitByWidth(text: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const segmentWidth = stringWidth(segment);
    if (width + segmentWidth > columns && piece !== "") {
      pieces.push(piece);
      piece = "";
      width = 0;
    }
    piece += segment;
    width += segmentWidth;
  }
  pieces.push(piece);
  return pieces;
}
