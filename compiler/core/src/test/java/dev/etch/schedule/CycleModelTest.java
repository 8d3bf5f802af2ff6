// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Value;
import dev.etch.hardware.AddUnit;
import dev.etch.hardware.Design;
import dev.etch.hardware.ForkUnit;
import dev.etch.hardware.MapUnit;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Packing;
import dev.etch.hardware.SharedArray;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.Sum;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WidthUnit;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowBuffer.Banks;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowWalk;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Term;
import dev.etch.lower.Models;
import dev.etch.lower.ThresholdArithmetic;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Window;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hand-counted cycles, and skipping against playing every cycle. */
class CycleModelTest {
  private static final Requantizer COPY = new Offset(List.of(0L));

  private static Stream stream(String name, int elements, int beats) {
    return new Stream(name, new StreamType(elements, IntegerType.INT8), beats);
  }

  private static Design design(List<Unit> units, int depth, Stream input, Stream output) {
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    depths.put(input, depth);
    units.forEach(u -> u.outputs().forEach(s -> depths.put(s, depth)));
    return new Design("test", units, depths, input, output);
  }

  /** Pushed in 0, popped in 1, pushed on STAGES later, taken in the next; then a beat a cycle. */
  @Test
  void mapIsAPipeline() {
    Stream in = stream("a", 1, 3);
    Stream out = stream("b", 1, 3);
    CycleResult result =
        CycleModel.run(
            design(List.of(new MapUnit("map", "map", in, out, 1, 1, COPY)), 2, in, out), 3);
    long latency = 1 + MapUnit.STAGES + 1 + 2;
    assertEquals(latency, result.latencyCycles());
    assertEquals(3, result.cyclesPerFrame());
    assertEquals(List.of(latency, latency + 3, latency + 6), result.frameEnds());
  }

  /** As above; what the input queue takes is counted from its first beat. */
  @Test
  void eachQueueHasItsTimes() {
    Stream in = stream("a", 1, 3);
    Stream out = stream("b", 1, 3);
    Design design = design(List.of(new MapUnit("map", "map", in, out, 1, 1, COPY)), 2, in, out);
    Map<Stream, List<Long>> times = CycleModel.beatTimes(design, 2);
    List<Long> cycles = List.of(0L, 1L, 2L, 3L, 4L, 5L);
    assertEquals(cycles, times.get(in));
    long pushed = 1 + MapUnit.STAGES;
    assertEquals(cycles.stream().map(c -> c + pushed).toList(), times.get(out));
    List<Long> late = List.of(0L, 1L, 7L, 30L, 31L, 32L);
    Map<Stream, List<Long>> starved =
        CycleModel.beatTimes(design, 2, new long[] {0, 0, 7, 30}, List.of(new long[0]));
    assertEquals(late, starved.get(in));
    assertEquals(late.stream().map(c -> c + pushed).toList(), starved.get(out));
    // Two beats in the queue, one in each register, and two in the queue in front.
    Map<Stream, List<Long>> blocked =
        CycleModel.beatTimes(design, 2, new long[0], List.of(new long[] {100, 200}));
    assertEquals(cycles, blocked.get(in));
    assertEquals(List.of(pushed, pushed + 1, 101L, 201L, 202L, 203L), blocked.get(out));
  }

  /**
   * The copy of three beats is whole two cycles after the last was given. The map's output ends as
   * in {@link #mapIsAPipeline}, a cycle later because of the fork: so does the frame. If the host
   * takes the copy late, the fork waits, and the frame ends with the copy.
   */
  @Test
  void aFrameHasLeftWhenAllItsOutputsHave() {
    Stream in = stream("a", 1, 3);
    Stream copy = stream("b", 1, 3);
    Stream other = stream("c", 1, 3);
    Stream out = stream("d", 1, 3);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    List.of(in, copy, other, out).forEach(stream -> depths.put(stream, 2));
    List<Unit> units =
        List.of(
            new ForkUnit("fork", "fork", in, List.of(copy, other)),
            new MapUnit("map", "map", other, out, 1, 1, COPY));
    List<OutputPort> ports =
        List.of(new OutputPort("m_axis_copy", copy), new OutputPort("m_axis_out", out));
    Design design = new Design("test", units, depths, in, ports, List.of());
    CycleResult result = CycleModel.run(design);
    assertEquals(2 + MapUnit.STAGES + 1 + 2, result.latencyCycles());
    assertEquals(3, result.cyclesPerFrame());
    assertEquals(CycleModel.playAll(design), result);
    long[] late = {0, 0, 0, 100};
    Map<Stream, List<Long>> times =
        CycleModel.beatTimes(design, 2, new long[0], List.of(late, new long[0]));
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 101L), times.get(copy));
    assertEquals(times.get(copy), times.get(other));
    Map<Stream, List<Long>> slow =
        CycleModel.beatTimes(design, 2, new long[0], List.of(new long[0], new long[] {200}));
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), slow.get(copy));
  }

  /** Beat 4 of 4 goes in in cycle 3, is popped and pushed in 4, and is taken in 5. */
  @Test
  void gatheringPushesWithTheLastBeatOfAGroup() {
    Stream in = stream("a", 1, 4);
    Stream out = stream("b", 4, 1);
    CycleResult result =
        CycleModel.run(design(List.of(new WidthUnit("w", "w", in, out)), 2, in, out), 2);
    assertEquals(5, result.latencyCycles());
    assertEquals(4, result.cyclesPerFrame());
  }

  /** In in 0, sliced in 1, 2, 3, 4, the last slice taken in 5. */
  @Test
  void slicingTakesACycleASlice() {
    Stream in = stream("a", 4, 1);
    Stream out = stream("b", 1, 4);
    CycleResult result =
        CycleModel.run(design(List.of(new WidthUnit("w", "w", in, out)), 2, in, out), 4);
    assertEquals(5, result.latencyCycles());
    assertEquals(4, result.cyclesPerFrame());
  }

  /**
   * In in 0, written in 1, level seen in 2, step 0 in 3, drained in slot 1 = cycle 4, complete
   * COMPLETION_DELAY later, fetched then, pushed one later, taken one later.
   */
  @Test
  void aWindowOfOneElement() {
    Stream in = stream("a", 1, 1);
    Stream out = stream("b", 1, 1);
    Design design = design(List.of(window(in, out, 1, 1, 1, 64)), 2, in, out);
    assertEquals(
        4 + WindowUnit.COMPLETION_DELAY + 1 + 1, CycleModel.run(design, 6).latencyCycles());
    assertEquals(1, CycleModel.run(design, 40).cyclesPerFrame());
  }

  /** A window of one row of {@code width} pixels that sums {@code kernel} neighbours. */
  private static WindowUnit window(
      Stream in, Stream out, int width, int kernel, int depth, int reorderPixels) {
    List<Term> terms = new java.util.ArrayList<>();
    for (int i = 0; i < kernel; i++) {
      terms.add(new Term(i, 0, 1));
    }
    int pixels = width - kernel + 1;
    return new WindowUnit(
        "window",
        "window",
        in,
        out,
        new WindowBuffer(1, width, 0, 0, 0, 0, 0, 1, Math.max(4, depth), Banks.NONE),
        new WindowWalk(1, pixels, 1, 1, kernel, kernel),
        WindowUnit.Operation.SUM,
        new MacScheduler()
            .program(
                new MacProblem(
                    List.of(terms), 1, 1, 1, MacProblem.Copies.NONE, false, Optional.empty())),
        IntegerType.INT32,
        COPY,
        1,
        reorderPixels,
        Packing.NONE,
        Optional.empty());
  }

  /** 3 in: cycles 0 to 2; level 3 seen in 4; steps from 5; last pixel's from 5 + 5 * 3. */
  @Test
  void stepsSetThePaceOfAWindow() {
    Stream in = stream("a", 1, 8);
    Stream out = stream("b", 1, 6);
    Design design = design(List.of(window(in, out, 8, 3, 16, 16)), 2, in, out);
    CycleResult result = CycleModel.run(design, 6);
    assertEquals(18, CycleModel.run(design).cyclesPerFrame());
    assertEquals(5 + 5 * 3 + 3 + WindowUnit.COMPLETION_DELAY + 1 + 1, result.latencyCycles());
    assertEquals(18, result.cyclesPerFrame());
    assertEquals(6 * 18, result.units().get("window").busyCycles());
  }

  private static WindowUnit multiplying(String name, Stream in, Stream out, int steps) {
    List<Term> terms = new java.util.ArrayList<>();
    for (int i = 0; i < steps; i++) {
      terms.add(new Term(0, i, 3));
    }
    return new WindowUnit(
        name,
        name,
        in,
        out,
        new WindowBuffer(1, in.beatsPerFrame(), 0, 0, 0, 0, 0, 1, 16, Banks.NONE),
        new WindowWalk(1, in.beatsPerFrame(), 1, 1, 1, 1),
        WindowUnit.Operation.MULTIPLY_ACCUMULATE,
        new MacScheduler()
            .program(
                new MacProblem(
                    List.of(terms), 1, 1, 1, MacProblem.Copies.NONE, false, Optional.empty())),
        IntegerType.INT32,
        COPY,
        1,
        64,
        Packing.NONE,
        Optional.empty());
  }

  /** A pixel takes 5 steps in the first unit and 3 in the second, one after the other. */
  @Test
  void unitsThatShareTheirMultipliersTakeTheSumOfTheirSteps() {
    Stream in = stream("a", 5, 40);
    Stream middle = stream("b", 1, 40);
    Stream wide = stream("c", 4, 10);
    Stream out = stream("d", 1, 10);
    List<Unit> units =
        List.of(
            multiplying("first", in, middle, 5),
            new WidthUnit("widen", "widen", middle, wide),
            multiplying("second", wide, out, 3));
    Design alone = design(units, 4, in, out);
    assertEquals(40 * 5, CycleModel.run(alone).cyclesPerFrame());
    Design shared =
        new Design(
            "test",
            units,
            alone.depths(),
            in,
            List.of(OutputPort.only(out)),
            List.of(new SharedArray("array", List.of("first", "second"))));
    CycleResult result = CycleModel.run(shared);
    assertEquals(CycleModel.playAll(shared), result);
    assertEquals(40 * 5 + 10 * 3, result.cyclesPerFrame());
    assertTrue(result.units().get("first").waitsForArray() > 0);
    assertEquals(CycleModel.tryRun(shared, 5, false), CycleModel.tryRun(shared, 5, true));
  }

  /**
   * In in 0, written in 1, level seen in 2, the first unit's 5 steps in 3 to 7. Its drain in slot 5
   * is in 8, the pixel complete COMPLETION_DELAY later, fetched then, pushed one later, popped one
   * later, level seen another two later; steps follow.
   */
  @Test
  void theLatencyOfUnitsThatShareIsThatOfEach() {
    Stream in = stream("a", 5, 1);
    Stream middle = stream("b", 1, 1);
    Stream out = stream("c", 1, 1);
    List<Unit> units =
        List.of(multiplying("first", in, middle, 5), multiplying("second", middle, out, 1));
    Design alone = design(units, 2, in, out);
    Design shared =
        new Design(
            "test",
            units,
            alone.depths(),
            in,
            List.of(OutputPort.only(out)),
            List.of(new SharedArray("array", List.of("first", "second"))));
    long first = 8 + WindowUnit.COMPLETION_DELAY;
    long second = first + 1 + 1 + 1 + 1 + 1 + WindowUnit.COMPLETION_DELAY + 1 + 1;
    assertEquals(second, CycleModel.run(shared).latencyCycles());
    assertEquals(second, CycleModel.run(alone).latencyCycles());
  }

  @Test
  void skippingChangesNothing() {
    for (int seed = 0; seed < 8; seed++) {
      Models models = new Models(seed);
      Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
      final Value x = models.input(IntegerType.UINT8, 1, 2, 9, 7);
      Value y = conv(models, "a", x, same, 4, 2);
      SumRequantization sum = new FloatSum(1, 0, 1, 0, 1, 0, 0, 255);
      Value z =
          models.add(
              "add", new QuantizedAdd(sum, IntegerType.UINT8), conv(models, "b", y, same, 4, 4), y);
      Design design =
          Scheduler.schedule(
                  models.model(z),
                  ThresholdArithmetic::analyze,
                  Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(1 + 3 * seed))),
                  new DiagnosticCollector())
              .lowered()
              .design();
      assertTrue(seed > 0 || !design.arrays().isEmpty(), "one multiplier is shared");
      assertEquals(CycleModel.tryRun(design, 3, false), CycleModel.tryRun(design, 3, true));
      assertEquals(CycleModel.playAll(design), CycleModel.run(design));
    }
  }

  @Test
  void framesThatRepeatAreKnownWithoutPlayingThem() {
    FrameLog log = new FrameLog(true);
    log.add(100, new long[] {1, 7}, Map.of("u", activity(10)));
    log.add(150, new long[] {2, 0}, Map.of("u", activity(30)));
    assertEquals(2, log.known());
    log.add(190, new long[] {1, 7}, Map.of("u", activity(35)));
    assertTrue(log.known() >= 15);
    assertEquals(240, log.end(3));
    assertEquals(280, log.end(4));
    assertEquals(190 + 6 * 90, log.end(14));
    assertEquals(activity(30 + 25), log.activities(3).get("u"));
    assertEquals(activity(35 + 6 * 25), log.activities(14).get("u"));
  }

  @Test
  void framesWithoutAStateNeverRepeat() {
    FrameLog log = new FrameLog(true);
    log.add(100, new long[0], Map.of());
    log.add(200, new long[0], Map.of());
    assertEquals(2, log.known());
  }

  private static CycleResult.Activity activity(long cycles) {
    return new CycleResult.Activity(cycles, 1, 2, 3, 4);
  }

  private static Value conv(Models models, String name, Value x, Window window, int out, int in) {
    Value weights = models.weights(name + "w", 0.5, out, in, 3, 3);
    Value y = models.add(name, new IntegerConv2d(window, Layout.NCHW, 1, 3), x, weights);
    return models.requantize(name + "r", y, 1);
  }

  private static Design residual() {
    Stream in = stream("a", 1, 64);
    Stream direct = stream("direct", 1, 64);
    Stream detour = stream("detour", 1, 64);
    Stream windowed = stream("windowed", 1, 64);
    Stream out = stream("sum", 1, 64);
    WindowUnit window = window(detour, windowed, 64, 1, 32, 2);
    Sum sum = new Sum.Linear(1, 1, 0, 0, TieRule.NONE, -128, 127);
    List<Unit> units =
        List.of(
            new ForkUnit("fork", "fork", in, List.of(direct, detour)),
            window,
            new AddUnit("add", "add", direct, windowed, out, sum));
    return design(units, 2, in, out);
  }

  @Test
  void aBranchThatHoldsMoreThanItsQueueLocksUpOrSlowsDownUntilItIsSized() {
    Design sized = FifoSizing.size(residual(), Target.GENERIC);
    long before = CycleModel.run(residual()).cyclesPerFrame();
    long after = CycleModel.run(sized).cyclesPerFrame();
    assertTrue(after < before, after + " after, " + before + " before");
    sized.depths().values().forEach(depth -> assertTrue(depth >= 2));
  }

  @Test
  void aLockedDesignIsReportedWithItsQueues() {
    Stream in = stream("a", 1, 8);
    Stream left = stream("left", 1, 8);
    Stream right = stream("right", 1, 8);
    Stream gathered = stream("gathered", 8, 1);
    Stream back = stream("back", 1, 8);
    Stream out = stream("sum", 1, 8);
    Sum sum = new Sum.Linear(1, 1, 0, 0, TieRule.NONE, -128, 127);
    List<Unit> units =
        List.of(
            new ForkUnit("fork", "fork", in, List.of(left, right)),
            new WidthUnit("gather", "gather", right, gathered),
            new WidthUnit("slice", "slice", gathered, back),
            new AddUnit("add", "add", left, back, out, sum));
    CompilerBug bug =
        assertThrows(CompilerBug.class, () -> CycleModel.run(design(units, 2, in, out)));
    assertTrue(bug.getMessage().contains("left (full)"), bug.getMessage());
    assertTrue(bug.getMessage().contains("back (empty)"), bug.getMessage());
    assertEquals(
        8,
        CycleModel.run(FifoSizing.size(design(units, 2, in, out), Target.GENERIC))
            .cyclesPerFrame());
  }
}
