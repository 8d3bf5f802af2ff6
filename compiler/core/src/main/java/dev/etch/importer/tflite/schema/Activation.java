// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.schema;

/** {@code ActivationFunctionType} of the schema, in its order. */
public enum Activation {
  NONE,
  RELU,
  RELU_N1_TO_1,
  RELU6,
  TANH,
  SIGN_BIT
}
