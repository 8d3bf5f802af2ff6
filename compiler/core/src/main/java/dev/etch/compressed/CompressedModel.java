// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Weights;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A model as few bytes. The graph is in the text form, deflated, with integer weights taken out:
 * they are inputs of the graph there, and a section each of the file. See {@link Section} for the
 * file, and {@link NamedWeights} for what is taken out.
 *
 * <p>Whatever the bytes are, reading them takes memory for at most {@link #MOST_WEIGHTS} weights
 * and a bounded text, and gives a graph or one diagnostic.
 */
public final class CompressedModel {
  /** How names of such files end. */
  public static final String EXTENSION = ".etchz";

  /** In all constants together: those of the largest networks of integers for vision. */
  private static final long MOST_WEIGHTS = 1L << 28;

  private CompressedModel() {}

  /** Whether a file that begins so is a compressed model. */
  public static boolean begins(byte[] head) {
    return Section.isMagic(head);
  }

  /** The bytes of a file. */
  public static byte[] write(Graph graph) {
    List<Value> inputs = new ArrayList<>(graph.inputs());
    List<Node> nodes = new ArrayList<>();
    List<Section> weights = new ArrayList<>();
    Set<String> names = graph.nodes().stream().map(Node::name).collect(Collectors.toSet());
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Constant constant
          && canBeNamed(node, names)
          && NamedWeights.takes(constant.weights())) {
        inputs.add(node.output());
        NamedWeights named = NamedWeights.of(node.output().name(), constant.weights());
        weights.add(new Section(Section.Kind.WEIGHTS, named.payload()));
      } else {
        nodes.add(node);
      }
    }
    String text = GraphPrinter.print(new Graph(graph.name(), inputs, graph.outputs(), nodes));
    List<Section> sections = new ArrayList<>();
    sections.add(new Section(Section.Kind.GRAPH, CompressedText.deflate(text)));
    sections.addAll(weights);
    return Section.write(sections);
  }

  /** Whether the name of the value can be that of the node, which is not written. */
  private static boolean canBeNamed(Node node, Set<String> names) {
    String name = node.output().name();
    return (node.name().equals(name) || !names.contains(name))
        && name.length() <= NamedWeights.LONGEST_NAME;
  }

  /**
   * The model in a file.
   *
   * @param file its name, for diagnostics
   * @throws DiagnosticException if the bytes are not what {@link #write} gives
   */
  public static Graph read(String file, byte[] bytes) {
    List<Section> sections = Section.read(file, bytes);
    try {
      return read(file, sections);
    } catch (DamagedCode e) {
      throw Damage.of(file, e.getMessage());
    }
  }

  private static Graph read(String file, List<Section> sections) {
    if (sections.isEmpty() || sections.get(0).kind() != Section.Kind.GRAPH) {
      throw new DamagedCode("it begins with no graph");
    }
    Graph skeleton = GraphParser.parse(file, CompressedText.inflate(sections.get(0).payload()));
    Map<String, NamedWeights> weights = new LinkedHashMap<>();
    for (Section section : sections.subList(1, sections.size())) {
      if (section.kind() != Section.Kind.WEIGHTS) {
        throw new DamagedCode("it has a second graph");
      }
      NamedWeights named = NamedWeights.of(section.payload());
      if (weights.put(named.name(), named) != null) {
        throw new DamagedCode("it has weights '" + named.name() + "' twice");
      }
    }
    return joined(file, skeleton, weights);
  }

  private static Graph joined(String file, Graph skeleton, Map<String, NamedWeights> weights) {
    requireRoom(skeleton, weights);
    Set<String> names = skeleton.nodes().stream().map(Node::name).collect(Collectors.toSet());
    List<Value> inputs = new ArrayList<>();
    List<Node> nodes = new ArrayList<>();
    Set<String> left = new HashSet<>(weights.keySet());
    for (Value input : skeleton.inputs()) {
      if (left.remove(input.name())) {
        if (names.contains(input.name()) || !(input.type().element() instanceof IntegerType)) {
          throw new DamagedCode("'" + input.name() + "' cannot have weights");
        }
        Weights own = weights.get(input.name()).decode(input.type());
        nodes.add(
            new Node(
                input.name(), new Constant(own), List.of(), List.of(input), Location.file(file)));
      } else {
        inputs.add(input);
      }
    }
    if (!left.isEmpty()) {
      throw new DamagedCode("its graph has no '" + left.iterator().next() + "'");
    }
    nodes.addAll(skeleton.nodes());
    return new Graph(skeleton.name(), inputs, skeleton.outputs(), nodes);
  }

  /** Before anything as large as a shape says is made. */
  private static void requireRoom(Graph skeleton, Map<String, NamedWeights> weights) {
    long all =
        skeleton.inputs().stream()
            .filter(input -> weights.containsKey(input.name()))
            .mapToLong(input -> input.type().shape().elements())
            .sum();
    if (all > MOST_WEIGHTS) {
      throw new DamagedCode(
          "it has " + all + " weights, and at most " + MOST_WEIGHTS + " are read");
    }
  }
}
