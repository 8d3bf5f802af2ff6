// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.tflite.schema.Activation;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Every operator that is read in models of floats, which are compressed and not compiled. */
public final class FloatOperatorRegistry {
  private static final Map<BuiltinOperator, OperatorReader> READERS = readers();

  private FloatOperatorRegistry() {}

  private static Map<BuiltinOperator, OperatorReader> readers() {
    Map<BuiltinOperator, OperatorReader> readers = new EnumMap<>(BuiltinOperator.class);
    readers.put(BuiltinOperator.ADD, new FloatAddReader());
    readers.put(BuiltinOperator.AVERAGE_POOL_2D, new FloatPoolReader(false));
    readers.put(BuiltinOperator.CONV_2D, new FloatConvReader(ConvolutionFields.CONV));
    readers.put(
        BuiltinOperator.DEPTHWISE_CONV_2D, new FloatConvReader(ConvolutionFields.DEPTHWISE));
    readers.put(BuiltinOperator.EXPAND_DIMS, new ReshapeReader());
    readers.put(BuiltinOperator.FULLY_CONNECTED, new FloatDenseReader());
    readers.put(BuiltinOperator.MAX_POOL_2D, new FloatPoolReader(true));
    readers.put(BuiltinOperator.MEAN, new FloatMeanReader());
    readers.put(BuiltinOperator.RELU, new FloatActivationReader(Activation.RELU));
    readers.put(BuiltinOperator.RELU6, new FloatActivationReader(Activation.RELU6));
    readers.put(BuiltinOperator.RELU_N1_TO_1, new FloatActivationReader(Activation.RELU_N1_TO_1));
    readers.put(BuiltinOperator.RESHAPE, new ReshapeReader());
    readers.put(BuiltinOperator.SOFTMAX, new SoftmaxReader());
    readers.put(BuiltinOperator.SQUEEZE, new ReshapeReader());
    readers.put(BuiltinOperator.TRANSPOSE, new TransposeReader());
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
