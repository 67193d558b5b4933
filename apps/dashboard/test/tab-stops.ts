import type { Page } from 'playwright-core';

/** Where Tab came to. */
export interface TabStop {
  /** How it is called. */
  readonly name: string;
  /** Its place among all elements of the page. */
  readonly place: number;
  /** Whether it is in view, with an outline that says that it has the focus. */
  readonly isSeen: boolean;
}

/** Presses Tab (or Shift+Tab) from the start (or the end) of a page until it leaves the page. Throws where that takes too long. */
export async function tabStops(page: Page, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<TabStop[]> {
  const stops: TabStop[] = [];
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { left, right, top, bottom } = focused.getBoundingClientRect();
      const isInView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
      return {
        name: `${focused.tagName.toLowerCase()} ${focused.getAttribute('aria-label') ?? focused.textContent.trim().slice(0, 40)}`,
        place: [...document.querySelectorAll('*')].indexOf(focused),
        isSeen:
          isInView &&
          (focused.tagName === 'IFRAME' || // What is in it has the outline.
            (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1)),
      };
    });
    if (!stop || stop.place === stops[0]?.place) return stops;
    stops.push(stop);
  }
  throw new Error(
    `Tab does not come to an end: ${stops
      .slice(-5)
      .map(({ name }) => name)
      .join(', ')}`,
  );
}

/** Everything on a page that does something, but for rows of a list after the first, tokens after the first, and what is folded away. */
export const interactive = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button:not(:disabled), input, select, textarea, summary, iframe, [tabindex="0"], [contenteditable]',
      ),
    ];
    const isShown = (element: HTMLElement): boolean => element.checkVisibility();
    const isInner = (element: HTMLElement): boolean => element.closest('.rows-row, .heat') !== null;
    return all
      .filter((element) => isShown(element) && (!isInner(element) || element.tabIndex === 0))
      .map(
        (element) =>
          `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 40)}`,
      );
  });
