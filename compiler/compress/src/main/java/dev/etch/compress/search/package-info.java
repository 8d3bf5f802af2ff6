// SPDX-License-Identifier: Apache-2.0
/** Chooses how much of each layer is pruned, by what the hardware takes and what is still right. */
package dev.etch.compress.search;
