/**
 * Assigns each row of a cost matrix `[rows, columns]`, rows <= columns, a column of its own so that the total cost is as
 * low as possible (linear sum assignment). Shortest augmenting paths after Jonker and Volgenant (1987), for rectangular
 * matrices as in Crouse (2016). Exact and deterministic; O(rows^2 columns) at worst. Returns the column of each row.
 */
export function assign(cost: Float32Array, rows: number, columns: number): Int32Array {
  const state: Assignment = {
    cost,
    columns,
    u: new Float64Array(rows),
    v: new Float64Array(columns),
    columnOf: new Int32Array(rows).fill(-1),
    rowOf: new Int32Array(columns).fill(-1),
  };
  const free = reduceRows(state, reduceRows(state, start(state, rows)));
  const search: Search = {
    distance: new Float64Array(columns),
    from: new Int32Array(columns),
    open: new Int32Array(columns),
  };
  for (const row of free) augment(state, search, row);
  return state.columnOf;
}

/** Duals `u`, `v` with u_i + v_j <= cost_ij, with equality where i is assigned j, and v_j = 0 where j is free. */
interface Assignment {
  readonly cost: Float32Array;
  readonly columns: number;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly columnOf: Int32Array;
  readonly rowOf: Int32Array;
}

interface Search {
  /** Length of the shortest path known to each column. */
  readonly distance: Float64Array;
  /** Row before each column on that path. */
  readonly from: Int32Array;
  /** Columns whose shortest path is not settled; the first `left` entries. */
  readonly open: Int32Array;
}

/** Gives each row its cheapest column unless an earlier row has it; returns the rows left over. */
function start({ cost, columns, u, columnOf, rowOf }: Assignment, rows: number): number[] {
  const free: number[] = [];
  for (let i = 0; i < rows; i++) {
    let [least, best] = [Infinity, -1];
    for (let j = 0; j < columns; j++) {
      const value = cost[i * columns + j] as number;
      if (value < least) [least, best] = [value, j];
    }
    u[i] = least;
    if (rowOf[best] === -1) {
      rowOf[best] = i;
      columnOf[i] = best;
    } else free.push(i);
  }
  return free;
}

/**
 * Augmenting row reduction: a free row takes its cheapest column, whose price falls until the row's second choice is as
 * good; the row that had the column becomes free again. One pass; returns the rows left over.
 */
function reduceRows(
  { cost, columns, u, v, columnOf, rowOf }: Assignment,
  rows: number[],
): number[] {
  const free: number[] = [];
  for (const i of rows) {
    let [least, second, best] = [Infinity, Infinity, -1];
    for (let j = 0; j < columns; j++) {
      const value = (cost[i * columns + j] as number) - (v[j] as number);
      if (value >= second) continue;
      if (value < least) [second, least, best] = [least, value, j];
      else second = value;
    }
    const owner = rowOf[best] as number;
    if (owner !== -1 && !(least < second)) {
      u[i] = least;
      free.push(i);
      continue;
    }
    if (Number.isFinite(second)) v[best] = (v[best] as number) - (second - least);
    u[i] = (cost[i * columns + best] as number) - (v[best] as number);
    rowOf[best] = i;
    columnOf[i] = best;
    if (owner === -1) continue;
    columnOf[owner] = -1;
    free.push(owner);
  }
  return free;
}

/** Gives a free row a column along the shortest path of reassignments (Dijkstra over reduced costs). */
function augment(
  { cost, columns, u, v, columnOf, rowOf }: Assignment,
  search: Search,
  free: number,
): void {
  const { distance, from, open } = search;
  distance.fill(Infinity);
  for (let j = 0; j < columns; j++) open[j] = j;
  let [row, reached, left, sink] = [free, 0, columns, -1];
  while (sink === -1) {
    const base = reached - (u[row] as number);
    const offset = row * columns;
    let least = Infinity;
    let at = -1;
    let ends = false;
    for (let k = 0; k < left; k++) {
      const j = open[k] as number;
      const through = base + (cost[offset + j] as number) - (v[j] as number);
      let shortest = distance[j] as number;
      if (through < shortest) {
        distance[j] = shortest = through;
        from[j] = row;
      }
      // Among equally near columns, prefer a free one, which ends the search.
      if (shortest < least || (shortest === least && !ends && rowOf[j] === -1)) {
        least = shortest;
        at = k;
        ends = rowOf[j] === -1;
      }
    }
    reached = least;
    const j = open[at] as number;
    left--;
    open[at] = open[left] as number;
    open[left] = j;
    if (ends) sink = j;
    else row = rowOf[j] as number;
  }
  u[free] = (u[free] as number) + reached;
  for (let k = left; k < columns; k++) {
    const j = open[k] as number;
    if (j === sink) continue;
    const change = reached - (distance[j] as number);
    const owner = rowOf[j] as number;
    v[j] = (v[j] as number) - change;
    u[owner] = (u[owner] as number) + change;
  }
  for (let j = sink, i = -1; i !== free;) {
    i = from[j] as number;
    rowOf[j] = i;
    const previous = columnOf[i] as number;
    columnOf[i] = j;
    j = previous;
  }
}
