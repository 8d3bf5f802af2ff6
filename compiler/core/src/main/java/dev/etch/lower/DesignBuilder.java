// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.graph.Value;
import dev.etch.hardware.AddUnit;
import dev.etch.hardware.ArgMaxUnit;
import dev.etch.hardware.ConcatUnit;
import dev.etch.hardware.ConstantUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.Identifiers;
import dev.etch.hardware.LaneSharing;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MultiplyUnit;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Packing;
import dev.etch.hardware.Program;
import dev.etch.hardware.SelectUnit;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.SoftmaxUnit;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.requantizer.Requantizer;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns stages with foldings into units, with forks and width conversions where they are needed.
 */
final class DesignBuilder implements Stage.Visitor<Stream> {
  private static final int LEAST_DEPTH = 2;

  private final Plan plan;
  private final Map<String, Folding> foldings;
  private final List<SharedLayers> arrays;
  private final ProgramSource programs;
  private final Target target;
  private final ExternalMemory memory;
  private final List<Unit> units = new ArrayList<>();
  private final Map<Stream, Integer> depths = new LinkedHashMap<>();
  private final Map<Stream, LoweredModel.Meaning> meanings = new HashMap<>();
  private final Map<Edge, ArrayDeque<Stream>> available = new HashMap<>();
  private final Map<Edge, Integer> widths = new HashMap<>();

  /** Those that no unit has asked for yet, and so told how many elements a beat shall have. */
  private final Map<Edge, Stage.OfConstant> constants = new HashMap<>();

  private final Set<Value> values;
  private final Set<String> unitNames = new HashSet<>();
  private final Set<String> streamNames = new HashSet<>();

  DesignBuilder(
      Plan plan,
      Map<String, Folding> foldings,
      List<SharedLayers> arrays,
      ProgramSource programs,
      Target target,
      ExternalMemory memory) {
    this.plan = plan;
    this.values = new HashSet<>(plan.model().accelerator().producers().keySet());
    values.addAll(plan.model().accelerator().inputs());
    this.foldings = foldings;
    this.arrays = arrays;
    this.programs = programs;
    this.target = target;
    this.memory = memory;
  }

  LoweredModel build() {
    Stream input = stream("input", plan.input(), Widths.ofInput(plan, foldings));
    provide("input", plan.input(), input);
    for (Stage stage : plan.stages()) {
      if (stage instanceof Stage.OfConstant constant) {
        constants.put(constant.output(), constant);
      } else {
        provide(stage.layer(), stage.output(), stage.accept(this));
      }
    }
    List<OutputPort> outputs = outputs(input);
    String name = Identifiers.make(plan.model().whole().name(), "etch", Set.of());
    Design design = new Design(name, units, depths, input, outputs, arrays());
    List<LoweredModel.Meaning> results = plan.outputs().stream().map(Plan.Output::meaning).toList();
    return new LoweredModel(
        plan.model(), plan.graph(), design, plan.inputMeaning(), results, meanings);
  }

  private List<OutputPort> outputs(Stream input) {
    List<OutputPort> ports = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Plan.Output output : plan.outputs()) {
      Edge edge = output.edge();
      Stream stream = take("output", edge, Widths.ofHost(edge, width(edge)));
      if (!stream.equals(input)) {
        meanings.put(stream, output.meaning());
      }
      String name =
          plan.outputs().size() == 1
              ? OutputPort.ONLY
              : OutputPort.name(output.meaning().value().name(), names);
      names.add(name);
      ports.add(new OutputPort(name, stream));
    }
    return ports;
  }

  private List<SharedArray> arrays() {
    List<SharedArray> made = new ArrayList<>();
    for (SharedLayers array : arrays) {
      List<String> members =
          units.stream()
              .filter(unit -> isMultiplying(unit) && array.layers().contains(unit.layer()))
              .map(Unit::name)
              .toList();
      made.add(new SharedArray(unitName(String.valueOf(made.size()), "array"), members));
    }
    return made;
  }

  private boolean isShared(Stage.OfWindow stage) {
    return arrays.stream().anyMatch(array -> array.layers().contains(stage.layer()));
  }

  private static boolean isMultiplying(Unit unit) {
    return unit instanceof WindowUnit window
        && window.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE;
  }

  private Folding folding(String layer) {
    Folding folding = foldings.get(layer);
    if (folding == null) {
      throw new CompilerBug("layer " + layer + " has no folding");
    }
    return folding;
  }

  private Stream stream(String layer, StreamType type, int beatsPerFrame) {
    String name = Identifiers.make(layer, "s", streamNames);
    streamNames.add(name);
    Stream stream = new Stream(name, type, beatsPerFrame);
    depths.put(stream, LEAST_DEPTH);
    return stream;
  }

  private Stream stream(String layer, Edge edge, int width) {
    Stream stream = stream(layer, new StreamType(width, edge.type()), edge.order().size() / width);
    if (edge.carriesItsValue() && values.contains(edge.value())) {
      meanings.put(stream, new LoweredModel.Meaning(edge.value(), edge.order()));
    }
    return stream;
  }

  private String unitName(String layer, String kind) {
    String name = Identifiers.make(layer, kind, unitNames);
    unitNames.add(name);
    return name;
  }

  /** Makes a stage's result available to its readers, through a fork if there are several. */
  private void provide(String layer, Edge edge, Stream stream) {
    widths.put(edge, stream.type().elements());
    int readers = plan.readers(edge);
    ArrayDeque<Stream> copies = new ArrayDeque<>();
    if (readers == 1) {
      copies.add(stream);
    } else if (readers > 1) {
      for (int i = 0; i < readers; i++) {
        copies.add(stream(layer + "_copy", edge, stream.type().elements()));
      }
      units.add(new ForkUnit(unitName(layer, "fork"), layer, stream, new ArrayList<>(copies)));
    } else {
      throw new CompilerBug("nobody reads the result of " + layer);
    }
    available.put(edge, copies);
  }

  /** One reader's stream of an edge, with {@code width} elements a beat. */
  private Stream take(String layer, Edge edge, int width) {
    if (constants.containsKey(edge)) {
      Stage.OfConstant constant = constants.remove(edge);
      widths.put(edge, width);
      provide(constant.layer(), edge, constant(constant));
    }
    Stream stream = available.get(edge).remove();
    int from = stream.type().elements();
    if (from % width != 0 && width % from != 0) {
      stream = convert(layer, edge, stream, Widths.gcd(from, width));
      from = stream.type().elements();
    }
    return from == width ? stream : convert(layer, edge, stream, width);
  }

  private Stream convert(String layer, Edge edge, Stream from, int width) {
    Stream to = stream(layer + "_in", edge, width);
    units.add(new WidthUnit(unitName(layer, "width"), layer, from, to));
    return to;
  }

  /** Elements a beat of an edge; of a constant, if nobody has asked for others, a pixel. */
  private int width(Edge edge) {
    return widths.getOrDefault(edge, edge.channels());
  }

  @Override
  public Stream constant(Stage.OfConstant stage) {
    final Stream input = available.get(stage.input()).remove();
    Edge edge = stage.output();
    Stream output = stream(stage.layer(), edge, widths.get(edge));
    units.add(
        ConstantUnit.of(
            unitName(stage.layer(), "constant"),
            stage.layer(),
            input,
            output,
            edge.order().toStream(stage.data().data())));
    return output;
  }

  @Override
  public Stream window(Stage.OfWindow stage) {
    Folding folding = folding(stage.layer());
    LaneLayout layout = folding.layout();
    WindowLayer layer = stage.window();
    if (layout.isBroadcast()) {
      return matrix(stage, folding);
    }
    int elements = folding.buffering().inputElements();
    boolean scales = folding.rescaling() == RescalingForm.MULTIPLIER && !isShared(stage);
    final Stream input = take(stage.layer(), stage.input(), elements);
    final Stream output = stream(stage.layer(), stage.output(), layout.clusters());
    Program program = programs.program(layer.problem(layout, elements));
    units.add(
        new WindowUnit(
            unitName(stage.layer(), stage.kind()),
            stage.layer(),
            input,
            output,
            layer.buffer(layout, folding.buffering()),
            layer.walk(layout.block(), elements),
            layer.operation(),
            program,
            layer.accumulator(),
            layer.requantizers().choose(scales, target).repeated(layout.block()),
            layout.block(),
            reorderPixels(program),
            packing(stage, folding, program),
            outside(folding)));
    return output;
  }

  private Packing packing(Stage.OfWindow stage, Folding folding, Program program) {
    WindowBuffer buffer = stage.window().buffer(folding.layout(), folding.buffering());
    return isShared(stage)
        ? Packing.NONE
        : LaneSharing.best(program, buffer.banks(), stage.packings(folding.products(), target));
  }

  private Optional<ExternalMemory> outside(Folding folding) {
    return folding.words() == WordSource.EXTERNAL ? Optional.of(memory) : Optional.empty();
  }

  /** A matrix, and a requantization of its sums. */
  private Stream matrix(Stage.OfWindow stage, Folding folding) {
    WindowLayer layer = stage.window();
    FrameBeats frame = stage.beats(folding.buffering().inputElements());
    int clusters = folding.layout().clusters();
    final Stream input = take(stage.layer(), stage.input(), frame.each());
    Stream sums =
        stream(
            stage.layer() + "_sums",
            new StreamType(clusters, layer.accumulator()),
            layer.outputs().size() / clusters);
    MatrixProgram program = matrixProgram(layer, folding, frame);
    units.add(
        new MatrixUnit(
            unitName(stage.layer(), "matrix"),
            stage.layer(),
            input,
            sums,
            program,
            folding.words(),
            outside(folding),
            folding.buffering().ahead()));
    Stream output = stream(stage.layer(), stage.output(), clusters);
    units.add(
        new MapUnit(
            unitName(stage.layer(), "map"),
            stage.layer(),
            sums,
            output,
            layer.outputs().size(),
            1,
            layer.requantizers().adders()));
    return output;
  }

  private MatrixProgram matrixProgram(WindowLayer layer, Folding folding, FrameBeats frame) {
    MacProblem problem = layer.problem(folding.layout(), 1);
    return folding.words() == WordSource.ROTATED
        ? programs.rotated(problem, frame, layer.circulant().orElseThrow())
        : programs.matrix(problem, frame);
  }

  /** Enough pixels in flight that the schedule never waits for the serializer. */
  private static int reorderPixels(Program program) {
    int inFlight =
        program.lastDrain() + 2 + WindowUnit.COMPLETION_DELAY + program.outputsPerCluster();
    return Math.max(2, WindowLayer.powerOfTwo(inFlight / program.steps() + 1));
  }

  @Override
  public Stream map(Stage.OfMap stage) {
    int width = width(stage.input());
    int channels = stage.channels();
    if (channels == 1) {
      channels = width;
    } else {
      width = Widths.gcd(width, stage.run() == 1 ? channels : stage.run());
    }
    final Stream input = take(stage.layer(), stage.input(), width);
    Stream output = stream(stage.layer(), stage.output(), width);
    Requantizer requantizer = stage.requantizer();
    units.add(
        new MapUnit(
            unitName(stage.layer(), "map"),
            stage.layer(),
            input,
            output,
            channels,
            stage.run(),
            requantizer));
    return output;
  }

  @Override
  public Stream add(Stage.OfAdd stage) {
    int width = commonWidth(stage.left(), stage.right());
    final Stream first = take(stage.layer(), stage.left(), width);
    final Stream second = take(stage.layer(), stage.right(), width);
    Stream output = stream(stage.layer(), stage.output(), width);
    units.add(
        new AddUnit(
            unitName(stage.layer(), "add"), stage.layer(), first, second, output, stage.sum()));
    return output;
  }

  /** Elements a beat of a unit that reads two edges element by element. */
  private int commonWidth(Edge one, Edge other) {
    if (constants.containsKey(one) || constants.containsKey(other)) {
      return width(constants.containsKey(one) ? other : one);
    }
    int left = widths.get(one);
    int right = widths.get(other);
    boolean wholeFactor = left % right == 0 || right % left == 0;
    return wholeFactor ? Math.max(left, right) : Widths.gcd(left, right);
  }

  @Override
  public Stream multiply(Stage.OfMultiply stage) {
    int width = commonWidth(stage.left(), stage.right());
    final Stream first = take(stage.layer(), stage.left(), width);
    final Stream second = take(stage.layer(), stage.right(), width);
    Stream output = stream(stage.layer(), stage.output(), width);
    units.add(
        new MultiplyUnit(
            unitName(stage.layer(), "multiply"),
            stage.layer(),
            first,
            second,
            output,
            stage.leftZeroPoint(),
            stage.rightZeroPoint(),
            stage.requantizer()));
    return output;
  }

  @Override
  public Stream select(Stage.OfSelect stage) {
    Selection selection = stage.selection();
    int width = Widths.gcd(selection.granularity(), width(stage.input()));
    final Stream input = take(stage.layer(), stage.input(), width);
    Stream output = stream(stage.layer(), stage.output(), width);
    units.add(
        new SelectUnit(
            unitName(stage.layer(), "select"),
            stage.layer(),
            input,
            output,
            selection.inputRows(),
            selection.rows(),
            selection.columnBeats(width),
            selection.placeBeats(width)));
    return output;
  }

  @Override
  public Stream concat(Stage.OfConcat stage) {
    int common =
        stage.elementsPerTurn().stream()
            .map(e -> BigInteger.valueOf(e))
            .reduce(BigInteger::gcd)
            .orElseThrow()
            .intValueExact();
    int widest =
        stage.inputs().stream().mapToInt(e -> widths.getOrDefault(e, 1)).max().orElseThrow();
    int width = Widths.largestDivisor(common, widest);
    List<Stream> parts = new ArrayList<>();
    for (Edge input : stage.inputs()) {
      parts.add(take(stage.layer(), input, width));
    }
    Stream output = stream(stage.layer(), stage.output(), width);
    List<Integer> beats = stage.elementsPerTurn().stream().map(e -> e / width).toList();
    units.add(
        new ConcatUnit(
            unitName(stage.layer(), "concat"),
            stage.layer(),
            parts,
            output,
            Collections.unmodifiableList(beats)));
    return output;
  }

  @Override
  public Stream argMax(Stage.OfArgMax stage) {
    final Stream input = take(stage.layer(), stage.input(), 1);
    Stream output = stream(stage.layer(), stage.output(), 1);
    units.add(
        new ArgMaxUnit(
            unitName(stage.layer(), "argmax"),
            stage.layer(),
            input,
            output,
            stage.elements(),
            stage.selectLast()));
    return output;
  }

  @Override
  public Stream softmax(Stage.OfSoftmax stage) {
    final Stream input = take(stage.layer(), stage.input(), 1);
    Stream output = stream(stage.layer(), stage.output(), 1);
    units.add(
        new SoftmaxUnit(
            unitName(stage.layer(), "softmax"),
            stage.layer(),
            input,
            output,
            stage.elements(),
            stage.form()));
    return output;
  }
}
