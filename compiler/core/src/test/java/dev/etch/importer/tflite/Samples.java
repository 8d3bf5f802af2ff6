// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.importer.tflite.schema.BuiltinOperator;

/** Small models for tests. */
final class Samples {
  static final int[] NO_BYTES = {};

  private Samples() {}

  /** Float in, float out: quantize, convolve, clamp, slice, pool, concatenate, softmax. */
  static byte[] chain() {
    TestModel m = new TestModel();
    int input = m.floats("input", 1, 6, 6, 2);
    int x = m.tensor("x", TestModel.INT8, 0.5f, 3, 1, 6, 6, 2);
    m.operator(BuiltinOperator.QUANTIZE, x, input);
    int weights =
        m.weights(
            "weights",
            TestModel.INT8,
            new float[] {0.25f, 0.125f},
            new long[] {0, 0},
            0,
            new int[] {1, 2, 3, -4, 5, 6, -7, 8, 9, 10, -11, 12, 1, 0, 0, -2},
            2,
            2,
            2,
            2);
    int bias = m.ints("bias", new int[] {100, -50}, 2);
    int y = m.tensor("y", TestModel.INT8, 1f, -5, 1, 3, 3, 2);
    m.operator(
        BuiltinOperator.CONV_2D,
        TestModel.options(
            new int[] {0, 1, 3, 1},
            new int[] {1, 2},
            new int[] {2, 2},
            new int[] {4, 1},
            new int[] {5, 1}),
        y,
        x,
        weights,
        bias);
    int z = m.tensor("z", TestModel.INT8, 1f, -5, 1, 2, 2, 2);
    m.operator(
        BuiltinOperator.MAX_POOL_2D,
        TestModel.options(
            new int[] {0, 1},
            new int[] {1, 1},
            new int[] {2, 1},
            new int[] {3, 2},
            new int[] {4, 2}),
        z,
        y);
    int flat = m.tensor("flat", TestModel.INT8, 1f, -5, 1, 8);
    int shape = m.ints("shape", new int[] {1, 8}, 2);
    m.operator(BuiltinOperator.RESHAPE, flat, z, shape);
    int probabilities = m.tensor("probabilities", TestModel.INT8, 1f / 256, -128, 1, 8);
    m.operator(BuiltinOperator.SOFTMAX, TestModel.floatOption(0, 1), probabilities, flat);
    int output = m.floats("output", 1, 8);
    m.operator(BuiltinOperator.DEQUANTIZE, output, probabilities);
    return m.build(new int[] {input}, output);
  }
}
