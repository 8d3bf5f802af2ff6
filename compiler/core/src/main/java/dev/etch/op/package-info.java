// SPDX-License-Identifier: Apache-2.0
/**
 * Operators: attributes, type inference and reference meaning, one record each, of a few kinds that
 * say what they work on. What ends a quantized layer is in {@link dev.etch.op.requantization}.
 */
package dev.etch.op;
