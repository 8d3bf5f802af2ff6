// SPDX-License-Identifier: Apache-2.0
/** Gives the weights of a layer few values, which they share. */
package dev.etch.compress.cluster;
