// SPDX-License-Identifier: Apache-2.0
/** How good the judges are: designs with one altered bit, and who notices. */
package dev.etch.testbench.mutation;
