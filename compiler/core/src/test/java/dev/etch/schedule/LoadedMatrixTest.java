// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.CodeForm;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixRoom;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.coding.PrefixCode;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.CodedRoom;
import dev.etch.lower.Folding;
import dev.etch.lower.FrameBeats;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.LoadableWeights;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerType;
import dev.etch.text.GraphParser;
import dev.etch.text.MappingParser;
import dev.etch.text.MappingPrinter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedMatrixTest {
  private static final IntegerType SUM = new IntegerType(24, true);

  private static MacProblem problem(
      Random random, int outputs, int elements, int clusters, int lanes, CodedRoom room) {
    double density = random.nextInt(5) == 0 ? 0 : random.nextDouble();
    int most = random.nextBoolean() ? 3 : 127;
    List<List<Term>> all = new ArrayList<>();
    for (int output = 0; output < outputs; output++) {
      List<Term> terms = new ArrayList<>();
      for (int element = 0; element < elements; element++) {
        if (random.nextDouble() < density) {
          terms.add(
              new Term(element, 0, (1 + random.nextInt(most)) * (random.nextBoolean() ? 1 : -1)));
        }
      }
      all.add(terms);
    }
    return new MacProblem(
        all,
        clusters,
        lanes,
        1,
        Copies.NONE,
        false,
        Optional.of(LoadableWeights.of(IntegerType.INT8).withCoded(room)));
  }

  private static MatrixUnit unit(MatrixProgram program, int beatElements) {
    int clusters = program.outputs().size();
    return new MatrixUnit(
        "m",
        "layer",
        new Stream("in", new StreamType(beatElements, IntegerType.INT8), program.beats()),
        new Stream("out", new StreamType(clusters, SUM), program.outputsPerCluster()),
        program,
        WordSource.PACKED);
  }

  /** {@link MatrixChecker} proves each of them. */
  @Test
  void keepTheirShapeForAllWeights() {
    Random random = new Random(3);
    int reached = 0;
    for (int i = 0; i < 300; i++) {
      int clusters = 1 + random.nextInt(3);
      int lanes = 1 + random.nextInt(4);
      int outputs = clusters * (1 + random.nextInt(12));
      int each = 1 << random.nextInt(4);
      int elements = each * (1 + random.nextInt(90 / each));
      FrameBeats frame = FrameBeats.of(elements, each, IntegerType.INT8);
      CodedRoom open = new CodedRoom(random.nextInt(3), random.nextInt(3), Optional.empty());
      MatrixProgram first =
          MatrixScheduler.program(problem(random, outputs, elements, clusters, lanes, open), frame);
      checkNumbers(first, each);
      MacProblem other =
          problem(random, outputs, elements, clusters, lanes, new CodedRoom(0, 0, first.room()));
      if (LoadedMatrix.of(other, frame).excess().isEmpty()) {
        MatrixProgram second = MatrixScheduler.program(other, frame);
        assertEquals(first.room(), second.room());
        assertEquals(first.rows(), second.rows());
        assertEquals(Netlist.memories(unit(first, each)), Netlist.memories(unit(second, each)));
        checkNumbers(second, each);
        reached++;
      }
    }
    assertTrue(reached > 100, "only " + reached);
  }

  /** A decoder that knows the numbers alone finds the rank of each word. */
  private static void checkNumbers(MatrixProgram program, int each) {
    MatrixNetlist netlist = MatrixNetlist.of(unit(program, each));
    MatrixCode code = netlist.code().orElseThrow();
    List<BigInteger> numbers = netlist.numbers().orElseThrow().entries();
    assertEquals(
        netlist.stream().orElseThrow().chunks().size() - 1, numbers.get(0).intValueExact());
    PrefixCode words = code.code();
    int looks = code.looks();
    for (int rank = 0; rank < words.size(); rank++) {
      int word = words.words()[rank];
      int rest = looks - words.length(rank);
      for (int behind : new int[] {0, (1 << rest) - 1}) {
        int bits = word << rest | behind;
        int length = 1;
        while (length < looks && bits >= limit(numbers.get(length), looks)) {
          length++;
        }
        assertEquals(words.length(rank), length);
        int offset = numbers.get(length).shiftRight(looks + 1).intValueExact();
        assertEquals(rank, word + offset & (1 << code.rankBits()) - 1);
      }
    }
  }

  private static int limit(BigInteger number, int looks) {
    return number.intValueExact() & (1 << looks + 1) - 1;
  }

  /** A limit, and the room that has one less than weights need of it. */
  private enum Limit {
    STEPS(
        "steps a frame",
        room -> new MatrixRoom(room.steps() - 1, room.form(), room.symbols(), room.chunks())),
    SYMBOLS(
        "symbols in its code",
        room -> new MatrixRoom(room.steps(), room.form(), room.symbols() / 2, room.chunks())),
    CHUNKS(
        "words in its stream",
        room -> new MatrixRoom(room.steps(), room.form(), room.symbols(), room.chunks() - 1)),
    WEIGHTS(
        "bits a weight",
        room ->
            new MatrixRoom(room.steps(), narrow(room.form(), 7), room.symbols(), room.chunks()));

    private final String what;
    private final UnaryOperator<MatrixRoom> less;

    Limit(String what, UnaryOperator<MatrixRoom> less) {
      this.what = what;
      this.less = less;
    }
  }

  private static CodeForm narrow(CodeForm form, int weightBits) {
    return new CodeForm(
        form.distanceBits(),
        weightBits,
        form.distanceLow(),
        Math.min(form.weightLow(), weightBits - 1),
        form.mostBits(),
        form.imageBits());
  }

  private static final Mapping LOADED =
      Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(8)))
          .withReload(new Reload(0))
          .withLayers(Map.of("fc", packed()));

  private static Folding packed() {
    return Folding.plain(
            new LaneLayout(1, 1, 1, 8, 1, Addressing.BROADCAST), new Buffering(1, false, false))
        .withWords(WordSource.PACKED);
  }

  private static PartitionedModel model(long seed, int book) {
    Random random = new Random(seed);
    List<Integer> weights = new ArrayList<>();
    for (int i = 0; i < 320; i++) {
      int value = 127 - 2 * random.nextInt(book);
      weights.add(random.nextInt(3) > 0 ? 0 : value);
    }
    String text =
        """
        graph "coded"
        input %%x : int8[1, 40]
        %%w = constant() {weights = DenseWeights{tensor = int8[8, 40] %s}} : int8[8, 40]
        %%sum = integerDense(%%x, %%w) {inputZeroPoint = 0} : int32[1, 8] named "fc"
        %%y = requantize(%%sum) {channels = [ScaleThenRound{scale = 0.002, zeroPoint = 0, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 8]
        output %%y
        """
            .formatted(weights);
    return StandardPasses.prepare(GraphParser.parse("m.etch", text), new DiagnosticCollector());
  }

  private static ScheduledDesign schedule(PartitionedModel model, Mapping mapping) {
    return Scheduler.schedule(model, mapping, new DiagnosticCollector());
  }

  /** The weights that a design was compiled with need one more than it has room for. */
  @ParameterizedTest
  @EnumSource
  void refusesWeightsThatLeaveALimit(Limit limit) {
    Random random = new Random(8);
    MacProblem open = problem(random, 12, 60, 1, 2, new CodedRoom(0, 0, Optional.empty()));
    FrameBeats frame = FrameBeats.of(60, 1, IntegerType.INT8);
    MatrixRoom room = MatrixScheduler.program(open, frame).room().orElseThrow();
    MacProblem exact = in(open, room);
    assertEquals(Optional.empty(), LoadedMatrix.of(exact, frame).excess());
    LoadedMatrix.Excess excess =
        LoadedMatrix.of(in(open, limit.less.apply(room)), frame).excess().orElseThrow();
    assertEquals(limit.what, excess.what());
    assertTrue(excess.needed() > excess.limit(), excess.toString());
  }

  private static MacProblem in(MacProblem problem, MatrixRoom room) {
    LoadableWeights weights =
        problem.loaded().orElseThrow().withCoded(new CodedRoom(0, 0, Optional.of(room)));
    return new MacProblem(
        problem.outputs(),
        problem.clusters(),
        problem.portsPerCluster(),
        problem.group(),
        problem.copies(),
        problem.shared(),
        Optional.of(weights));
  }

  /** Layer, limit and amount. */
  @Test
  void saysWhichLimitOfWhichLayer() {
    Mapping wide = LOADED.withReload(new Reload(4, Optional.of(0.0), Optional.empty()));
    ScheduledDesign roomy = schedule(model(1, 2), wide);
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () -> Scheduler.reload(roomy, model(5, 100), new DiagnosticCollector()));
    assertTrue(
        e.getMessage().contains("layer 'fc' takes ")
            && e.getMessage().contains(" with these weights, and has room for ")
            && e.getMessage().contains(" % too many"),
        e.getMessage());
  }

  @Test
  void takeOtherWeightsInTheSameMemories() {
    ScheduledDesign compiled = schedule(model(1, 20), LOADED.withReload(new Reload(1)));
    IntStream.range(2, 10)
        .forEach(
            seed -> {
              ScheduledDesign other =
                  Scheduler.reload(compiled, model(seed, 20), new DiagnosticCollector());
              assertEquals(
                  LoadMap.of(compiled.lowered().design()), LoadMap.of(other.lowered().design()));
              assertEquals(compiled.lowered().design().depths(), other.lowered().design().depths());
            });
  }

  /** The report counts the forms that words of loaded layers could have had. */
  @Test
  void haveFormsThatAreNotLoaded() {
    ScheduledDesign compiled = schedule(model(1, 20), LOADED.withReload(new Reload(1)));
    MatrixUnit loaded =
        compiled.lowered().design().units().stream()
            .filter(MatrixUnit.class::isInstance)
            .map(MatrixUnit.class::cast)
            .findFirst()
            .orElseThrow();
    assertTrue(loaded.program().room().isPresent());
    assertEquals(WordSource.ROM, loaded.withPlainWords().words());
    assertEquals(loaded.program().withoutRoom(), loaded.withPlainWords().program());
  }

  @Test
  void areReproducedByTheMapping() {
    PartitionedModel model = model(1, 20);
    ScheduledDesign compiled = schedule(model, LOADED.withReload(new Reload(0.3)));
    String printed = MappingPrinter.print(compiled.mapping());
    ScheduledDesign again = schedule(model, MappingParser.parse("mapping.etch", printed));
    assertEquals(printed, MappingPrinter.print(again.mapping()));
    assertEquals(compiled.lowered().design().units(), again.lowered().design().units());
  }

  @ParameterizedTest
  @EnumSource(
      value = WordSource.class,
      names = {"ROM", "CODED"})
  void broadcastWordsAreThoseOfAStreamIfTheyAreLoaded(WordSource words) {
    Mapping mapping = LOADED.withLayers(Map.of("fc", packed().withWords(words)));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> schedule(model(1, 2), mapping));
    assertTrue(e.getMessage().contains("as PACKED or EXTERNAL words only"), e.getMessage());
  }

  /** Beside frames, the words that these read would change. */
  @Test
  void wordsFromOutsideAreNotLoadedBesideFrames() {
    Mapping outside = LOADED.withLayers(Map.of("fc", packed().withWords(WordSource.EXTERNAL)));
    Mapping doubled = outside.withReload(new Reload(1, Optional.empty(), Optional.of(2)));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> schedule(model(1, 2), doubled));
    assertTrue(e.getMessage().contains("the words of layer 'fc' are outside"), e.getMessage());
    schedule(model(1, 2), outside);
  }

  /**
   * Whatever the weights, regions outside stand in the same places, and tables have their shape.
   */
  @ParameterizedTest
  @ValueSource(ints = {64, 512})
  void standInTheSamePlacesOutside(int dataBits) {
    Mapping mapping =
        LOADED
            .withReload(new Reload(3))
            .withMemory(ExternalMemory.STANDARD.withDataBits(dataBits))
            .withLayers(Map.of("fc", packed().withWords(WordSource.EXTERNAL)));
    ScheduledDesign compiled = schedule(model(1, 100), mapping);
    MemoryMap first = MemoryMap.of(compiled.lowered().design()).orElseThrow();
    Set<BigInteger> crcs = new HashSet<>();
    for (long seed = 2; seed < 8; seed++) {
      ScheduledDesign other =
          Scheduler.reload(compiled, model(seed, 60), new DiagnosticCollector());
      MemoryMap map = MemoryMap.of(other.lowered().design()).orElseThrow();
      MemoryMap.Region region = map.regions().get(0);
      assertEquals(first.bytes(), map.image().length);
      assertEquals(first.regions().get(0).first(), region.first());
      assertEquals(first.regions().get(0).again(), region.again());
      assertEquals(0, region.again() % ExternalMemory.BURST_BEATS);
      assertEquals(LoadMap.of(compiled.lowered().design()), LoadMap.of(other.lowered().design()));
      BigInteger tag = tag(MatrixNetlist.of(matrix(other)));
      crcs.add(tag);
      assertEquals(tag, header(map));
    }
    assertEquals(6, crcs.size());
  }

  private static MatrixUnit matrix(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .filter(MatrixUnit.class::isInstance)
        .map(MatrixUnit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** What the host loads for the first beat to be compared with. */
  private static BigInteger tag(MatrixNetlist netlist) {
    ConstantTable numbers = netlist.numbers().orElseThrow();
    List<BigInteger> words = numbers.entries();
    BigInteger tag = BigInteger.ZERO;
    for (int part = 1; part <= netlist.tagNumbers(); part++) {
      tag = tag.shiftLeft(numbers.width()).or(words.get(words.size() - part));
    }
    return tag;
  }

  private static BigInteger header(MemoryMap map) {
    byte[] image = map.image();
    int at = map.regions().get(0).first() * map.memory().beatBytes();
    BigInteger header = BigInteger.ZERO;
    for (int i = map.memory().beatBytes() - 1; i >= 0; i--) {
      header = header.shiftLeft(Byte.SIZE).or(BigInteger.valueOf(image[at + i] & 0xff));
    }
    return header;
  }

  /** A stream outside is limited by its beats. */
  @Test
  void refusesMoreBeatsThanThereIsRoomFor() {
    MacProblem open = problem(new Random(8), 12, 60, 1, 2, outside(Optional.empty()));
    FrameBeats frame = FrameBeats.of(60, 1, IntegerType.INT8);
    MatrixRoom room = MatrixScheduler.program(open, frame).room().orElseThrow();
    MacProblem packed = problem(new Random(8), 12, 60, 1, 2, new CodedRoom(0, 0, Optional.empty()));
    assertTrue(
        room.chunks() < MatrixScheduler.program(packed, frame).room().orElseThrow().chunks());
    LoadedMatrix.Excess excess =
        LoadedMatrix.of(
                problem(
                    new Random(8),
                    12,
                    60,
                    1,
                    2,
                    outside(Optional.of(Limit.CHUNKS.less.apply(room)))),
                frame)
            .excess()
            .orElseThrow();
    assertEquals(
        new LoadedMatrix.Excess("beats in its stream", room.chunks(), room.chunks() - 1), excess);
  }

  private static CodedRoom outside(Optional<MatrixRoom> exact) {
    return new CodedRoom(0, 0, exact, Optional.of(ExternalMemory.STANDARD));
  }
}
