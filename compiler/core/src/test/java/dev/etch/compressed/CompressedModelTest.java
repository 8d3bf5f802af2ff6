// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import dev.etch.text.GraphPrinter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/** What is written is read back; what is damaged is refused by one line. */
class CompressedModelTest {
  private static final Location HERE = Location.file("test");
  private static final int DAMAGED = 500;

  /** Dense layers of 40 to 30, with these weights each. */
  private static Graph graph(IntUnaryOperator... layers) {
    GraphBuilder graph = new GraphBuilder("dense \"layers\"");
    Value last = graph.input("x", new TensorType(FloatType.FLOAT32, Shape.of(1, 40)));
    for (int layer = 0; layer < layers.length; layer++) {
      int inputs = last.type().shape().dimension(-1);
      int[] data = new int[30 * inputs];
      Arrays.setAll(data, layers[layer]);
      Value weights =
          graph.constant(
              "w" + layer, IntegerTensor.of(IntegerType.INT8, Shape.of(30, inputs), data), HERE);
      Quantization scale = Quantization.perTensor(IntegerType.INT8, 0.1f, 0);
      Value real = graph.add("r" + layer, new Dequantize(scale), HERE, weights);
      last = graph.add("d" + layer, new Dense(), HERE, last, real);
    }
    graph.output(last);
    return graph.build();
  }

  private static Graph sample() {
    SplittableRandom random = new SplittableRandom(3);
    return graph(
        i -> random.nextInt(10) == 0 ? random.nextInt(-128, 128) : 0,
        i -> 4 * random.nextInt(1, 9),
        i -> random.nextInt(-128, 128),
        i -> 0,
        i -> 5);
  }

  @Test
  void weightsKeepTheirValuesAndSayWhatTheyAre() {
    Graph graph = sample();
    Graph read = CompressedModel.read("a.etchz", CompressedModel.write(graph));
    assertEquals(graph.inputs(), read.inputs());
    assertEquals(graph.outputs(), read.outputs());
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Constant constant) {
        Weights weights = read.constant(node.output()).orElseThrow();
        assertEquals(constant.weights().decode(), weights.decode());
      }
    }
    assertInstanceOf(SparseWeights.class, weights(read, "w0"));
    assertInstanceOf(ClusteredWeights.class, weights(read, "w1"));
    assertInstanceOf(ClusteredWeights.class, weights(read, "w2"));
    assertInstanceOf(SparseWeights.class, weights(read, "w3"));
    assertEquals(withoutConstants(graph), withoutConstants(read));
  }

  private static Weights weights(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.output().name().equals(name))
        .map(node -> ((Constant) node.op()).weights())
        .findFirst()
        .orElseThrow();
  }

  /** Lines of the text. */
  private static List<String> withoutConstants(Graph graph) {
    return GraphPrinter.print(graph).lines().filter(line -> !line.contains("= constant(")).toList();
  }

  @Test
  void whatIsReadIsWrittenAsTheSameBytes() {
    byte[] bytes = CompressedModel.write(sample());
    assertArrayEquals(bytes, CompressedModel.write(CompressedModel.read("a.etchz", bytes)));
  }

  @Test
  void sparseWeightsTakeFewBytes() {
    SplittableRandom random = new SplittableRandom(3);
    Graph graph = graph(i -> random.nextInt(10) == 0 ? 4 * random.nextInt(1, 9) : 0);
    assertTrue(CompressedModel.write(graph).length < 400);
  }

  /** Values of more than a code word can name, floats, and integers of rank 1 stay in the text. */
  @Test
  void otherConstantsStayInTheText() {
    GraphBuilder builder = new GraphBuilder("g");
    int[] many = new int[5000];
    Arrays.setAll(many, i -> 3 * i);
    builder.output(
        builder.constant("m", IntegerTensor.of(IntegerType.INT32, Shape.of(50, 100), many), HERE));
    builder.output(
        builder.constant("b", IntegerTensor.of(IntegerType.INT32, Shape.of(3), 1, 2, 3), HERE));
    Graph graph = builder.build();
    Graph read = CompressedModel.read("a.etchz", CompressedModel.write(graph));
    assertEquals(GraphPrinter.print(graph), GraphPrinter.print(read));
    assertInstanceOf(DenseWeights.class, weights(read, "m"));
  }

  @Test
  void everyDamageIsFound() {
    byte[] bytes = CompressedModel.write(sample());
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < DAMAGED; i++) {
      byte[] damaged = damaged(bytes, i, random);
      assertFalse(Arrays.equals(bytes, damaged));
      refused(damaged, "");
    }
  }

  private static byte[] damaged(byte[] bytes, int kind, SplittableRandom random) {
    int at = random.nextInt(bytes.length);
    int length = random.nextInt(1, Math.min(64, bytes.length - at + 1) + 1);
    byte[] copy = bytes.clone();
    switch (kind % 5) {
      case 0:
        copy[at] ^= (byte) (1 << random.nextInt(8));
        return copy;
      case 1:
        return Arrays.copyOf(bytes, at);
      case 2:
        return spliced(
            bytes, at, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length)), 0);
      case 3:
        return spliced(bytes, at, new byte[0], length);
      default:
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        noise[0] = (byte) (bytes[at] + 1);
        return spliced(bytes, at, noise, length);
    }
  }

  /** Other bytes in place of some. */
  private static byte[] spliced(byte[] bytes, int at, byte[] others, int dropped) {
    int behind = Math.min(bytes.length, at + dropped);
    byte[] result = Arrays.copyOf(bytes, at + others.length + bytes.length - behind);
    System.arraycopy(others, 0, result, at, others.length);
    System.arraycopy(bytes, behind, result, at + others.length, bytes.length - behind);
    return result;
  }

  private static void refused(byte[] bytes, String message) {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> CompressedModel.read("a.etchz", bytes));
    assertTrue(e.getMessage().startsWith("a.etchz"), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void sectionsThatDoNotBelongTogetherAreRefused() {
    List<Section> sections = Section.read("a.etchz", CompressedModel.write(sample()));
    Section graph = sections.get(0);
    Section weights = sections.get(1);
    refused(Section.write(List.of()), "begins with no graph");
    refused(Section.write(List.of(weights, graph)), "begins with no graph");
    refused(Section.write(List.of(graph, graph)), "a second graph");
    refused(Section.write(List.of(graph, weights, weights)), "'w0' twice");
    refused(
        Section.write(List.of(graph, new Section(Section.Kind.WEIGHTS, new byte[1]))), "no name");
    byte[] unknown = new NamedWeights("nobody", new byte[9]).payload();
    refused(
        Section.write(List.of(graph, new Section(Section.Kind.WEIGHTS, unknown))), "no 'nobody'");
    byte[] input = new NamedWeights("x", new byte[9]).payload();
    refused(
        Section.write(List.of(graph, new Section(Section.Kind.WEIGHTS, input))),
        "'x' cannot have weights");
    byte[] wide = new NamedWeights("w0", SparseCode.of(new int[] {300}).bytes()).payload();
    refused(Section.write(List.of(graph, new Section(Section.Kind.WEIGHTS, wide))), "value 300");
    refused(
        Section.write(List.of(new Section(Section.Kind.GRAPH, new byte[9]))), "no deflated text");
  }

  /** Checksums are right, and what they are of is noise. */
  @Test
  void noiseWithRightChecksumsIsRefusedOrAGraph() {
    List<Section> sections = Section.read("a.etchz", CompressedModel.write(sample()));
    SplittableRandom random = new SplittableRandom(7);
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      List<Section> noisy = new ArrayList<>(sections);
      int at = random.nextInt(sections.size());
      Section section = sections.get(at);
      noisy.set(at, new Section(section.kind(), damaged(section.payload(), i, random)));
      try {
        CompressedModel.read("a.etchz", Section.write(noisy));
      } catch (DiagnosticException e) {
        refused++;
      }
    }
    assertTrue(refused > DAMAGED / 2, refused + " refused");
  }

  @Test
  void sizesAreBoundedBeforeThereIsAnything() {
    String text =
        """
        graph "g"
        input %x : int8[1, 268435457]
        output %x
        """;
    byte[] code = new NamedWeights("x", SparseCode.of(1).bytes()).payload();
    refused(
        Section.write(
            List.of(
                new Section(Section.Kind.GRAPH, CompressedText.deflate(text)),
                new Section(Section.Kind.WEIGHTS, code))),
        "at most");
    String long64MiB = " ".repeat((64 << 20) + 1);
    refused(
        Section.write(List.of(new Section(Section.Kind.GRAPH, CompressedText.deflate(long64MiB)))),
        "more than");
  }

  @Test
  void anotherVersionSaysSo() {
    byte[] bytes = CompressedModel.write(sample());
    bytes[9] = 2;
    refused(bytes, "version 2");
  }
}
