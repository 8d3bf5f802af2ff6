// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Keeps the states of a run's trainings, so that a run that was killed goes on from them. Trainings
 * are told by their order: everything between them is computed again, and gives the same. A folder
 * belongs to one run, see {@link CheckpointFolder}.
 */
public final class Checkpoints {
  /** Keeps nothing. */
  public static final Checkpoints NONE = new Checkpoints(Optional.empty(), line -> {});

  /** Within an epoch a state is kept so often, in nanoseconds. */
  private static final long INTERVAL = 10_000_000_000L;

  private final Optional<Path> folder;
  private final Consumer<String> listener;
  private int trainings;

  private Checkpoints(Optional<Path> folder, Consumer<String> listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Those of a folder.
   *
   * @param listener is told, in a line, where a training goes on
   */
  public static Checkpoints in(CheckpointFolder folder, Consumer<String> listener) {
    return new Checkpoints(Optional.of(folder.path()), listener);
  }

  /** The checkpoints of the next training of the run. */
  Training next(String task, Model model, TrainingPlan plan, long seed) {
    trainings++;
    Optional<CheckpointFile> file =
        folder.map(
            path ->
                new CheckpointFile(
                    path.resolve("training-" + trainings),
                    model.restrictions(),
                    task + " " + plan + " " + seed + " " + checksum(model)));
    return new Training(task, file);
  }

  /** Of the weights that a training begins with. */
  private static long checksum(Model model) {
    CRC32 crc = new CRC32();
    model
        .network()
        .parameters()
        .arrays()
        .values()
        .forEach(
            array -> {
              for (float value : array) {
                int bits = Float.floatToRawIntBits(value);
                for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                  crc.update(bits >>> shift);
                }
              }
            });
    return crc.getValue();
  }

  /** The checkpoints of a training: the last state replaces the one before. */
  final class Training {
    private final String task;
    private final Optional<CheckpointFile> file;
    private long written = System.nanoTime();

    private Training(String task, Optional<CheckpointFile> file) {
      this.task = task;
      this.file = file;
    }

    /** The state that was kept last, if any was. */
    Optional<TrainingState> last() {
      Optional<TrainingState> state = file.flatMap(CheckpointFile::read);
      state.ifPresent(found -> listener.accept(task + ": goes on behind step " + found.step()));
      return state;
    }

    /**
     * Keeps a state at the end of an epoch, and every ten seconds within it.
     *
     * @param perEpoch steps of an epoch
     */
    void keep(TrainingState state, int perEpoch) {
      boolean isDue = System.nanoTime() - written > INTERVAL;
      if (file.isEmpty() || (state.step() % perEpoch != 0 && !isDue)) {
        return;
      }
      try {
        file.get().write(state);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      written = System.nanoTime();
    }
  }
}
