/** Asks the browser for the whole screen. Where it cannot or will not, the page is shown all the same. */
export async function fillScreen(): Promise<void> {
  try {
    await document.documentElement.requestFullscreen?.();
  } catch {
    // It may be forbidden by the person, the device or the page around.
  }
}

export async function leaveFullScreen(): Promise<void> {
  try {
    if (fillsScreen()) await document.exitFullscreen();
  } catch {
    // It was left in the same moment.
  }
}

/** Whether the page has the whole screen. */
export function fillsScreen(): boolean {
  return Boolean(document.fullscreenElement);
}
