// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.importer.Cut;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.importer.onnx.format.ValueInfoProto;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cuts an ONNX graph before it is read: other inputs and outputs, and no node in front of them. */
final class ProtoCut {
  private final GraphProto graph;
  private final Cut cut;
  private final Map<String, TypeProto> types = new HashMap<>();

  private ProtoCut(GraphProto graph, Cut cut) {
    this.graph = graph;
    this.cut = cut;
    graph.getValueInfoList().forEach(info -> types.put(info.getName(), info.getType()));
    graph.getOutputList().forEach(info -> types.put(info.getName(), info.getType()));
    graph.getInputList().forEach(info -> types.put(info.getName(), info.getType()));
  }

  /** Finds the type of a tensor whose type the file does not state. */
  interface TypeReader {
    /** The type that reading {@code part}, whose only output is the tensor, gives. */
    TypeProto read(GraphProto part);
  }

  static GraphProto of(GraphProto graph, Cut cut, String file, TypeReader unstated) {
    return cut.isNone() ? graph : new ProtoCut(graph, cut).apply(file, unstated);
  }

  private GraphProto apply(String file, TypeReader unstated) {
    Set<String> computed = new LinkedHashSet<>();
    graph.getNodeList().forEach(node -> computed.addAll(node.getOutputList()));
    cut.check(file, computed, graph.getInputList().stream().map(ValueInfoProto::getName).toList());
    GraphProto.Builder part = graph.toBuilder();
    if (!cut.outputs().isEmpty()) {
      part.clearOutput();
      cut.outputs().forEach(name -> part.addOutput(info(name)));
    }
    if (!cut.inputs().isEmpty()) {
      part.clearInput().clearNode();
      cut.inputs().forEach(name -> part.addInput(input(name, unstated)));
      graph.getNodeList().stream().map(this::behindInputs).forEach(n -> n.ifPresent(part::addNode));
    }
    return part.build();
  }

  private ValueInfoProto info(String name) {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName(name);
    Optional.ofNullable(types.get(name)).ifPresent(info::setType);
    return info.build();
  }

  private ValueInfoProto input(String name, TypeReader unstated) {
    TypeProto stated = types.get(name);
    if (stated != null && stated.getTensorType().hasShape()) {
      return info(name);
    }
    ValueInfoProto end = ValueInfoProto.newBuilder().setName(name).build();
    GraphProto front = graph.toBuilder().clearOutput().addOutput(end).build();
    return end.toBuilder().setType(unstated.read(front)).build();
  }

  /** The node, unless the inputs stand for all that it gives; other results keep their places. */
  private Optional<NodeProto> behindInputs(NodeProto node) {
    NodeProto.Builder kept = node.toBuilder();
    for (int i = 0; i < node.getOutputCount(); i++) {
      if (cut.inputs().contains(node.getOutput(i))) {
        kept.setOutput(i, "");
      }
    }
    List<String> left = kept.getOutputList().stream().filter(name -> !name.isEmpty()).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(kept.build());
  }
}
