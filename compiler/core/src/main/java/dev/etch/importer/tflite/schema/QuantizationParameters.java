// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

import java.util.List;

/**
 * {@code QuantizationParameters} of the schema.
 *
 * @param scales none, one for the tensor, or one a channel
 * @param zeroPoints as many, or none
 * @param detailsType 0, or which other kind of quantization this is
 * @param axis of the channels
 */
public record QuantizationParameters(
    List<Float> scales, List<Long> zeroPoints, int detailsType, int axis) {
  private static final int SCALE = 2;
  private static final int ZERO_POINT = 3;
  private static final int DETAILS_TYPE = 4;
  private static final int QUANTIZED_DIMENSION = 6;

  public QuantizationParameters {
    scales = List.copyOf(scales);
    zeroPoints = List.copyOf(zeroPoints);
  }

  static QuantizationParameters of(FlatTable table) {
    return new QuantizationParameters(
        table.floats(SCALE),
        table.longs(ZERO_POINT),
        table.int8(DETAILS_TYPE, 0),
        table.int32(QUANTIZED_DIMENSION, 0));
  }
}
