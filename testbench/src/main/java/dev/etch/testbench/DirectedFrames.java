// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Graph;
import dev.etch.graph.MultiplyAccumulates;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Frames made to reach what random frames do not: the extremes of every accumulator, both ends and
 * the steps of every requantizer, every value of every activation.
 *
 * <p>A search guided by coverage, as fuzzers do it (M. Zalewski, American Fuzzy Lop): frames are
 * altered, and one that reaches something new is kept and altered in turn. It begins with the
 * frames that give the extremes of the sums of the first layer, which follow from the signs of its
 * weights. The work is bounded in multiply-accumulates, and the result depends on nothing but the
 * model.
 */
public final class DirectedFrames {
  private static final double WORK = 6e8;
  private static final long WORK_PER_ELEMENT = 60;
  private static final int LEAST_TRIES = 12;
  private static final int MOST_TRIES = 4000;
  private static final long SEED = 19;

  private final Interpreter reference;
  private final TensorType type;
  private final IntegerType element;
  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Graph graph;
  private final Coverage coverage;
  private final List<Kept> kept = new ArrayList<>();

  /** A frame, and how much it reached when it was found. */
  private record Kept(int[] data, int fresh) {}

  private DirectedFrames(Graph graph) {
    this.graph = graph;
    this.coverage = new Coverage(graph);
    this.reference = new Interpreter(graph);
    this.type = graph.inputs().get(0).type();
    this.element = (IntegerType) type.element();
  }

  /**
   * Frames for a model, those that reach most first.
   *
   * @param graph an accelerator: one integer input
   * @param most how many at most
   */
  public static List<IntegerTensor> of(Graph graph, int most) {
    DirectedFrames search = new DirectedFrames(Objects.requireNonNull(graph));
    search.run();
    return search.kept.stream()
        .sorted((a, b) -> Integer.compare(b.fresh(), a.fresh()))
        .limit(most)
        .map(k -> new IntegerTensor(search.type, k.data()))
        .toList();
  }

  private void run() {
    int tries = tries();
    List<int[]> seeds = seeds(Math.max(LEAST_TRIES, tries / 2));
    seeds.forEach(this::visit);
    for (int i = seeds.size(); i < tries; i++) {
      visit(altered());
    }
  }

  private int tries() {
    long elements =
        graph.nodes().stream()
            .filter(n -> !(n.op() instanceof Constant))
            .mapToLong(n -> n.output().type().shape().elements())
            .sum();
    double work = MultiplyAccumulates.of(graph).all() + WORK_PER_ELEMENT * (double) elements;
    return (int) Math.max(LEAST_TRIES, Math.min(MOST_TRIES, WORK / work));
  }

  // ---- Where the search begins -----------------------------------------------------------------

  private List<int[]> seeds(int most) {
    List<int[]> seeds = new ArrayList<>();
    int low = (int) element.minimum();
    int high = (int) element.maximum();
    int middle = (int) ((element.minimum() + element.maximum() + 1) / 2);
    for (int value : new int[] {low, high, middle}) {
      int[] frame = new int[type.shape().elements()];
      java.util.Arrays.fill(frame, value);
      seeds.add(frame);
    }
    for (int i = 0; i < 4; i++) {
      seeds.add(randomFrame(low, high));
    }
    extremesOfFirstLayer(seeds, most);
    return seeds.size() <= most ? seeds : seeds.subList(0, most);
  }

  private int[] randomFrame(int low, int high) {
    return random
        .ints(type.shape().elements(), low, high == Integer.MAX_VALUE ? high : high + 1)
        .toArray();
  }

  /** For each output channel: everywhere the input that its weights make largest, or smallest. */
  private void extremesOfFirstLayer(List<int[]> seeds, int most) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof IntegerConv2d convolution
          && node.inputs().get(0).equals(graph.inputs().get(0))) {
        int[] weights = constant(node.inputs().get(1));
        Shape shape = node.inputs().get(1).type().shape();
        for (int channel = 0; channel < shape.dimension(0) && seeds.size() < most; channel++) {
          seeds.add(bySign(convolution, weights, shape, channel, 1));
          seeds.add(bySign(convolution, weights, shape, channel, -1));
        }
      }
    }
  }

  private int[] constant(Value value) {
    return graph.nodes().stream()
        .filter(n -> n.op() instanceof Constant && n.output().equals(value))
        .map(n -> ((IntegerTensor) ((Constant) n.op()).weights().decode()).data())
        .findFirst()
        .orElse(new int[value.type().shape().elements()]);
  }

  /** Tiles the map with the window, so that some positions see it whole. */
  private int[] bySign(
      IntegerConv2d convolution, int[] weights, Shape shape, int channel, int sign) {
    int[] frame = new int[type.shape().elements()];
    int[] strides = type.shape().strides();
    boolean first = convolution.layout() == Layout.NCHW;
    int rank = type.shape().rank();
    int kernelHeight = convolution.window().kernelHeight();
    int kernelWidth = convolution.window().kernelWidth();
    int perChannel = weights.length / shape.dimension(0);
    int inputs = Math.max(1, perChannel / (kernelHeight * kernelWidth));
    for (int i = 0; i < frame.length; i++) {
      int c = first ? coordinate(i, strides, 1) : coordinate(i, strides, rank - 1);
      int y = (first ? coordinate(i, strides, 2) : coordinate(i, strides, 1)) % kernelHeight;
      int x = (first ? coordinate(i, strides, 3) : coordinate(i, strides, 2)) % kernelWidth;
      int at = (c % inputs * kernelHeight + y) * kernelWidth + x;
      int weight = weights[channel * perChannel + at] * sign;
      frame[i] = (int) (weight >= 0 ? element.maximum() : element.minimum());
    }
    return frame;
  }

  private int coordinate(int index, int[] strides, int axis) {
    return index / strides[axis] % type.shape().dimension(axis);
  }

  // ---- How it goes on --------------------------------------------------------------------------

  private int[] altered() {
    int[] frame = kept.get(random.nextInt(kept.size())).data().clone();
    switch (random.nextInt(6)) {
      case 0 -> mix(frame, kept.get(random.nextInt(kept.size())).data());
      case 1 -> shiftSome(frame);
      case 2 -> setSome(frame, (int) element.minimum(), (int) element.maximum());
      case 3 -> setBlock(frame);
      case 4 -> scale(frame);
      default -> shiftSome(frame, 1 + frame.length / 4);
    }
    return frame;
  }

  private void mix(int[] frame, int[] other) {
    int from = random.nextInt(frame.length);
    int to = random.nextInt(from, frame.length) + 1;
    System.arraycopy(other, from, frame, from, to - from);
  }

  private void shiftSome(int[] frame) {
    shiftSome(frame, 1 + random.nextInt(4));
  }

  private void shiftSome(int[] frame, int count) {
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(frame.length);
      frame[at] = (int) element.saturate((long) frame[at] + random.nextInt(-3, 4));
    }
  }

  private void setSome(int[] frame, int low, int high) {
    for (int i = 1 + random.nextInt(1 + frame.length / 3); i > 0; i--) {
      frame[random.nextInt(frame.length)] = random.nextBoolean() ? low : high;
    }
  }

  private void setBlock(int[] frame) {
    int from = random.nextInt(frame.length);
    int to = random.nextInt(from, frame.length) + 1;
    int value = (int) random.nextLong(element.minimum(), element.maximum() + 1);
    java.util.Arrays.fill(frame, from, to, value);
  }

  private void scale(int[] frame) {
    double factor = random.nextDouble(0, 2);
    for (int i = 0; i < frame.length; i++) {
      frame[i] = (int) element.saturate(Math.round(frame[i] * factor));
    }
  }

  private void visit(int[] frame) {
    int fresh = coverage.add(reference.runAll(List.of(new IntegerTensor(type, frame))));
    if (fresh > 0 || kept.isEmpty()) {
      kept.add(new Kept(frame, fresh));
    }
  }
}
