// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.Objects;

/**
 * One frame as the bit-exact reference computed it; the driver's tests compare with it.
 *
 * @param modelInput what the user gives
 * @param acceleratorInput after the host's first part, row-major
 * @param acceleratorOutput after the accelerator, row-major
 * @param modelOutput after the host's last part
 */
public record ReferenceVector(
    Tensor modelInput,
    IntegerTensor acceleratorInput,
    IntegerTensor acceleratorOutput,
    Tensor modelOutput) {
  public ReferenceVector {
    Objects.requireNonNull(modelInput);
    Objects.requireNonNull(acceleratorInput);
    Objects.requireNonNull(acceleratorOutput);
    Objects.requireNonNull(modelOutput);
  }
}
