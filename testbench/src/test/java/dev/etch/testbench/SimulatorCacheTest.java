// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cache, used by many at once. */
class SimulatorCacheTest {
  private static final int KEYS = 60;
  private static final int USERS = 4;
  private static final int ROUNDS = 20;

  @TempDir Path folder;

  @Test
  void manyUseItAtOnce() throws Exception {
    SimulatorCache cache = new SimulatorCache(folder);
    ExecutorService users = Executors.newFixedThreadPool(USERS);
    try {
      List<Future<?>> all =
          IntStream.range(0, USERS)
              .<Future<?>>mapToObj(u -> users.submit(() -> use(cache)))
              .toList();
      for (int i = 0; i < ROUNDS; i++) {
        cache.bytes();
        cache.builds();
      }
      for (Future<?> user : all) {
        user.get();
      }
    } finally {
      users.shutdownNow();
    }
    assertEquals(KEYS, cache.builds());
    assertEquals(KEYS * 3L, cache.bytes());
  }

  /** What the launcher fetched lies beside the builds, is not counted with them, and stays. */
  @Test
  void onlyBuildsAreCountedAndDeleted() throws IOException {
    SimulatorCache cache = new SimulatorCache(folder);
    Path fetched = Files.createDirectories(folder.resolve("training")).resolve("library");
    Files.write(fetched, new byte[100]);
    cache.get("sim-1", SimulatorCacheTest::build);
    assertEquals(3, cache.bytes());
    cache.clear();
    assertEquals(0, cache.bytes());
    assertEquals(100, Files.size(fetched));
  }

  private static void use(SimulatorCache cache) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int key = 0; key < KEYS; key++) {
        cache.get("sim-" + key, SimulatorCacheTest::build);
      }
    }
  }

  private static void build(Path work) {
    try {
      Files.write(work.resolve("simulator"), new byte[] {1, 2, 3});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
