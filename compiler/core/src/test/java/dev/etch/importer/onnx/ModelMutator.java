// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import com.google.protobuf.ByteString;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.StringStringEntryProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Damages models: bits of the file, or the model's structure with the file still well-formed. */
final class ModelMutator {
  private static final List<String> NAMES =
      List.of(
          "\"; rm -rf ~; echo \"",
          "module",
          "endmodule",
          "always",
          "$(touch owned)",
          "`touch owned`",
          "../../owned",
          "a\nb\u0000c\u001b[31m",
          "x".repeat(100_000),
          "\u202e\ufeff",
          " ");
  private static final List<String> PATHS =
      List.of(
          "../secret.bin",
          "/etc/passwd",
          "a/../../secret.bin",
          "..\\secret.bin",
          "link.bin",
          "\0",
          "",
          "/dev/zero");
  private static final long[] NUMBERS = {
    0, -1, 1, 2, 3, 7, 255, 65_536, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE
  };

  private final Random random;

  ModelMutator(Random random) {
    this.random = random;
  }

  /** What a mutation made, and what it did. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  record Mutant(byte[] bytes, String what, boolean mustBeRefused) {}

  Mutant mutate(byte[] model) throws com.google.protobuf.InvalidProtocolBufferException {
    return switch (random.nextInt(14)) {
      case 0, 1 -> new Mutant(bitsFlipped(model), "bit flips", false);
      case 2 -> new Mutant(Arrays.copyOf(model, random.nextInt(model.length)), "truncation", false);
      case 3 -> new Mutant(bytesReplaced(model), "bytes replaced", false);
      case 4 -> structural(model, "huge dimension", this::hugeDimension);
      case 5 -> structural(model, "cycle", this::cycle);
      case 6 -> {
        Mutant mutant = structural(model, "path escape", this::pathEscape);
        yield new Mutant(mutant.bytes, mutant.what, true);
      }
      case 7 -> structural(model, "hostile name", this::hostileName);
      case 8 -> structural(model, "attribute", this::attribute);
      case 9 -> structural(model, "operator", this::operator);
      case 10 -> structural(model, "input of a node", this::rewire);
      case 11 -> structural(model, "nodes dropped or doubled", this::dropOrDouble);
      case 12 -> structural(model, "constant", this::constant);
      default -> structural(model, "order of nodes", this::shuffle);
    };
  }

  private interface Mutation {
    void on(GraphProto.Builder graph);
  }

  private static Mutant structural(byte[] model, String what, Mutation mutation)
      throws com.google.protobuf.InvalidProtocolBufferException {
    ModelProto.Builder builder = ModelProto.parseFrom(model).toBuilder();
    mutation.on(builder.getGraphBuilder());
    return new Mutant(builder.build().toByteArray(), what, false);
  }

  private byte[] bitsFlipped(byte[] model) {
    byte[] bytes = model.clone();
    for (int i = 1 + random.nextInt(16); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] bytesReplaced(byte[] model) {
    byte[] bytes = model.clone();
    int at = random.nextInt(bytes.length);
    byte[] noise = new byte[Math.min(bytes.length - at, 1 + random.nextInt(64))];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, bytes, at, noise.length);
    return bytes;
  }

  private long number() {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private void hugeDimension(GraphProto.Builder graph) {
    if (random.nextBoolean() || graph.getInitializerCount() == 0) {
      graph
          .getInputBuilder(0)
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .getShapeBuilder()
          .addDimBuilder()
          .setDimValue(number());
      return;
    }
    TensorProto.Builder tensor = someTensor(graph);
    if (tensor.getDimsCount() == 0) {
      tensor.addDims(number());
    } else {
      tensor.setDims(random.nextInt(tensor.getDimsCount()), number());
    }
  }

  private TensorProto.Builder someTensor(GraphProto.Builder graph) {
    return graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
  }

  private NodeProto.Builder someNode(GraphProto.Builder graph) {
    return graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
  }

  private void cycle(GraphProto.Builder graph) {
    NodeProto.Builder node = someNode(graph);
    if (node.getInputCount() > 0) {
      node.setInput(random.nextInt(node.getInputCount()), graph.getOutput(0).getName());
    }
  }

  /** The first output now depends on a tensor whose data is outside of the folder. */
  private void pathEscape(GraphProto.Builder graph) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("escape")
            .setDataType(TestModel.FLOAT)
            .addDims(1)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(
                StringStringEntryProto.newBuilder()
                    .setKey("location")
                    .setValue(PATHS.get(random.nextInt(PATHS.size()))))
            .addExternalData(StringStringEntryProto.newBuilder().setKey("length").setValue("4")));
  }

  private void hostileName(GraphProto.Builder graph) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    switch (random.nextInt(5)) {
      case 0 -> graph.setName(name);
      case 1 -> someNode(graph).setName(name);
      case 2 -> someNode(graph).setOpType(name);
      case 3 -> graph.getInputBuilder(0).setName(name);
      default -> renameEverywhere(graph, name);
    }
  }

  /** A right model with another name for one value. */
  private void renameEverywhere(GraphProto.Builder graph, String name) {
    String old = someNode(graph).getOutput(0);
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, node.getInput(i).equals(old) ? name : node.getInput(i));
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        node.setOutput(i, node.getOutput(i).equals(old) ? name : node.getOutput(i));
      }
    }
    graph
        .getOutputBuilderList()
        .forEach(o -> o.setName(o.getName().equals(old) ? name : o.getName()));
  }

  private void attribute(GraphProto.Builder graph) {
    NodeProto.Builder node = someNode(graph);
    if (node.getAttributeCount() == 0) {
      node.addAttribute(TestModel.integer(random.nextBoolean() ? "axis" : "unheard", number()));
      return;
    }
    int at = random.nextInt(node.getAttributeCount());
    AttributeProto.Builder attribute = node.getAttributeBuilder(at);
    switch (random.nextInt(4)) {
      case 0 -> node.addAttribute(attribute.build());
      case 1 -> attribute.setS(ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe}));
      case 2 -> attribute.setType(AttributeProto.AttributeType.forNumber(random.nextInt(15)));
      default -> {
        attribute.setI(number()).setF((float) number());
        for (int i = 0; i < attribute.getIntsCount(); i++) {
          attribute.setInts(i, number());
        }
      }
    }
  }

  private void operator(GraphProto.Builder graph) {
    List<OperatorRegistry.Entry> entries = OperatorRegistry.entries();
    OperatorRegistry.Entry entry = entries.get(random.nextInt(entries.size()));
    someNode(graph).setOpType(entry.operator()).setDomain(entry.domain());
  }

  private void rewire(GraphProto.Builder graph) {
    NodeProto.Builder node = someNode(graph);
    List<String> names = new ArrayList<>(List.of("", "ghost"));
    graph.getNodeList().forEach(n -> names.addAll(n.getOutputList()));
    graph.getInitializerList().forEach(t -> names.add(t.getName()));
    String name = names.get(random.nextInt(names.size()));
    if (node.getInputCount() == 0 || random.nextInt(4) == 0) {
      node.addInput(name);
    } else {
      node.setInput(random.nextInt(node.getInputCount()), name);
    }
  }

  private void dropOrDouble(GraphProto.Builder graph) {
    int at = random.nextInt(graph.getNodeCount());
    switch (random.nextInt(4)) {
      case 0 -> graph.removeNode(at);
      case 1 -> graph.addNode(graph.getNode(at));
      case 2 -> graph.clearOutput();
      default -> {
        if (graph.getInitializerCount() > 0) {
          graph.removeInitializer(random.nextInt(graph.getInitializerCount()));
        }
      }
    }
  }

  private void constant(GraphProto.Builder graph) {
    if (graph.getInitializerCount() == 0) {
      return;
    }
    TensorProto.Builder tensor = someTensor(graph);
    switch (random.nextInt(4)) {
      case 0 -> tensor.setDataType(random.nextInt(30));
      case 1 -> tensor.setRawData(ByteString.copyFrom(new byte[random.nextInt(64)]));
      case 2 -> {
        for (int i = 0; i < tensor.getInt64DataCount(); i++) {
          tensor.setInt64Data(i, number());
        }
        for (int i = 0; i < tensor.getInt32DataCount(); i++) {
          tensor.setInt32Data(i, (int) number());
        }
      }
      default -> {
        float[] bad = {Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, Float.MAX_VALUE};
        for (int i = 0; i < tensor.getFloatDataCount(); i++) {
          tensor.setFloatData(i, bad[random.nextInt(bad.length)]);
        }
      }
    }
  }

  private void shuffle(GraphProto.Builder graph) {
    List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
    Collections.shuffle(nodes, random);
    graph.clearNode().addAllNode(nodes);
  }
}
