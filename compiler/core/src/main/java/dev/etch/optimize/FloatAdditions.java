// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.MovedSum;
import dev.etch.op.requantization.RealSum;
import dev.etch.op.requantization.SumRequantization;
import java.util.Optional;

/**
 * The sums that ONNX Runtime computes in float32 and Etch exactly, so that their results can
 * differ; none for those whose definition is the framework's own arithmetic.
 */
final class FloatAdditions implements SumRequantization.Visitor<Optional<ExactSum>> {
  @Override
  public Optional<ExactSum> floatSum(FloatSum form) {
    return Optional.empty();
  }

  @Override
  public Optional<ExactSum> movedSum(MovedSum form) {
    return Optional.empty();
  }

  @Override
  public Optional<ExactSum> fixedPointSum(FixedPointSum form) {
    return Optional.empty();
  }

  @Override
  public Optional<ExactSum> exactSum(ExactSum form) {
    return Optional.of(form);
  }

  @Override
  public Optional<ExactSum> realSum(RealSum form) {
    return Optional.empty();
  }
}
