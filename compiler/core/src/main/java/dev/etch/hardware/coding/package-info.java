// SPDX-License-Identifier: Apache-2.0
/** Entropy-coded contents of memories: the codes, and what the decoders in the hardware read. */
package dev.etch.hardware.coding;
