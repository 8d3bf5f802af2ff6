// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.OperatorException;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.operator.NodeContext;
import dev.etch.importer.onnx.operator.OperatorReader;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import dev.etch.importer.onnx.operator.Scope;
import java.util.List;

/**
 * Reads nodes one by one. One that is refused is reported, and so is every other one that is wrong
 * by itself; but nodes that only depend on a refused one are not.
 */
final class NodeReader {
  private final OperatorSets operatorSets;
  private final NodeNames names;
  private final Scope scope;
  private final DiagnosticCollector diagnostics;

  NodeReader(
      OperatorSets operatorSets, NodeNames names, Scope scope, DiagnosticCollector diagnostics) {
    this.operatorSets = operatorSets;
    this.names = names;
    this.scope = scope;
    this.diagnostics = diagnostics;
  }

  /** Reads one node; its operands were read before. */
  void read(NodeProto node) {
    try {
      readOrRefuse(node);
    } catch (Refusal e) {
      diagnostics.error(names.location(node), e.getMessage(), e.help());
    } catch (OperatorException e) {
      diagnostics.error(names.location(node), e.getMessage(), e.help());
    }
    for (String output : node.getOutputList()) {
      if (scope.lookup(output) == null) {
        scope.define(output, new Operand.Refused());
      }
    }
  }

  private void readOrRefuse(NodeProto node) {
    String domain = OperatorSets.domain(node.getDomain());
    OperatorReader reader =
        OperatorRegistry.find(domain, node.getOpType())
            .orElseThrow(
                () -> UnsupportedOperators.refusal(domain, node.getOpType(), computed(node)));
    int version = operatorSets.version(domain);
    NodeContext context = new NodeContext(node, names.of(node), version, scope);
    context.check(reader.signature());
    if (node.getInputList().stream().noneMatch(this::isRefused)) {
      reader.read(context);
      context.checkResults();
    }
  }

  private List<String> computed(NodeProto node) {
    return node.getInputList().stream()
        .filter(input -> scope.lookup(input) instanceof Operand.Dynamic)
        .distinct()
        .toList();
  }

  private boolean isRefused(String input) {
    return !input.isEmpty()
        && (scope.lookup(input) == null || scope.lookup(input) instanceof Operand.Refused);
  }
}
