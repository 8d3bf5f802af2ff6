// SPDX-License-Identifier: Apache-2.0
/**
 * The arithmetic that hardware does with numbers of any width: how many bits they take, the digits
 * that products with constants are made of, and what happens at ties.
 */
package dev.etch.hardware.arithmetic;
