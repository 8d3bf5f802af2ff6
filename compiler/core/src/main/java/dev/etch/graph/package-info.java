// SPDX-License-Identifier: Apache-2.0
/** The immutable dataflow graph. */
package dev.etch.graph;
