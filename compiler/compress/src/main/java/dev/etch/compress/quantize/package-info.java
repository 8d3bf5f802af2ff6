// SPDX-License-Identifier: Apache-2.0
/** Turns float networks into quantized graphs, in the operators that QDQ models are read as. */
package dev.etch.compress.quantize;
