// SPDX-License-Identifier: Apache-2.0
/** Weights as bits: what a file of them holds, and so what they count for. */
package dev.etch.compress.coding;
