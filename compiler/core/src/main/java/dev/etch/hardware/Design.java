// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A complete accelerator: units joined by queues, one input and at least one output stream.
 *
 * <p>The top level puts an AXI4-Stream slave in front of {@code input} (a beat is accepted if the
 * queue has space and the core runs) and a master behind each of the {@code outputs} (valid if the
 * queue is not empty). A beat on AXI carries the stream's elements side by side, each widened to 8,
 * 16 or 32 bits. A frame has left when the last beats of all its outputs were taken. The host has
 * to take the beats of each output whenever they come: one output may need room before another has
 * its frame.
 *
 * @param name a legal identifier, the name of the Verilog top module
 * @param units in topological order
 * @param depths every stream with the depth of its queue, at least 2, in the order of the data flow
 * @param input the stream that the host feeds
 * @param outputs what the host reads, at most {@value #MOST_OUTPUTS}
 * @param arrays multipliers that window units share; all others have their own
 * @param buffers of each memory that the host loads. With 1, frames wait while it is written. With
 *     2, frames run on one while the other is written; an image that is whole takes effect between
 *     two frames, see {@link #swapCycles}
 */
public record Design(
    String name,
    List<Unit> units,
    Map<Stream, Integer> depths,
    Stream input,
    List<OutputPort> outputs,
    List<SharedArray> arrays,
    int buffers) {
  /** Output ports that the register map has room for. */
  public static final int MOST_OUTPUTS = 12;

  public Design {
    Identifiers.requireLegal(name);
    units = List.copyOf(units);
    depths = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(depths));
    outputs = List.copyOf(outputs);
    arrays = List.copyOf(arrays);
    verify(outputs);
    verify(units, depths, input, outputs);
    verify(units, arrays);
    LoadMap.requireBuffers(buffers);
    if (readers(units).stream().map(WordReader::memory).distinct().count() > 1) {
      throw new IllegalArgumentException("units read from several memories");
    }
  }

  /** Cycles from a last output beat until the hardware knows that no frame is inside. */
  private static final int EMPTY_CYCLES = 17;

  /** Cycles from then until every memory is read in its other buffer. */
  private static final int TOLD_CYCLES = 5;

  /** A design with one output in which each unit has its own multipliers. */
  public Design(
      String name, List<Unit> units, Map<Stream, Integer> depths, Stream input, Stream output) {
    this(name, units, depths, input, List.of(OutputPort.only(output)), List.of());
  }

  /** A design with one buffer of what the host loads, if it loads something. */
  public Design(
      String name,
      List<Unit> units,
      Map<Stream, Integer> depths,
      Stream input,
      List<OutputPort> outputs,
      List<SharedArray> arrays) {
    this(name, units, depths, input, outputs, arrays, 1);
  }

  private static void verify(List<OutputPort> outputs) {
    if (outputs.isEmpty() || outputs.size() > MOST_OUTPUTS) {
      throw new IllegalArgumentException(outputs.size() + " outputs");
    }
    if (outputs.stream().map(OutputPort::name).distinct().count() < outputs.size()) {
      throw new IllegalArgumentException("two outputs have one name");
    }
  }

  private static void verify(
      List<Unit> units, Map<Stream, Integer> depths, Stream input, List<OutputPort> outputs) {
    Set<Stream> written = new HashSet<>(Set.of(input));
    Set<Stream> read = new HashSet<>();
    for (OutputPort output : outputs) {
      if (!read.add(output.stream())) {
        throw new IllegalArgumentException("two outputs of stream " + output.stream().name());
      }
    }
    Set<String> names = new HashSet<>();
    for (Unit unit : units) {
      if (!names.add(unit.name())) {
        throw new IllegalArgumentException("two units named " + unit.name());
      }
      for (Stream stream : unit.inputs()) {
        if (!written.contains(stream) || !read.add(stream)) {
          throw new IllegalArgumentException("stream " + stream.name() + " needs one reader");
        }
      }
      for (Stream stream : unit.outputs()) {
        if (!written.add(stream)) {
          throw new IllegalArgumentException("stream " + stream.name() + " needs one writer");
        }
      }
    }
    if (!written.equals(read) || !written.equals(depths.keySet())) {
      throw new IllegalArgumentException("every stream needs a writer, a reader and a depth");
    }
    depths.forEach(
        (stream, depth) -> {
          if (depth < 2) {
            throw new IllegalArgumentException("queue " + stream.name() + " is too shallow");
          }
        });
  }

  private static void verify(List<Unit> units, List<SharedArray> arrays) {
    List<String> order = units.stream().map(Unit::name).toList();
    Set<String> names = new HashSet<>(order);
    Set<String> members = new HashSet<>();
    for (SharedArray array : arrays) {
      if (!names.add(array.name())) {
        throw new IllegalArgumentException("two units or arrays named " + array.name());
      }
      int before = -1;
      for (String member : array.units()) {
        int at = order.indexOf(member);
        if (at < 0 || !multiplies(units.get(at))) {
          throw new IllegalArgumentException(member + " is no unit with multipliers");
        }
        if (at <= before || !members.add(member)) {
          throw new IllegalArgumentException(
              "unit " + member + " is in two arrays, or not in the order of the units");
        }
        if (((WindowUnit) units.get(at)).packing().products() != 1) {
          throw new IllegalArgumentException(
              "a multiplier of an array makes one product, not those that " + member + " wants");
        }
        before = at;
      }
    }
  }

  /** The units that read their words from outside, in the order of the data flow. */
  public List<WordReader> readers() {
    return readers(units);
  }

  private static List<WordReader> readers(List<Unit> units) {
    return units.stream()
        .filter(WordReader.class::isInstance)
        .map(WordReader.class::cast)
        .filter(unit -> unit.memory().isPresent())
        .toList();
  }

  /** The memory outside that units read words from, if some do. */
  public Optional<ExternalMemory> memory() {
    return readers().stream().findFirst().flatMap(WordReader::memory);
  }

  private static boolean multiplies(Unit unit) {
    return unit instanceof WindowUnit window
        && window.operation() == WindowUnit.Operation.MULTIPLY_ACCUMULATE;
  }

  /**
   * The Verilog module of each stream's queue: one for all queues of a width and a depth, and one
   * for those of which only the number of beats matters.
   */
  public Map<Stream, String> queueModules() {
    Set<Stream> unread = unread();
    Map<Stream, String> modules = new LinkedHashMap<>();
    depths.forEach(
        (stream, depth) ->
            modules.put(
                stream,
                String.format(
                    "%s_queue_%dx%d%s",
                    name, stream.type().bits(), depth, unread.contains(stream) ? "_unread" : "")));
    return modules;
  }

  /** The same design with other queue depths. */
  public Design withDepths(Map<Stream, Integer> newDepths) {
    return new Design(name, units, newDepths, input, outputs, arrays, buffers);
  }

  /** The same design with so many buffers of each memory that the host loads. */
  public Design withBuffers(int count) {
    return new Design(name, units, depths, input, outputs, arrays, count);
  }

  /** Streams of which only the number of beats matters: they lead to {@link ConstantUnit}s. */
  public Set<Stream> unread() {
    Set<Stream> unread = new HashSet<>();
    for (int i = units.size() - 1; i >= 0; i--) {
      Unit unit = units.get(i);
      boolean forNobody = unit instanceof ForkUnit fork && unread.containsAll(fork.copies());
      if (forNobody || unit instanceof ConstantUnit) {
        unread.addAll(unit.inputs());
      }
    }
    return unread;
  }

  /**
   * What it takes to go from one of two buffers to the other. From the cycle on in which the
   * hardware finds an image whole, no frame begins. Those that have begun end with the old weights;
   * so many cycles after their last output beat left, the first beat of the next frame is accepted,
   * if it is there. So the last output beats of both frames are this and a latency apart. Decoders
   * that read ahead begin anew meanwhile.
   */
  public int swapCycles() {
    int awakening =
        units.stream()
            .filter(MatrixUnit.class::isInstance)
            .mapToInt(unit -> MatrixNetlist.awakening((MatrixUnit) unit))
            .max()
            .orElse(0);
    return EMPTY_CYCLES + Math.max(TOLD_CYCLES, awakening + 1);
  }

  /** The units that share an array, in the order of the data flow. */
  public List<WindowUnit> members(SharedArray array) {
    return units.stream()
        .filter(unit -> array.units().contains(unit.name()))
        .map(WindowUnit.class::cast)
        .toList();
  }

  /** Lanes of an array: as many as its largest member has. */
  public int lanes(SharedArray array) {
    return members(array).stream().mapToInt(unit -> unit.program().lanes()).max().orElseThrow();
  }

  /** The array that a unit shares with others, if it does. */
  public Optional<SharedArray> arrayOf(Unit unit) {
    return arrays.stream().filter(array -> array.units().contains(unit.name())).findFirst();
  }
}
