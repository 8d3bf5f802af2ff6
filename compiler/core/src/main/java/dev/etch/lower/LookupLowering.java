// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Table;
import dev.etch.op.Lookup;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Any function of each element: a memory with all its values. */
final class LookupLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Lookup op = (Lookup) node.op();
    IntegerTensor tables = (IntegerTensor) op.tables();
    int entries = tables.shape().dimension(1);
    List<List<Integer>> lists = new ArrayList<>();
    for (int at = 0; at < tables.data().length; at += entries) {
      lists.add(Arrays.stream(tables.data(), at, at + entries).boxed().toList());
    }
    IntegerType operand = (IntegerType) node.inputs().get(0).type().element();
    Requantizer table = new Table(lists, (int) operand.minimum());
    ElementWise.add(node, plan, lists.size(), op.channelAxis(), table);
  }
}
