// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.Design;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.RegisterMap.Access;
import dev.etch.hardware.RegisterMap.Register;
import dev.etch.hardware.WeightImage;
import dev.etch.testbench.SimulatedAccelerator.Received;
import dev.etch.testbench.SimulatedAccelerator.RegisterRead;
import dev.etch.testbench.SimulationException.Kind;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Uses an accelerator as no careful driver would: register accesses in every order of handshakes,
 * frames with misplaced tlast, resets in the middle of frames, a sink that does not take, counters
 * about to overflow. The simulator compares every answer, the interrupt line and tlast with its
 * model of {@link RegisterMap}; what comes out is compared here.
 */
final class RegisterCheck {
  private static final int RUN = RegisterMap.CONTROL.field("run").mask();

  private static final int ENABLE = RegisterMap.CONTROL.field("interruptEnable").mask();
  private static final int EARLY = RegisterMap.ERROR.field("tlastEarly").mask();
  private static final int MISSING = RegisterMap.ERROR.field("tlastMissing").mask();
  private static final int DONE = RegisterMap.INTERRUPT_PENDING.field("frameDone").mask();
  private static final int QUIET_CYCLES = 40;
  private static final int UNKNOWN = 0xfc;
  private static final int MOST_BLOCKED = 64;

  /** Cycles before the answers of reads that do not wait are taken. */
  private static final int[] HOLDS = {0, 1, 2, 5, 9};

  private static final long LOWER_HALF = 0xffff_ffffL;
  private static final int HALF_OF_TIMER = 0xffff;
  private static final long BEFORE_UPPER_HALF = 0xffff_fff0L;
  private static final long LONGEST_SETTLING = 20_000;

  /** Resets at random times, and the cycles that may pass before them in all. */
  private static final int LEAST_RESETS = 4;

  private static final int MOST_RESETS = 64;
  private static final long RESET_CYCLES = 200_000;
  private static final long SEED = 5;

  /** What counters hold before they count on: each bit 0 and 1, without and with a carry. */
  private static final long[] PATTERNS = {
    0x5555_5555_5555_5555L, 0xaaaa_aaaa_aaaa_aaaaL, -1L, 0x7fff_ffff_7fff_ffffL, 0xffff_ffffL
  };

  /** Cycles until a register access shows its address, its data, and is ready for its response. */
  private static final int[][] DELAYS = {
    {0, 0, 0}, {0, 3, 0}, {3, 0, 0}, {0, 0, 6}, {0, 3, 6}, {3, 0, 6}, {1, 0, 0}, {0, 1, 2}
  };

  private final Design design;
  private final int designHash;
  private final IntFunction<byte[]> frames;
  private final IntFunction<List<byte[]>> expected;
  private final Map<Integer, List<byte[]>> known = new HashMap<>();
  private final Limits limits;
  private final Optional<WeightImage> weights;
  private final int beatBytes;
  private SimulatedAccelerator core;

  /**
   * A check.
   *
   * @param frames bytes of the input beats of as many frames as are asked for
   * @param expected bytes of the beats of each output
   * @param weights that they are computed with, if they are to be loaded
   */
  RegisterCheck(
      Design design,
      int designHash,
      IntFunction<byte[]> frames,
      IntFunction<List<byte[]>> expected,
      Limits limits,
      Optional<WeightImage> weights) {
    this.design = design;
    this.designHash = designHash;
    this.frames = Objects.requireNonNull(frames);
    this.expected = Objects.requireNonNull(expected);
    this.limits = limits;
    this.weights = weights;
    this.beatBytes = frames.apply(0).length / design.input().beatsPerFrame();
  }

  private List<byte[]> expected(int frame) {
    return known.computeIfAbsent(frame, expected::apply);
  }

  /**
   * Checks.
   *
   * @param accelerator just started
   * @throws SimulationException at the first fault
   */
  void run(SimulatedAccelerator accelerator) {
    core = accelerator;
    core.checkRegisters(design, designHash);
    core.reset(SimulatedAccelerator.RESET_CYCLES);
    readAll();
    Optional<LoadCheck> load =
        weights.map(image -> new LoadCheck(core, image, design.buffers(), this::readAll));
    load.ifPresent(LoadCheck::run);
    Optional<MemoryCheck> memory = design.memory().map(any -> new MemoryCheck(core, this::readAll));
    memory.ifPresent(MemoryCheck::run);
    everyAddress();
    everyHandshake();
    readsWithoutWaiting();
    startWithAFrameWaiting();
    interrupt();
    backToBack();
    pausedSource();
    load.ifPresent(check -> held(check::holds));
    memory.ifPresent(check -> held(check::holds));
    misplacedEnds();
    blockedSink();
    softResets();
    resetsInFlight();
    carries();
    pinResets();
  }

  private void readAll() {
    RegisterMap.of(design).forEach(r -> core.tryRegister(r.offset()));
  }

  /** Reads every word of the address space; writes those that a write should not change. */
  private void everyAddress() {
    Map<Integer, Register> known = new TreeMap<>();
    RegisterMap.of(design).forEach(r -> known.put(r.offset(), r));
    for (int address = 0; address < 1 << RegisterMap.ADDRESS_BITS; address += 4) {
      core.tryRegister(address);
      if (!known.containsKey(address) || known.get(address).access() != Access.READ_WRITE) {
        core.writeRegister(address, -1);
        core.tryRegister(address);
        core.writeRegister(address, 0);
      }
    }
    readAll();
  }

  private void everyHandshake() {
    for (int[] delays : DELAYS) {
      core.registerDelays(delays[0], delays[1], delays[2]);
      for (int value : new int[] {0, ENABLE, ENABLE, 0, ~(RUN | ENABLE | softReset())}) {
        control(value);
        core.tryRegister(RegisterMap.CONTROL.offset());
        core.tryRegister(RegisterMap.IDENTITY.offset());
        core.tryRegister(UNKNOWN);
        core.writeRegister(UNKNOWN, -1);
        core.tryRegister(RegisterMap.OUTPUT_FORMAT.offset());
        core.tryRegister(RegisterMap.CYCLES_LOW.offset());
      }
      readAll();
    }
    core.registerDelays(0, 0, 0);
    control(0);
  }

  /** While nothing runs, all but the counter of cycles reads the same again. */
  private void readsWithoutWaiting() {
    List<Integer> addresses =
        RegisterMap.of(design).stream()
            .map(Register::offset)
            .filter(offset -> offset != RegisterMap.CYCLES_LOW.offset())
            .toList();
    List<RegisterRead> alone = addresses.stream().map(core::tryRegister).toList();
    for (int hold : HOLDS) {
      List<RegisterRead> together = core.tryRegisters(addresses, hold);
      if (!together.equals(alone)) {
        throw new SimulationException(
            Kind.REGISTER,
            "registers that are read without waiting for the answers read otherwise, in cycle "
                + core.status().cycle());
      }
    }
  }

  private static int softReset() {
    return RegisterMap.CONTROL.field("softReset").mask();
  }

  /** A core that does not run takes nothing; then it does, and waits for the sink. */
  private void startWithAFrameWaiting() {
    core.send(frames.apply(0), true);
    core.run(QUIET_CYCLES);
    if (core.status().beatsIn() != 0) {
      throw new SimulationException(Kind.PROTOCOL, "a core that does not run takes a beat");
    }
    readAll();
    control(RUN);
    // While the counter goes on, an answer that waits has to stay.
    core.registerDelays(0, 0, 9);
    core.tryRegister(RegisterMap.CYCLES_LOW.offset());
    core.registerDelays(0, 0, 0);
    readAll();
    takeOneByOne();
    nothingMore();
  }

  private void interrupt() {
    for (int round = 0; round < 2; round++) {
      control(RUN | ENABLE);
      core.writeRegister(RegisterMap.INTERRUPT_PENDING.offset(), ~DONE);
      readAll();
      control(RUN);
      control(RUN | ENABLE);
      core.writeRegister(RegisterMap.INTERRUPT_PENDING.offset(), DONE);
      readAll();
      whole(1);
      control(RUN);
      readAll();
    }
  }

  private void backToBack() {
    fed(List.of(0, 1, 2, 1));
    readAll();
    core.run(QUIET_CYCLES);
    fed(List.of(2, 2));
    control(0);
    core.tryRegister(RegisterMap.CYCLES_LOW.offset());
    core.run(QUIET_CYCLES);
    readAll();
    control(RUN);
  }

  /** A frame comes out right that had to wait. */
  private void held(Consumer<byte[]> holds) {
    holds.accept(frames.apply(2));
    takeFrame(2);
    readAll();
  }

  /** The counter of a frame's beats keeps each of its bits while the source rests. */
  private void pausedSource() {
    byte[] frame = frames.apply(2);
    int sent = 0;
    for (int beats = 1; beats < design.input().beatsPerFrame(); beats *= 2) {
      core.send(Arrays.copyOfRange(frame, sent, beats * beatBytes), false);
      sent = beats * beatBytes;
      core.run(QUIET_CYCLES);
    }
    core.send(Arrays.copyOfRange(frame, sent, frame.length), true);
    takeFrame(2);
    readAll();
  }

  /** The core counts beats itself: a misplaced tlast is told, and changes no bit. */
  private void misplacedEnds() {
    int beats = design.input().beatsPerFrame();
    for (int place : new TreeSet<>(List.of(0, beats / 2, Math.max(0, beats - 2)))) {
      for (boolean ended : new boolean[] {true, false}) {
        for (int cleared : new int[] {EARLY, MISSING}) {
          misplaced(place, ended, cleared);
        }
      }
    }
  }

  private void misplaced(int place, boolean ended, int cleared) {
    byte[] frame = frames.apply(1);
    int at = (place + 1) * beatBytes;
    core.send(Arrays.copyOf(frame, at), true);
    if (at < frame.length) {
      core.send(Arrays.copyOfRange(frame, at, frame.length), ended);
    }
    takeFrame(1);
    readAll();
    writeElsewhere();
    core.writeRegister(RegisterMap.ERROR.offset(), ~(EARLY | MISSING));
    core.writeRegister(RegisterMap.ERROR.offset(), cleared);
    readAll();
    core.writeRegister(RegisterMap.ERROR.offset(), -1);
    readAll();
  }

  /** What a write of another address might clear or set by mistake is there. */
  private void writeElsewhere() {
    for (int address = 0; address < 1 << RegisterMap.ADDRESS_BITS; address += 4) {
      int here = address;
      boolean changes =
          RegisterMap.of(design).stream()
              .anyMatch(r -> r.offset() == here && r.access() != Access.READ_ONLY);
      if (!changes) {
        core.writeRegister(address, -1);
      }
    }
    readAll();
  }

  /** Every queue and every buffer fills up, until the source is stuck, and empties. */
  private void blockedSink() {
    int beats = design.input().beatsPerFrame();
    long before = core.status().beatsIn();
    // So many at once that the source does not run dry while it is looked at.
    int atOnce = (int) Math.min(MOST_BLOCKED, settling() / beats + 2);
    int count = 0;
    do {
      for (int i = 0; i < atOnce; i++) {
        core.send(frames.apply(count++), true);
      }
    } while (takesAll(before + (long) count * beats) && count < MOST_BLOCKED);
    readAll();
    for (int i = 0; i < count; i++) {
      takeFrame(i);
    }
    readAll();
    nothingMore();
  }

  /** Whether so many beats are accepted in the end. */
  private boolean takesAll(long beats) {
    long accepted = -1;
    while (core.status().beatsIn() < beats && core.status().beatsIn() > accepted) {
      accepted = core.status().beatsIn();
      settle();
    }
    return core.status().beatsIn() >= beats;
  }

  /** Resets while nothing, a part of a frame, whole frames are inside. */
  private void softResets() {
    for (int beats : new int[] {0, 1, design.input().beatsPerFrame() / 2}) {
      for (int control : new int[] {RUN | ENABLE, RUN}) {
        control(control);
        fill(beats);
        core.softReset(control);
        afterReset();
      }
    }
    // The settings of the write that resets count too.
    fill(1);
    core.softReset(0);
    readAll();
    control(RUN);
    afterReset();
  }

  /** Resets at any time, while frames come and go. */
  private void resetsInFlight() {
    long span = settling();
    SplittableRandom random = new SplittableRandom(SEED);
    long count = Math.max(LEAST_RESETS, Math.min(MOST_RESETS, RESET_CYCLES / span));
    long sent = Math.min(MOST_BLOCKED, span / design.input().beatsPerFrame() + 2);
    for (long reset = 0; reset < count; reset++) {
      for (int frame = 0; frame < sent; frame++) {
        core.send(frames.apply(frame), true);
      }
      core.receive(outputBeats(Long.MAX_VALUE), random.nextLong(span));
      core.softReset(RUN);
      fed(List.of(1, 0));
    }
    afterReset();
  }

  private void pinResets() {
    for (int beats : new int[] {0, 1}) {
      control(RUN | ENABLE);
      fill(beats);
      core.reset(SimulatedAccelerator.RESET_CYCLES);
      readAll();
      design.memory().ifPresent(memory -> core.memory().read());
      control(RUN);
      afterReset();
    }
  }

  private void afterReset() {
    readAll();
    nothingMore();
    fed(List.of(1, 0));
    readAll();
  }

  /** Counters, errors, interrupt and queues are to be forgotten by the reset that comes next. */
  private void fill(int beats) {
    fed(List.of(0, 2));
    core.send(frames.apply(2), false);
    core.send(Arrays.copyOf(frames.apply(1), beatBytes), true);
    core.send(Arrays.copyOfRange(frames.apply(1), beatBytes, 2 * beatBytes), false);
    if (beats > 0) {
      core.send(Arrays.copyOf(frames.apply(0), beats * beatBytes), false);
    }
    settle();
    core.tryRegister(RegisterMap.CYCLES_LOW.offset());
    readAll();
  }

  /** Counters go on from values that they would reach after years. */
  private void carries() {
    if (!core.probe().deposit("monitor_frames_in", 0)) {
      return;
    }
    for (long pattern : PATTERNS) {
      control(0);
      core.probe().deposit("monitor_frames_in", pattern);
      core.probe().deposit("monitor_frames_out", pattern);
      core.probe().deposit("monitor_beats_in", pattern);
      core.probe().deposit("monitor_beats_out", pattern);
      for (int other = 0; other < design.outputs().size() - 1; other++) {
        core.probe().deposit("monitor_others_" + other + "_beats_out", pattern);
      }
      depositCycles(pattern);
      standing();
      control(RUN);
      core.tryRegister(RegisterMap.CYCLES_LOW.offset());
      readAll();
      core.send(frames.apply(0), true);
      core.run(QUIET_CYCLES);
      depositTimer("monitor_since_left", (int) pattern);
      depositTimer("monitor_since_began", (int) pattern);
      takeFrame(0);
      readAll();
    }
    upperHalfStays();
    core.softReset(RUN);
    readAll();
  }

  /** Counters keep their values while the core is stopped: every bit, in odd and even cycles. */
  private void standing() {
    readAll();
    core.run(QUIET_CYCLES + 1);
    readAll();
  }

  /** Sets both halves of the counter of cycles, and whether the lower one turns over next. */
  private void depositCycles(long cycles) {
    core.probe().deposit("monitor_cycles_low", cycles & LOWER_HALF);
    core.probe().deposit("monitor_cycles_high", cycles >>> Integer.SIZE);
    core.probe().deposit("monitor_cycles_turn", (cycles & LOWER_HALF) == LOWER_HALF ? 1 : 0);
  }

  /** Sets both halves of a timer, and whether the lower one turns over next. */
  private void depositTimer(String name, int cycles) {
    int low = cycles & HALF_OF_TIMER;
    core.probe().deposit(name + "_low", low);
    core.probe().deposit(name + "_high", cycles >>> Short.SIZE);
    core.probe().deposit(name + "_turns", low == HALF_OF_TIMER ? 1 : 0);
  }

  /** Only a read of the lower half of the counter of cycles takes over the upper half. */
  private void upperHalfStays() {
    depositCycles(BEFORE_UPPER_HALF);
    core.tryRegister(RegisterMap.CYCLES_LOW.offset());
    core.run(QUIET_CYCLES);
    for (int address = 0; address < 1 << RegisterMap.ADDRESS_BITS; address += 4) {
      if (address != RegisterMap.CYCLES_LOW.offset()) {
        core.tryRegister(address);
      }
    }
    core.tryRegister(RegisterMap.CYCLES_HIGH.offset());
    core.tryRegister(RegisterMap.CYCLES_LOW.offset());
    core.tryRegister(RegisterMap.CYCLES_HIGH.offset());
  }

  private void control(int value) {
    core.writeRegister(RegisterMap.CONTROL.offset(), value);
  }

  private void whole(int frame) {
    core.send(frames.apply(frame), true);
    takeFrame(frame);
  }

  /** Frames back to back, as fast as the core takes them. */
  private void fed(List<Integer> numbers) {
    List<FrameResult> results =
        core.runFrames(numbers.stream().map(frames::apply).toList(), outputBeats(), limits);
    for (int i = 0; i < results.size(); i++) {
      requireEqual(expected(numbers.get(i)), results.get(i).outputs());
    }
  }

  private List<Integer> outputBeats() {
    return design.outputs().stream().map(output -> output.stream().beatsPerFrame()).toList();
  }

  private List<Long> outputBeats(long count) {
    return Collections.nCopies(design.outputs().size(), count);
  }

  /** Takes a frame of each output and compares it. */
  private void takeFrame(int frame) {
    List<Long> beats = outputBeats().stream().map(Integer::longValue).toList();
    List<Received> came = core.receive(beats, limits.idleCycles());
    for (int output = 0; output < came.size(); output++) {
      requireBeats(came.get(output).last().length == beats.get(output));
    }
    requireEqual(expected(frame), came.stream().map(Received::beats).toList());
  }

  /** Takes the first frame, of each output a beat at a time, as long as they come. */
  private void takeOneByOne() {
    List<Integer> beats = outputBeats();
    int most = Collections.max(beats);
    List<ByteArrayOutputStream> frame =
        beats.stream().map(any -> new ByteArrayOutputStream()).toList();
    List<Long> missing = new ArrayList<>(beats.stream().map(Integer::longValue).toList());
    long idle = 0;
    for (int taken = 0; Collections.max(missing) > 0; ) {
      requireBeats(idle < limits.idleCycles());
      List<Long> wanted = missing.stream().map(left -> Math.min(1, left)).toList();
      List<Received> came = core.receive(wanted, QUIET_CYCLES);
      boolean moved = false;
      for (int output = 0; output < came.size(); output++) {
        int count = came.get(output).last().length;
        frame.get(output).writeBytes(came.get(output).beats());
        missing.set(output, missing.get(output) - count);
        moved |= count > 0;
      }
      idle = moved ? 0 : idle + QUIET_CYCLES;
      if (moved && (taken < 2 || taken + 2 >= most)) {
        readAll();
      }
      taken += moved ? 1 : 0;
    }
    requireEqual(expected(0), frame.stream().map(ByteArrayOutputStream::toByteArray).toList());
  }

  private void requireBeats(boolean came) {
    if (!came) {
      throw new SimulationException(
          Kind.DEADLOCK, "an output beat did not come, in cycle " + core.status().cycle());
    }
  }

  private void requireEqual(List<byte[]> wanted, List<byte[]> got) {
    for (int output = 0; output < wanted.size(); output++) {
      requireEqual(wanted.get(output), got.get(output));
    }
  }

  private void requireEqual(byte[] wanted, byte[] got) {
    int at = Arrays.mismatch(wanted, got);
    if (at >= 0) {
      throw new SimulationException(
          Kind.REGISTER,
          "a frame of the check of registers and resets comes out wrong: byte %d is %d instead of %d, in cycle %d"
              .formatted(at, got[at], wanted[at], core.status().cycle()));
    }
  }

  private void nothingMore() {
    if (core.comes(QUIET_CYCLES)) {
      throw new SimulationException(
          Kind.PROTOCOL, "a beat that nobody asked for, in cycle " + core.status().cycle());
    }
  }

  /** Runs until most has come to a halt before a sink that does not take. */
  private void settle() {
    core.run(settling());
  }

  private long settling() {
    return Math.min(LONGEST_SETTLING, limits.idleCycles() / 4);
  }
}
