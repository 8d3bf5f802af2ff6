// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import dev.etch.compress.training.Restriction;
import dev.etch.op.Quantization;

/** Weights are those that integers stand for, of which the quantized network keeps the integers. */
public interface IntegerWeights extends Restriction {
  /**
   * The quantization under which allowed weights are integers.
   *
   * @param allowed what {@link #restrict} gives
   */
  Quantization quantization(float[] allowed);
}
