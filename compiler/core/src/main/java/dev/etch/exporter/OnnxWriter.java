// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.graph.Node;

/** Writes a node of one operator. */
@FunctionalInterface
interface OnnxWriter {
  /** Adds what the node is, and says where its result is. */
  void write(Node node, OnnxValues values);
}
