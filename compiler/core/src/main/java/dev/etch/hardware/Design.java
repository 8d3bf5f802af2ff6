// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A complete accelerator: units joined by queues, one input and one output stream.
 *
 * <p>The top level puts an AXI4-Stream slave in front of {@code input} (a beat is accepted if the
 * queue has space and the core runs) and a master behind {@code output} (valid if the queue is not
 * empty). A beat on AXI carries the stream's elements side by side, each widened to 8, 16 or 32
 * bits.
 *
 * @param name a legal identifier, the name of the Verilog top module
 * @param units in topological order
 * @param depths every stream with the depth of its queue, at least 2, in the order of the data flow
 * @param input the stream that the host feeds
 * @param output the stream that the host reads
 */
public record Design(
    String name, List<Unit> units, Map<Stream, Integer> depths, Stream input, Stream output) {
  public Design {
    Identifiers.requireLegal(name);
    units = List.copyOf(units);
    depths = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(depths));
    verify(units, depths, input, output);
  }

  private static void verify(
      List<Unit> units, Map<Stream, Integer> depths, Stream input, Stream output) {
    Set<Stream> written = new HashSet<>(Set.of(input));
    Set<Stream> read = new HashSet<>(Set.of(output));
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

  /** The same design with other queue depths. */
  public Design withDepths(Map<Stream, Integer> newDepths) {
    return new Design(name, units, newDepths, input, output);
  }
}
