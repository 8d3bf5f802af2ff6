// SPDX-License-Identifier: Apache-2.0
/** Passes and the runner that verifies, times and dumps after each. */
package dev.etch.pass;
