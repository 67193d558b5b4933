import { shorten, textWidth } from '../text.ts';
import { wideEnough } from './frame.ts';

/** Where the parts of a chart with one row per thing stand. */
export interface RowLayout {
  /** Labels are above the marks, not beside them. */
  readonly stacked: boolean;
  readonly plotLeft: number;
  readonly plotRight: number;
  readonly rowHeight: number;
  /** From a row's top to its label's baseline. */
  readonly labelBaseline: number;
  /** From a row's top to the middle of its marks. */
  readonly markMiddle: number;
  label(text: string): string;
}

const fontSize = 12;
const bold = 1.12;

/** Lays out rows for a chart of the given width; `noteWidth` is what the text right of the marks needs. */
export function rowLayout(width: number, labels: readonly string[], noteWidth: number): RowLayout {
  const stacked = width < wideEnough;
  if (stacked) {
    const most = Math.floor((width - noteWidth) / 7);
    return {
      stacked,
      plotLeft: 8,
      plotRight: width - 10,
      rowHeight: 36,
      labelBaseline: 13,
      markMiddle: 24,
      label: (text) => shorten(text, most),
    };
  }
  const most = Math.floor((width * 0.42) / 7);
  const widest = Math.max(
    0,
    ...labels.map((text) => textWidth(shorten(text, most), fontSize) * bold),
  );
  return {
    stacked,
    plotLeft: widest + 16,
    plotRight: width - noteWidth - 14,
    rowHeight: 22,
    labelBaseline: 15,
    markMiddle: 11,
    label: (text) => shorten(text, most),
  };
}
