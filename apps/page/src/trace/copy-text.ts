/** Puts a text onto the clipboard; false when the browser does not let us. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Missing outside https and localhost, whatever its type says.
    // https://developer.mozilla.org/en-US/docs/Web/API/Navigator/clipboard
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard !== undefined) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused by a permission or because the page has no focus: the older way may still work.
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  box.className = "out-of-sight";
  document.body.append(box);
  box.select();
  try {
    // Deprecated, and the only way that works on plain http.
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    box.remove();
    if (focused instanceof HTMLElement) focused.focus();
  }
}
