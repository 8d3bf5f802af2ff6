// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Every operator that the importer reads: the one list to extend. */
public final class OperatorRegistry {
  private static final Map<BuiltinOperator, OperatorReader> READERS = readers();

  private OperatorRegistry() {}

  private static Map<BuiltinOperator, OperatorReader> readers() {
    Map<BuiltinOperator, OperatorReader> readers = new EnumMap<>(BuiltinOperator.class);
    readers.put(BuiltinOperator.ADD, new AddReader(false));
    readers.put(BuiltinOperator.ARG_MAX, new ArgMaxReader());
    readers.put(BuiltinOperator.AVERAGE_POOL_2D, new AveragePoolReader());
    readers.put(BuiltinOperator.BATCH_TO_SPACE_ND, new BatchReader(true));
    readers.put(BuiltinOperator.CONCATENATION, new ConcatenationReader());
    readers.put(BuiltinOperator.CONV_2D, new ConvReader());
    readers.put(BuiltinOperator.DENSIFY, new DensifyReader());
    readers.put(BuiltinOperator.DEPTHWISE_CONV_2D, new DepthwiseConvReader());
    readers.put(BuiltinOperator.DEPTH_TO_SPACE, new BlockReader(true));
    readers.put(BuiltinOperator.DEQUANTIZE, new DequantizeReader());
    readers.put(BuiltinOperator.ELU, new RealFunctionReader(RealFunctionReader.Kind.ELU));
    readers.put(BuiltinOperator.EXPAND_DIMS, new ReshapeReader());
    readers.put(BuiltinOperator.FULLY_CONNECTED, new FullyConnectedReader());
    readers.put(BuiltinOperator.GELU, new RealFunctionReader(RealFunctionReader.Kind.GELU));
    readers.put(BuiltinOperator.HARD_SWISH, new HardSwishReader());
    readers.put(BuiltinOperator.LEAKY_RELU, new LeakyReluReader());
    readers.put(
        BuiltinOperator.LOGISTIC, new SmoothFunctionReader(SmoothFunctionReader.Function.LOGISTIC));
    readers.put(BuiltinOperator.LOG_SOFTMAX, new LogSoftmaxReader());
    readers.put(BuiltinOperator.MAXIMUM, new LargerReader(false));
    readers.put(BuiltinOperator.MINIMUM, new LargerReader(true));
    readers.put(BuiltinOperator.MAX_POOL_2D, new MaxPoolReader());
    readers.put(BuiltinOperator.MEAN, new MeanReader());
    readers.put(BuiltinOperator.MIRROR_PAD, new MirrorPadReader());
    readers.put(BuiltinOperator.MUL, new MulReader());
    readers.put(BuiltinOperator.PAD, new PadReader());
    readers.put(BuiltinOperator.PADV2, new PadReader());
    readers.put(BuiltinOperator.PRELU, new PreluReader());
    readers.put(BuiltinOperator.QUANTIZE, new QuantizeReader());
    readers.put(BuiltinOperator.REDUCE_MAX, new ReduceMaxReader());
    readers.put(BuiltinOperator.RELU, new ActivationReader(Activation.RELU));
    readers.put(BuiltinOperator.RELU6, new ActivationReader(Activation.RELU6));
    readers.put(BuiltinOperator.RELU_N1_TO_1, new ActivationReader(Activation.RELU_N1_TO_1));
    readers.put(BuiltinOperator.RESHAPE, new ReshapeReader());
    readers.put(BuiltinOperator.RESIZE_BILINEAR, new ResizeBilinearReader());
    readers.put(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, new ResizeNearestReader());
    readers.put(BuiltinOperator.SLICE, new SliceReader());
    readers.put(BuiltinOperator.SOFTMAX, new SoftmaxReader());
    readers.put(BuiltinOperator.SPACE_TO_BATCH_ND, new BatchReader(false));
    readers.put(BuiltinOperator.SPACE_TO_DEPTH, new BlockReader(false));
    readers.put(BuiltinOperator.SPLIT, new SplitReader());
    readers.put(BuiltinOperator.SQUEEZE, new ReshapeReader());
    readers.put(BuiltinOperator.STRIDED_SLICE, new StridedSliceReader());
    readers.put(BuiltinOperator.SUB, new AddReader(true));
    readers.put(BuiltinOperator.TANH, new SmoothFunctionReader(SmoothFunctionReader.Function.TANH));
    readers.put(BuiltinOperator.TILE, new TileReader());
    readers.put(BuiltinOperator.TRANSPOSE, new TransposeReader());
    readers.put(BuiltinOperator.TRANSPOSE_CONV, new TransposeConvReader());
    readers.put(
        BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, new UnidirectionalSequenceLstmReader());
    return Collections.unmodifiableMap(readers);
  }

  /** All operators with their readers, in the schema's order. */
  public static Map<BuiltinOperator, OperatorReader> all() {
    return READERS;
  }

  /** The reader for an operator, if there is one. */
  public static Optional<OperatorReader> reader(BuiltinOperator operator) {
    return Optional.ofNullable(READERS.get(operator));
  }
}
