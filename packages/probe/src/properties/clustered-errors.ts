import { cholesky, choleskySolve, transpose } from '@feedprint/core/linear-algebra';
import { sumByGroup } from './columns.ts';
import type { Columns } from './columns.ts';

/** Coefficients with standard errors. */
export interface Fit {
  readonly weights: Float64Array;
  readonly errors: Float64Array;
}

export interface ClusteredErrors {
  /** Second derivatives of the objective, `[columns, columns]`. */
  readonly hessian: Float64Array;
  /** First derivatives of each row's part of the objective, one array per coefficient. */
  readonly scores: Columns;
  /** Number of each row's group; rows of different groups are independent. */
  readonly groups: ArrayLike<number>;
}

/**
 * Standard errors that allow any dependence within groups, `[columns]`: the sandwich of Liang and Zeger (1986) with the
 * factor groups / (groups - 1). Throws `numbers-invalid` for a Hessian that is not positive definite.
 */
export function clusteredErrors({ hessian, scores, groups }: ClusteredErrors): Float64Array {
  const columns = scores.length;
  const factor = cholesky(hessian, columns, {
    what: 'the information on properties of replies',
    remedy: 'leave out properties that others determine',
  });
  const sums = sumByGroup(scores, groups);
  const used = new Set(Array.from(groups)).size;
  const errors = new Float64Array(columns);
  const parts = transpose(sums);
  for (let j = 0; j < columns; j++) {
    const unit = new Float64Array(columns);
    unit[j] = 1;
    const influence = choleskySolve(factor, unit);
    let square = 0;
    for (let g = 0; g < sums.rows; g++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        sum += (influence[k] as number) * (parts.data[k * sums.rows + g] as number);
      }
      square += sum * sum;
    }
    errors[j] = Math.sqrt((square * used) / Math.max(1, used - 1));
  }
  return errors;
}
