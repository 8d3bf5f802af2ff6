// SPDX-License-Identifier: Apache-2.0
/**
 * The integer rewrite: float operators between Dequantize and Quantize become exact integer
 * operators with the meaning of ONNX Runtime's fused kernels. Every float value that comes from
 * integers is described by a {@link dev.etch.optimize.integer.FloatForm}; one rule a float operator
 * says which form its result has; the Quantize that reads it turns the form into integers, and
 * whatever cannot use a form gets the float value itself.
 */
package dev.etch.optimize.integer;
