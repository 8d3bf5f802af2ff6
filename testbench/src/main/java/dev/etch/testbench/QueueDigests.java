// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Value;
import dev.etch.hardware.Stream;
import dev.etch.lower.LoweredModel;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What all queues whose values the reference knows should take, frame after frame. */
final class QueueDigests {
  private final LoweredModel model;
  private final Map<Stream, QueueDigest> wanted =
      new TreeMap<>(java.util.Comparator.comparing(Stream::name));

  QueueDigests(LoweredModel model) {
    this.model = model;
    for (Stream stream : model.design().depths().keySet()) {
      if (model.meanings().containsKey(stream)) {
        wanted.put(stream, QueueDigest.EMPTY);
      }
    }
  }

  /** Adds a frame, with the reference's values; it has none for what the compiler settled. */
  void add(Map<Value, Tensor> values) {
    wanted.keySet().removeIf(s -> values.get(model.meanings().get(s).value()) == null);
    wanted.replaceAll(
        (stream, digest) -> {
          LoweredModel.Meaning meaning = model.meanings().get(stream);
          int[] data = ((IntegerTensor) values.get(meaning.value())).data();
          return digest.plus(meaning.order().toStream(data), stream.type());
        });
  }

  /** A queue that took something else; queues that were not observed are passed over. */
  Optional<String> difference(Map<String, QueueDigest> taken) {
    return wanted.entrySet().stream()
        .filter(entry -> taken.containsKey(entry.getKey().name()))
        .filter(entry -> !taken.get(entry.getKey().name()).equals(entry.getValue()))
        .map(entry -> entry.getKey().name())
        .findFirst();
  }
}
