// SPDX-License-Identifier: Apache-2.0
/**
 * The bit-exact interpreter: runs a graph as its operators define it, with kernels that are fast
 * and proved equal to {@link dev.etch.op.Op#evaluate} by property tests.
 */
package dev.etch.reference;
