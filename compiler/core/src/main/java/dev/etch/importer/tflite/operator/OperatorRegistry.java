// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

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
    readers.put(BuiltinOperator.ADD, new AddReader());
    readers.put(BuiltinOperator.AVERAGE_POOL_2D, new AveragePoolReader());
    readers.put(BuiltinOperator.CONV_2D, new ConvReader());
    readers.put(BuiltinOperator.DEPTHWISE_CONV_2D, new DepthwiseConvReader());
    readers.put(BuiltinOperator.EXPAND_DIMS, new ReshapeReader());
    readers.put(BuiltinOperator.FULLY_CONNECTED, new FullyConnectedReader());
    readers.put(BuiltinOperator.MAX_POOL_2D, new MaxPoolReader());
    readers.put(BuiltinOperator.RESHAPE, new ReshapeReader());
    readers.put(BuiltinOperator.SOFTMAX, new SoftmaxReader());
    readers.put(BuiltinOperator.SQUEEZE, new ReshapeReader());
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
