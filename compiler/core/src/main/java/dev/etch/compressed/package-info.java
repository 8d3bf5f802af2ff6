// SPDX-License-Identifier: Apache-2.0
/**
 * Etch's own file of a compressed model, {@code .etchz}: weights as {@link
 * dev.etch.compressed.SparseCode}, everything else as the text form.
 */
package dev.etch.compressed;
