// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * One frame as the bit-exact reference computed it; the driver's tests compare with it.
 *
 * @param modelInput what the user gives
 * @param acceleratorInput after the host's first part, row-major
 * @param acceleratorOutputs after the accelerator, row-major
 * @param modelOutputs after the host's last part
 */
public record ReferenceVector(
    Tensor modelInput,
    IntegerTensor acceleratorInput,
    List<IntegerTensor> acceleratorOutputs,
    List<Tensor> modelOutputs) {
  public ReferenceVector {
    Objects.requireNonNull(modelInput);
    Objects.requireNonNull(acceleratorInput);
    acceleratorOutputs = List.copyOf(acceleratorOutputs);
    modelOutputs = List.copyOf(modelOutputs);
  }
}
