// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import dev.etch.diagnostic.CompilerBug;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The singular value decomposition of a matrix, {@code left * diagonal(values) * right}. Cut off
 * behind the largest values it is the nearest matrix of that rank, in the sum of squared errors.
 * Source: C. Eckart, G. Young, The Approximation of One Matrix by Another of Lower Rank,
 * Psychometrika 1, 1936.
 *
 * @param left [rows, ranks], columns are orthonormal
 * @param values descending, at least 0
 * @param right [ranks, columns], rows are orthonormal
 */
record SingularValues(double[][] left, double[] values, double[][] right) {
  /** The decomposition of a matrix that has an element. */
  static SingularValues of(double[][] matrix) {
    DMatrixRMaj input = new DMatrixRMaj(matrix);
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(input.numRows, input.numCols, true, true, true);
    if (!svd.decompose(input.copy())) {
      throw new CompilerBug("no singular values of a finite matrix");
    }
    DMatrixRMaj left = svd.getU(null, false);
    DMatrixRMaj right = svd.getV(null, true);
    DMatrixRMaj middle = svd.getW(null);
    SingularOps_DDRM.descendingOrder(left, false, middle, right, true);
    int ranks = Math.min(input.numRows, input.numCols);
    double[] values = new double[ranks];
    for (int rank = 0; rank < ranks; rank++) {
      values[rank] = middle.get(rank, rank);
    }
    return new SingularValues(
        array(left, input.numRows, ranks), values, array(right, ranks, input.numCols));
  }

  private static double[][] array(DMatrixRMaj matrix, int rows, int columns) {
    double[][] result = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[row][column] = matrix.get(row, column);
      }
    }
    return result;
  }
}
