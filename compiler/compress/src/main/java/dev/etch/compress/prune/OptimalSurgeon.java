// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.InputProducts;
import dev.etch.diagnostic.CompilerBug;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Prunes the weights of a layer whose loss changes its outputs least, and moves the others so that
 * outputs change least: {@code w * w / inverse(H)[w, w]} is what an output loses with a weight
 * alone, where H are the means of products of inputs; of all weights that go, the squared error of
 * those that stay is made least by solving for them at once. Sources: B. Hassibi, D. Stork, Second
 * Order Derivatives for Network Pruning: Optimal Brain Surgeon, NIPS 1992; layer by layer: X. Dong,
 * S. Chen, S. J. Pan, Learning to Prune Deep Neural Networks via Layer-wise Optimal Brain Surgeon,
 * NIPS 2017.
 *
 * @param mask of what stays
 * @param weights with zeros where pruned
 */
public record OptimalSurgeon(Mask mask, float[] weights) {
  /**
   * Prunes a layer.
   *
   * @param weights row-major, outputs first; zeros stay zero
   * @param count weights that stay, at most all that are not zero
   * @param damping is added to the diagonal of H, as a part of its mean; above 0, so that inputs
   *     which are always zero do no harm
   */
  public static OptimalSurgeon prune(
      float[] weights, InputProducts products, int count, double damping) {
    int inputs = products.inputs();
    DMatrixRMaj[] curvatures = new DMatrixRMaj[products.groups()];
    float[] losses = new float[weights.length];
    for (int group = 0; group < curvatures.length; group++) {
      curvatures[group] = damped(products.means(group), inputs, damping);
    }
    double[][] inverses =
        Arrays.stream(curvatures).map(OptimalSurgeon::inverse).toArray(double[][]::new);
    int present = 0;
    for (int i = 0; i < weights.length; i++) {
      double diagonal = inverses[products.group(i / inputs)][i % inputs];
      losses[i] = (float) ((double) weights[i] * weights[i] / diagonal);
      present += weights[i] == 0 ? 0 : 1;
    }
    Mask mask = Magnitudes.largest(losses, Math.min(count, present));
    float[] moved = new float[weights.length];
    for (int from = 0; from < weights.length; from += inputs) {
      DMatrixRMaj curvature = curvatures[products.group(from / inputs)];
      solve(weights, mask.kept(), from, curvature, moved);
    }
    return new OptimalSurgeon(mask, moved);
  }

  private static DMatrixRMaj damped(double[] means, int inputs, double damping) {
    DMatrixRMaj matrix = new DMatrixRMaj(inputs, inputs, true, means);
    double added = damping * CommonOps_DDRM.trace(matrix) / inputs;
    for (int i = 0; i < inputs; i++) {
      // Nothing at all comes in: every choice is as good.
      matrix.add(i, i, added > 0 ? added : 1);
    }
    return matrix;
  }

  /** The diagonal of the inverse. */
  private static double[] inverse(DMatrixRMaj matrix) {
    DMatrixRMaj inverse = new DMatrixRMaj(matrix.numRows, matrix.numCols);
    solver(matrix).invert(inverse);
    double[] diagonal = new double[matrix.numRows];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = inverse.get(i, i);
    }
    return diagonal;
  }

  private static LinearSolverDense<DMatrixRMaj> solver(DMatrixRMaj matrix) {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(matrix.numRows);
    if (!solver.setA(matrix.copy())) {
      throw new CompilerBug("damped products are not positive definite");
    }
    return solver;
  }

  /**
   * Of the weights w of an output those that stay, K, become {@code inverse(H[K, K]) * H[K, all] *
   * w}.
   */
  private static void solve(
      float[] weights, boolean[] kept, int from, DMatrixRMaj curvature, float[] into) {
    int inputs = curvature.numRows;
    int[] stay = new int[inputs];
    int count = 0;
    for (int i = 0; i < inputs; i++) {
      if (kept[from + i]) {
        stay[count++] = i;
      }
    }
    if (count == 0) {
      return;
    }
    DMatrixRMaj left = new DMatrixRMaj(count, count);
    DMatrixRMaj right = new DMatrixRMaj(count, 1);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        left.set(i, j, curvature.get(stay[i], stay[j]));
      }
      double sum = 0;
      for (int j = 0; j < inputs; j++) {
        sum += curvature.get(stay[i], j) * weights[from + j];
      }
      right.set(i, sum);
    }
    DMatrixRMaj solution = new DMatrixRMaj(count, 1);
    solver(left).solve(right, solution);
    for (int i = 0; i < count; i++) {
      into[from + stay[i]] = (float) solution.get(i);
    }
  }
}
