// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

/**
 * A function of one float32, rounded as ONNX Runtime's CPU kernels round it. Operators that apply
 * one to every element implement this; between quantizations they become a table.
 */
@FunctionalInterface
public interface FloatFunction {
  /** The function's value. */
  float apply(float x);
}
