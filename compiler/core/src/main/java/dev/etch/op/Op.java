// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * An operator: its attributes are the record components, and the methods give its type inference
 * and its reference meaning. No method has a default, so that javac rejects an incomplete operator.
 * The {@code permits} clauses of its kinds are the registry that {@link Operators} walks, and what
 * a layer of the compiler does with each operator is in an {@link OperatorTable}.
 *
 * <p>Weights are operands like any other; they come from {@link Constant} nodes.
 */
public sealed interface Op permits AnyElementOp, ConversionOp, FloatOp, IntegerOp {

  /**
   * Types of the results.
   *
   * @throws OperatorException if the operands' number, types or shapes do not fit
   */
  List<TensorType> infer(List<TensorType> operands);

  /**
   * The results, exactly as the operator is defined: this is the specification that faster kernels
   * and hardware are compared with. Operands fit {@link #infer}.
   */
  List<Tensor> evaluate(List<Tensor> operands);
}
