// SPDX-License-Identifier: Apache-2.0
/** Trains a network to give what another one gives. */
package dev.etch.compress.distil;
