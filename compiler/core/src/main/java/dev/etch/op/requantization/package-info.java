// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of an exact integer at the end of a quantized layer, as the frameworks define it:
 * staircases and quantized sums, one record a form, and the arithmetic that they are made of.
 */
package dev.etch.op.requantization;
