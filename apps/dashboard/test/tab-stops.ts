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

/** Presses Tab (or Shift+Tab) so many times. */
export async function tabStops(
  page: Page,
  presses: number,
  key: 'Tab' | 'Shift+Tab' = 'Tab',
): Promise<TabStop[]> {
  await page.evaluate(() => {
    const stops: TabStop[] = [];
    Object.assign(globalThis, { stops });
    addEventListener('focusin', ({ target }) => {
      const focused = target as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { left, right, top, bottom } = focused.getBoundingClientRect();
      const isInView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
      const text = focused.getAttribute('aria-label') ?? focused.textContent.trim().slice(0, 40);
      stops.push({
        name: `${focused.tagName.toLowerCase()} ${text}`,
        place: [...document.querySelectorAll('*')].indexOf(focused),
        isSeen: isInView && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
      });
    });
  });
  for (let press = 0; press < presses; press++) await page.keyboard.press(key);
  return page.evaluate(() => (globalThis as unknown as { stops: TabStop[] }).stops);
}

/** Everything on a page that does something, but for frames, rows of a list after the first, tokens after the first, and what is folded away. */
export const interactive = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button:not(:disabled), input, select, textarea, summary, [tabindex="0"], [contenteditable]',
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
