// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.Location;
import dev.etch.importer.onnx.format.NodeProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What to call nodes: by name; where there is none or it is taken, by their first result. */
final class NodeNames {
  private final String file;
  private final Set<String> repeated = new HashSet<>();

  NodeNames(String file, List<NodeProto> nodes) {
    this.file = file;
    Set<String> seen = new HashSet<>();
    for (NodeProto node : nodes) {
      if (!seen.add(node.getName())) {
        repeated.add(node.getName());
      }
    }
  }

  /** Name of a node. */
  String of(NodeProto node) {
    String name = node.getName();
    if (!name.isEmpty() && !repeated.contains(name)) {
      return name;
    }
    return node.getOutputList().stream().filter(o -> !o.isEmpty()).findFirst().orElse(name);
  }

  /** Where the user finds a node. */
  Location location(NodeProto node) {
    String domain = node.getDomain();
    String operator = node.getOpType();
    return Location.node(file, of(node), domain.isEmpty() ? operator : domain + "." + operator);
  }
}
