/** A point whose label has to be put somewhere near it. */
export interface LabelRequest {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Left top corner of a label's box. */
export interface PlacedLabel {
  readonly left: number;
  readonly top: number;
  /** So far from its point that a line should join them. */
  readonly distant: boolean;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const directions = [
  [1, 0],
  [-1, 0],
  [1, -0.7],
  [-1, -0.7],
  [1, 0.7],
  [-1, 0.7],
  [0, -1],
  [0, 1],
] as const;
const distances = [7, 16, 28, 42, 60];

const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

/**
 * Puts labels beside their points, one after the other: of eight directions and five distances the one that overlaps labels already put,
 * the points given and the frame least, near ones first.
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  frame: Box,
  avoid: readonly { readonly x: number; readonly y: number }[] = [],
): PlacedLabel[] {
  const taken: Box[] = requests.map(({ x, y }) => around(x, y, 5));
  const points = avoid.map(({ x, y }) => around(x, y, 3));
  return requests.map((request) => {
    let best: { box: Box; cost: number; distance: number } | undefined;
    for (const distance of distances) {
      for (const [dx, dy] of directions) {
        const box = boxAt(request, dx, dy, distance);
        const area = request.width * request.height;
        const outside = area - overlap(box, frame);
        let cost = distance * 3 + outside * 20;
        for (const other of taken) cost += overlap(box, other) * 8;
        for (const point of points) cost += overlap(box, point);
        if (!best || cost < best.cost) best = { box, cost, distance };
      }
    }
    const { box, distance } = best as NonNullable<typeof best>;
    taken.push(box);
    return { left: box.left, top: box.top, distant: distance > 7 };
  });
}

function around(x: number, y: number, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius };
}

function boxAt(request: LabelRequest, dx: number, dy: number, distance: number): Box {
  const { x, y, width, height } = request;
  const left = dx > 0 ? x + distance : dx < 0 ? x - distance - width : x - width / 2;
  const top = y + dy * distance - height / 2 + (dx === 0 ? dy * (height / 2) : 0);
  return { left, top, right: left + width, bottom: top + height };
}
