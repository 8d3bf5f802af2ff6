// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Parameters;
import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A state of a training in a file: CRC-32 of the rest (4 bytes, the highest first), then serialized
 * records. Restrictions that the training was given, as the grid of a quantization, are named by
 * their place and not written: whoever goes on has them.
 *
 * @param path of the file
 * @param given restrictions that the training begins with
 * @param training tells it from others
 */
record CheckpointFile(Path path, Restrictions given, String training) {
  /** Only what a state consists of; arrays are bounded before there is memory for them. */
  private static final ObjectInputFilter STATES =
      ObjectInputFilter.Config.createFilter(
          "maxdepth=32;maxarray=268435456;dev.etch.compress.**;java.util.*;java.lang.*;!*");

  CheckpointFile {
    Objects.requireNonNull(path);
    Objects.requireNonNull(given);
    Objects.requireNonNull(training);
  }

  /** A restriction that the training was given. */
  private record Given(int index) implements Serializable {}

  /** What is serialized. Maps and lists are those of {@code java.util}. */
  private record Content(
      String training,
      int step,
      Parameters free,
      Parameters statistics,
      Optimizer optimizer,
      LinkedHashMap<String, ArrayList<Serializable>> restrictions,
      Losses losses)
      implements Serializable {}

  /**
   * Writes a neighbour that then takes the file's place: a process that is killed leaves a whole
   * one.
   */
  void write(TrainingState state) throws IOException {
    byte[] content = serialized(state);
    Path temporary = path.resolveSibling("." + path.getFileName());
    Files.write(
        temporary,
        ByteBuffer.allocate(Integer.BYTES + content.length)
            .putInt(crc(content))
            .put(content)
            .array());
    CheckpointFolder.replace(temporary, path);
  }

  private byte[] serialized(TrainingState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(
          new Content(
              training,
              state.step(),
              state.free(),
              state.statistics(),
              state.optimizer(),
              named(state.restrictions()),
              state.losses()));
    } catch (NotSerializableException e) {
      throw new CompilerBug("a training makes restrictions that cannot be kept: " + e.getMessage());
    }
    return bytes.toByteArray();
  }

  private LinkedHashMap<String, ArrayList<Serializable>> named(Restrictions restrictions)
      throws NotSerializableException {
    LinkedHashMap<String, ArrayList<Serializable>> named = new LinkedHashMap<>();
    for (Map.Entry<String, List<Restriction>> entry : restrictions.byName().entrySet()) {
      ArrayList<Serializable> list = new ArrayList<>();
      for (Restriction restriction : entry.getValue()) {
        list.add(named(given.of(entry.getKey()), restriction));
      }
      named.put(entry.getKey(), list);
    }
    return named;
  }

  private static Serializable named(List<Restriction> given, Restriction restriction)
      throws NotSerializableException {
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) == restriction) {
        return new Given(i);
      }
    }
    if (restriction instanceof Serializable own) {
      return own;
    }
    throw new NotSerializableException(restriction.getClass().getSimpleName());
  }

  /**
   * The state in the file, if there is one.
   *
   * @throws DiagnosticException if it is damaged, or of another training
   */
  Optional<TrainingState> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    Content content = content();
    if (!content.training.equals(training)) {
      throw problem("is of another training", "remove its folder, and start anew");
    }
    return Optional.of(
        new TrainingState(
            content.step,
            content.free,
            content.statistics,
            content.optimizer,
            restrictions(content.restrictions),
            content.losses));
  }

  private Content content() {
    ByteBuffer bytes;
    try {
      bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.remaining() < Integer.BYTES) {
      throw damaged("it ends early");
    }
    int crc = bytes.getInt();
    byte[] content = new byte[bytes.remaining()];
    bytes.get(content);
    if (crc != crc(content)) {
      throw damaged("its checksum is wrong");
    }
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(content))) {
      in.setObjectInputFilter(STATES);
      return (Content) in.readObject();
    } catch (IOException | ClassNotFoundException | ClassCastException e) {
      throw problem("is no checkpoint of this Etch", "remove its folder, and start anew");
    }
  }

  private Restrictions restrictions(Map<String, ArrayList<Serializable>> named) {
    Map<String, List<Restriction>> byName = new LinkedHashMap<>();
    named.forEach(
        (name, list) ->
            byName.put(name, list.stream().map(one -> restriction(given.of(name), one)).toList()));
    return new Restrictions(byName);
  }

  private static Restriction restriction(List<Restriction> given, Serializable one) {
    return one instanceof Given place ? given.get(place.index) : (Restriction) one;
  }

  private static int crc(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  private DiagnosticException damaged(String how) {
    return problem("is damaged: " + how, "remove it: its training then starts anew");
  }

  private DiagnosticException problem(String message, String help) {
    return new DiagnosticException(Location.file(path.toString()), message, help);
  }
}
