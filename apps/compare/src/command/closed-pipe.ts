/**
 * Calls `end` when whoever reads this program's output has gone, as `head` does after ten lines: that is no failure, and
 * changes no answer already given. Unless told, ends the process.
 */
export function onClosedPipe(end: () => void = () => process.exit()): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    end();
  });
}
