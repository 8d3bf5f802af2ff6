// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/** Runs many frames over several threads; results come in the order of the frames. */
public final class BatchRunner {
  /**
   * Frames that a thread takes at a time: few enough for progress, enough to hide the hand-over.
   */
  private static final int CHUNK = 16;

  private final Interpreter interpreter;
  private final int threads;

  /** A runner over {@code threads} threads, at least 1. */
  public BatchRunner(Interpreter interpreter, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread, not " + threads);
    }
    this.interpreter = interpreter;
    this.threads = threads;
  }

  /** The outputs of each frame, in order; see the other method. */
  public List<List<Tensor>> run(List<List<Tensor>> frames, IntConsumer progress) {
    return run(frames.size(), frames::get, progress);
  }

  /**
   * The outputs of frames {@code 0} to {@code frames - 1}, in order.
   *
   * @param source makes the inputs of a frame; several threads call it
   * @param progress hears now and then how many frames are done, each time more than before; one
   *     thread at a time calls it
   */
  public List<List<Tensor>> run(
      int frames, IntFunction<List<Tensor>> source, IntConsumer progress) {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      AtomicInteger done = new AtomicInteger();
      List<Future<List<List<Tensor>>>> chunks = new ArrayList<>();
      for (int first = 0; first < frames; first += CHUNK) {
        int begin = first;
        int end = Math.min(frames, first + CHUNK);
        chunks.add(
            executor.submit(
                () -> {
                  List<List<Tensor>> results = runChunk(begin, end, source);
                  synchronized (done) {
                    progress.accept(done.addAndGet(end - begin));
                  }
                  return results;
                }));
      }
      return collect(chunks);
    } finally {
      executor.shutdownNow();
    }
  }

  private List<List<Tensor>> runChunk(int begin, int end, IntFunction<List<Tensor>> source) {
    List<List<Tensor>> results = new ArrayList<>(end - begin);
    for (int frame = begin; frame < end; frame++) {
      results.add(interpreter.run(source.apply(frame)));
    }
    return results;
  }

  private static List<List<Tensor>> collect(List<Future<List<List<Tensor>>>> chunks) {
    List<List<Tensor>> results = new ArrayList<>();
    try {
      for (Future<List<List<Tensor>>> chunk : chunks) {
        results.addAll(chunk.get());
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompilerBug("a frame failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while frames ran", e);
    }
    return results;
  }
}
