// SPDX-License-Identifier: Apache-2.0
/** Sets weights to zero, so that later steps keep them zero. */
package dev.etch.compress.prune;
