// SPDX-License-Identifier: Apache-2.0
/** Passes that keep every value, and the cut into host and accelerator. */
package dev.etch.optimize;
