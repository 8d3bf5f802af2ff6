// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * An operator: its attributes are the record components, and the methods give its type inference
 * and its reference meaning. No method has a default, so that javac rejects an incomplete operator;
 * the {@code permits} clause is the registry that documentation and completeness tests walk.
 *
 * <p>Weights are operands like any other; they come from {@link Constant} nodes.
 */
public sealed interface Op
    permits Add,
        ArgMax,
        AveragePool2d,
        BatchNormalization,
        BatchToSpace,
        BilinearResize2d,
        Clip,
        Concat,
        Constant,
        Conv2d,
        ConvTranspose2d,
        Dense,
        Dequantize,
        Elu,
        Extremum,
        Gelu,
        HardSigmoid,
        HardSwish,
        IntegerConv2d,
        IntegerDense,
        IntegerMultiply,
        IntegerSumPool2d,
        InterpolatedSoftmax,
        LeakyRelu,
        Linear,
        LinearResize2d,
        LogSoftmax,
        Lookup,
        MaxPool2d,
        Mish,
        Multiply,
        NearestResize2d,
        PRelu,
        Pad,
        Quantize,
        QuantizeTiesAway,
        QuantizedAdd,
        QuantizedLogSoftmax,
        QuantizedSoftmax,
        RealQuantize,
        ReduceMean2d,
        Relu,
        Requantize,
        Reshape,
        Sigmoid,
        Slice,
        Softmax,
        Softplus,
        SpaceToBatch,
        TableSoftmax,
        Tanh,
        Transpose {

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
