// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Value;
import dev.etch.hardware.Stream;
import dev.etch.hardware.Unit;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.LoweredModel.Meaning;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Finds the unit that is wrong first: replays a frame in a simulator that writes waveforms, and
 * compares what every queue takes with the reference's values, in the order of the data flow.
 */
final class DivergenceFinder {
  private static final long CYCLES_BEFORE = 200;
  private static final long CYCLES_AFTER = 50;

  /** Frames before the failing one that the replay feeds first, because faults may need them. */
  private static final int LEAD_IN = 1;

  private final LoweredModel model;
  private final Path rtl;
  private final VerifyOptions options;
  private final Limits limits;
  private final AcceleratorPorts ports;
  private final Interpreter reference;

  DivergenceFinder(LoweredModel model, Path rtl, VerifyOptions options, Limits limits) {
    this.model = model;
    this.rtl = rtl;
    this.options = options;
    this.limits = limits;
    this.ports = AcceleratorPorts.of(model);
    this.reference = new Interpreter(model.model().accelerator());
  }

  /** Where one stream leaves the reference. */
  private record Place(
      Stream stream, int frame, int position, Optional<Integer> actual, long cycle) {}

  /** The frames of a replay with the reference's values. */
  private record Replay(int first, List<byte[]> beats, List<Map<Value, Tensor>> expected) {}

  /** What a replay shows: the place, if what a queue took is wrong, and a waveform. */
  record Finding(Optional<Divergence> place, Optional<Path> waveform) {}

  /**
   * Replays a frame.
   *
   * @param keepsEnd whether the waveform of a replay that shows no wrong queue is wanted: its end
   */
  Finding find(Replayed what, boolean keepsEnd) {
    Path folder = options.waveFolder();
    try {
      Replay replay =
          replay(
              Math.max(what.firstOfRun(), what.failing() - LEAD_IN), what.failing(), what.frames());
      Path simulator = simulator();
      Files.createDirectories(folder);
      Path whole = Files.createTempFile(folder, "replay-", ".vcd");
      try {
        long end = run(simulator, replay, what.stalls(), whole, 0, Long.MAX_VALUE);
        Optional<Divergence> place =
            firstPlace(
                    replay,
                    QueueTrace.read(whole, streamNames(), SimulatedAccelerator.RESET_CYCLES + 1),
                    end)
                .map(p -> divergence(p, replay, simulator, what.stalls(), folder));
        if (place.isPresent() || !keepsEnd) {
          return new Finding(place, place.map(Divergence::waveform));
        }
        Path waveform = folder.resolve("fault-frame-" + what.failing() + ".vcd");
        long first = Math.max(0, end - CYCLES_BEFORE - CYCLES_AFTER);
        run(simulator, replay, what.stalls(), waveform, first, end);
        return new Finding(Optional.empty(), Optional.of(waveform));
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (SimulationException e) {
      // The design is so wrong that the replay ends too; the first message says why.
      return new Finding(Optional.empty(), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cycles around one of a replay from its first frame on. */
  Optional<Path> waveform(Replayed what, long cycle) {
    try {
      Files.createDirectories(options.waveFolder());
      Path waveform = options.waveFolder().resolve("fault-timing.vcd");
      Replay replay = replay(what.firstOfRun(), what.failing(), what.frames());
      long first = Math.max(0, cycle - CYCLES_BEFORE);
      run(simulator(), replay, what.stalls(), waveform, first, cycle + CYCLES_AFTER);
      return Optional.of(waveform);
    } catch (SimulationException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cycles around a fault that a check of the registers found. */
  Optional<Path> waveform(RegisterCheck check, long cycle) {
    if (cycle < 0) {
      return Optional.empty();
    }
    try (SimulatedAccelerator accelerator =
        SimulatedAccelerator.start(simulator(), model.design())) {
      Files.createDirectories(options.waveFolder());
      Path waveform = options.waveFolder().resolve("fault-registers.vcd");
      accelerator.trace(waveform, Math.max(0, cycle - CYCLES_BEFORE), cycle + CYCLES_AFTER);
      try {
        check.run(accelerator);
      } catch (SimulationException e) {
        accelerator.endTrace();
        return Optional.of(waveform);
      }
      return Optional.empty();
    } catch (SimulationException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path simulator() {
    return new VerilatorBuild(options.cache())
        .build(new VerilatorBuild.Request(rtl, model.design().name(), Optimization.NONE, true));
  }

  private Replay replay(int first, int last, IntFunction<IntegerTensor> frames) {
    List<byte[]> beats = new ArrayList<>();
    List<Map<Value, Tensor>> expected = new ArrayList<>();
    for (int frame = first; frame <= last; frame++) {
      IntegerTensor input = frames.apply(frame);
      beats.add(ports.pack(input));
      expected.add(reference.runAll(List.of(input)));
    }
    return new Replay(first, beats, expected);
  }

  private List<String> streamNames() {
    return model.design().depths().keySet().stream().map(Stream::name).toList();
  }

  /** Simulates with a waveform of some cycles; gives the cycle at the end. */
  private long run(Path simulator, Replay replay, Stalls stalls, Path file, long first, long last) {
    try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator, model.design())) {
      accelerator.checking(false);
      accelerator.trace(file, first, last);
      try {
        options.start(accelerator);
        feed(accelerator, replay, stalls);
      } catch (SimulationException e) {
        if (e.kind() == SimulationException.Kind.PROCESS) {
          throw e;
        }
        // What happened until here is what the waveform should show.
      }
      long end = accelerator.status().cycle();
      accelerator.endTrace();
      return end;
    }
  }

  private void feed(SimulatedAccelerator accelerator, Replay replay, Stalls stalls) {
    accelerator.stalls(stalls);
    replay.beats().forEach(b -> accelerator.send(b, true));
    List<Long> beats = ports.outputBeats(replay.beats().size());
    boolean complete = false;
    for (long before = -1, now = 0; !complete && now != before; before = now) {
      complete = accelerator.collect(beats, limits.idleCycles());
      SimulatedAccelerator.Status status = accelerator.status();
      now = status.beatsIn() + status.beatsOut();
    }
  }

  private Optional<Place> firstPlace(Replay replay, QueueTrace trace, long end) {
    for (Stream stream : model.design().depths().keySet()) {
      Meaning meaning = model.meanings().get(stream);
      if (meaning != null
          && replay.expected().get(0).get(meaning.value()) != null
          && trace.hasPayload(stream.name())) {
        Optional<Place> place = compare(stream, meaning, replay, trace.pushes(stream.name()), end);
        if (place.isPresent()) {
          return place;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Place> compare(
      Stream stream, Meaning meaning, Replay replay, List<QueueTrace.Push> pushes, long end) {
    int elements = stream.type().elements();
    for (int frame = 0; frame < replay.expected().size(); frame++) {
      int[] expected = expected(meaning, replay.expected().get(frame));
      for (int position = 0; position < expected.length; position++) {
        int beat = frame * stream.beatsPerFrame() + position / elements;
        if (beat >= pushes.size()) {
          return Optional.of(
              new Place(stream, replay.first() + frame, position, Optional.empty(), end));
        }
        QueueTrace.Push push = pushes.get(beat);
        int actual = element(push.payload(), position % elements, stream.type().element());
        if (actual != expected[position]) {
          return Optional.of(
              new Place(
                  stream, replay.first() + frame, position, Optional.of(actual), push.cycle()));
        }
      }
    }
    return Optional.empty();
  }

  private static int[] expected(Meaning meaning, Map<Value, Tensor> values) {
    return meaning.order().toStream(((IntegerTensor) values.get(meaning.value())).data());
  }

  /** Element {@code index} of a beat. */
  private static int element(BigInteger payload, int index, IntegerType type) {
    BigInteger shifted = payload.shiftRight(index * type.bits());
    BigInteger low = shifted.mod(BigInteger.ONE.shiftLeft(type.bits()));
    boolean negative = type.signed() && low.testBit(type.bits() - 1);
    return (negative ? low.subtract(BigInteger.ONE.shiftLeft(type.bits())) : low).intValue();
  }

  private Divergence divergence(
      Place place, Replay replay, Path simulator, Stalls stalls, Path folder) {
    Path waveform = folder.resolve("mismatch-frame-" + place.frame() + ".vcd");
    long first = Math.max(0, place.cycle() - CYCLES_BEFORE);
    run(simulator, replay, stalls, waveform, first, place.cycle() + CYCLES_AFTER);
    Meaning meaning = model.meanings().get(place.stream());
    int index = meaning.order().indexes()[place.position()];
    Map<Value, Tensor> values = replay.expected().get(place.frame() - replay.first());
    Optional<Unit> unit =
        producers().entrySet().stream()
            .filter(e -> e.getKey().equals(place.stream()))
            .map(Map.Entry::getValue)
            .findFirst();
    return new Divergence(
        unit.map(Unit::name).orElse("the input port"),
        unit.map(Unit::layer).orElse(meaning.value().name()),
        place.stream().name(),
        meaning.value().name(),
        place.frame(),
        Mismatch.coordinates(meaning.value().type().shape(), index),
        expected(meaning, values)[place.position()],
        place.actual(),
        place.cycle(),
        waveform);
  }

  private Map<Stream, Unit> producers() {
    Map<Stream, Unit> producers = new LinkedHashMap<>();
    model.design().units().forEach(u -> u.outputs().forEach(s -> producers.put(s, u)));
    return producers;
  }
}
