// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.MatrixRotation;
import dev.etch.hardware.WindowBuffer;
import dev.etch.hardware.WindowBuffer.Banks;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WindowWalk;
import dev.etch.hardware.WordSource;
import dev.etch.lower.MacProblem.Term;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a {@link WindowUnit} has to compute, before it is decided how much hardware it gets.
 *
 * @param operation what its lanes do
 * @param frame the frame that arrives: rows, columns, channels
 * @param window geometry, with the padding that the writer inserts
 * @param padValue element value of padding
 * @param outputs for each output channel its taps: those of nonzero weights, or all if weights are
 *     loaded and their schedule is not
 * @param accumulator type of every partial sum
 * @param requantizers accumulator to output, in every form that there is
 * @param word neighbouring channels that a tap takes at once, with {@link
 *     dev.etch.hardware.PackedWeights}: a beat of the buffer is exactly one word, and taps name the
 *     first channel; {@link #ONE_PRODUCT} if a tap is one product
 * @param loaded if the host loads weights; empty if they are constants
 * @param circulant rows and columns of the circulant blocks that constant weights consist of, if
 *     they do: {@link MatrixRotation}
 */
public record WindowLayer(
    WindowUnit.Operation operation,
    Frame frame,
    Window window,
    int padValue,
    List<List<Tap>> outputs,
    IntegerType accumulator,
    Requantizers requantizers,
    int word,
    Optional<LoadableWeights> loaded,
    Optional<Integer> circulant) {
  /** The word of a layer whose taps are one product each. */
  public static final int ONE_PRODUCT = 1;

  /** Times the steps that a schedule may have if weights are stored once for a diagonal. */
  private static final int MOST_WASTE = 2;

  public WindowLayer {
    Objects.requireNonNull(operation);
    Objects.requireNonNull(frame);
    Objects.requireNonNull(window);
    outputs = outputs.stream().map(List::copyOf).toList();
    Objects.requireNonNull(accumulator);
    Objects.requireNonNull(requantizers);
    Objects.requireNonNull(loaded);
    Objects.requireNonNull(circulant);
    if ((operation == WindowUnit.Operation.DOT) == (word == ONE_PRODUCT)) {
      throw new IllegalArgumentException(operation + " with words of " + word);
    }
  }

  /** One whose weights are no circulant blocks. */
  public WindowLayer(
      WindowUnit.Operation operation,
      Frame frame,
      Window window,
      int padValue,
      List<List<Tap>> outputs,
      IntegerType accumulator,
      Requantizers requantizers,
      int word,
      Optional<LoadableWeights> loaded) {
    this(
        operation,
        frame,
        window,
        padValue,
        outputs,
        accumulator,
        requantizers,
        word,
        loaded,
        Optional.empty());
  }

  /** The same on another frame, with the padding of {@code newWindow}. */
  WindowLayer onFrame(Frame newFrame, Window newWindow, int newPadValue) {
    return new WindowLayer(
        operation,
        newFrame,
        newWindow,
        newPadValue,
        outputs,
        accumulator,
        requantizers,
        word,
        loaded,
        circulant);
  }

  /** The same, but the host also loads the schedule, which skips zeros. */
  public WindowLayer withLoadedSchedule(ScheduleRoom room) {
    return withoutZeros(loaded.map(weights -> weights.withRoom(room)));
  }

  /** The same, but the host loads coded words, which skip zeros. */
  public WindowLayer withLoadedCode(CodedRoom room) {
    return withoutZeros(loaded.map(weights -> weights.withCoded(room)));
  }

  private WindowLayer withoutZeros(Optional<LoadableWeights> other) {
    List<List<Tap>> nonzero =
        outputs.stream()
            .map(taps -> taps.stream().filter(tap -> tap.weight() != 0).toList())
            .toList();
    return new WindowLayer(
        operation, frame, window, padValue, nonzero, accumulator, requantizers, word, other);
  }

  /** Room of the schedule, if it is loaded. */
  public Optional<ScheduleRoom> room() {
    return loaded.flatMap(LoadableWeights::room);
  }

  /** Room of coded words, if these are loaded. */
  public Optional<CodedRoom> coded() {
    return loaded.flatMap(LoadableWeights::coded);
  }

  /** Where the lanes of a layout get their words from if nothing else is said. */
  public WordSource words(LaneLayout layout) {
    if (layout.isBroadcast() && rotates(layout) && !wastes(layout)) {
      return WordSource.ROTATED;
    }
    return room().isPresent() ? WordSource.LOADED : WordSource.ROM;
  }

  /** Whether lanes to which elements are broadcast can share circulant blocks. */
  public boolean rotates(LaneLayout layout) {
    return isMatrix()
        && circulant.isPresent()
        && MatrixRotation.fits(circulant.get(), layout.clusters(), layout.ports());
  }

  /** Steps of a frame if they do: one for each element and row of a lane. */
  public int rotatedSteps(LaneLayout layout) {
    int size = circulant.orElseThrow();
    int groups = layout.clusters() * layout.ports() / size;
    int blockRows = (outputs.size() + size - 1) / size;
    return Math.multiplyExact(frame.elements(), (blockRows + groups - 1) / groups);
  }

  /** Whether blocks of zeros, or lanes without an output, take steps that there would not be. */
  private boolean wastes(LaneLayout layout) {
    long least = taps() / ((long) layout.clusters() * layout.ports());
    return rotatedSteps(layout) > MOST_WASTE * least;
  }

  /** Whether lanes multiply by weights, whatever with. */
  public boolean hasWeights() {
    return operation == WindowUnit.Operation.MULTIPLY_ACCUMULATE
        || operation == WindowUnit.Operation.DOT;
  }

  /** Rows, columns and channels of a frame. */
  public record Frame(int height, int width, int channels) {
    /** All elements. */
    public int elements() {
      return height * width * channels;
    }
  }

  /** One product: where in the window, and with what weight. */
  public record Tap(int row, int column, int channel, int weight) {}

  /**
   * Whether it is a matrix times a frame, with a product for each nonzero weight: one pixel, whose
   * window is the frame. Weights are known, or loaded as coded words.
   */
  public boolean isMatrix() {
    return (loaded.isEmpty() || coded().isPresent()) && coversFrame();
  }

  /** Whether it makes one pixel, of all elements of a frame. */
  public boolean coversFrame() {
    return operation == WindowUnit.Operation.MULTIPLY_ACCUMULATE
        && pixels() == 1
        && paddedPixels() == frame.height() * frame.width();
  }

  /** Rows of output pixels. */
  public int outputHeight() {
    return window.outputHeight(frame.height());
  }

  /** Columns of output pixels. */
  public int outputWidth() {
    return window.outputWidth(frame.width());
  }

  /** Output pixels of a frame. */
  public int pixels() {
    return outputHeight() * outputWidth();
  }

  private int paddedWidth() {
    return window.padLeft() + frame.width() + window.padRight();
  }

  /** Positions of the padded frame. */
  public int paddedPixels() {
    return (window.padTop() + frame.height() + window.padBottom()) * paddedWidth();
  }

  /** Whether its frames may arrive so many elements at a time if they are broadcast. */
  public boolean takesBeats(int each) {
    return FrameBeats.fit(frame.elements(), each);
  }

  /** Useful products of a pixel. */
  public long taps() {
    return outputs.stream().mapToLong(List::size).sum();
  }

  /**
   * The schedule to find for a layout.
   *
   * @param elements of a beat of the buffer
   */
  public MacProblem problem(LaneLayout layout, int elements) {
    List<List<Term>> terms = new ArrayList<>();
    for (int pixel = 0; pixel < layout.block(); pixel++) {
      for (List<Tap> taps : outputs) {
        terms.add(terms(taps, pixel * window.strideWidth(), elements));
      }
    }
    int distance = window.strideWidth() * (frame.channels() / elements);
    return new MacProblem(
        terms,
        layout.clusters(),
        layout.ports(),
        layout.group(),
        new MacProblem.Copies(layout.block(), layout.copies(), distance),
        layout.isShared(),
        loaded);
  }

  private List<Term> terms(List<Tap> taps, int columnsAhead, int elements) {
    int beatsPerPixel = frame.channels() / elements;
    List<Term> terms = new ArrayList<>();
    for (Tap tap : taps) {
      int pixel = tap.row() * paddedWidth() + tap.column() + columnsAhead;
      int address = pixel * beatsPerPixel + tap.channel() / elements;
      terms.add(new Term(address, tap.channel() % elements, tap.weight()));
    }
    java.util.Collections.sort(terms);
    return terms;
  }

  /** How the window moves, a block of pixels at a time, over beats of so many elements. */
  public WindowWalk walk(int block, int elements) {
    int beats = frame.channels() / elements;
    int blocks = outputWidth() / block;
    int pixelStep = block * window.strideWidth() * beats;
    int row = window.strideHeight() * paddedWidth() * beats;
    int alongRow = (blocks - 1) * pixelStep;
    int columns = window.spanWidth() + (block - 1) * window.strideWidth();
    int span = ((window.spanHeight() - 1) * paddedWidth() + columns) * beats;
    return new WindowWalk(
        outputHeight(),
        blocks,
        pixelStep,
        row - alongRow,
        paddedPixels() * beats - (outputHeight() - 1) * row - alongRow,
        span);
  }

  /**
   * The circular memory: the window of a block and the rows that are written meanwhile; with {@code
   * ahead} also the first window of the next frame.
   */
  public WindowBuffer buffer(LaneLayout layout, Buffering buffering) {
    int beats = frame.channels() / buffering.inputElements();
    WindowWalk walk = walk(layout.block(), buffering.inputElements());
    int span = walk.span();
    int row = window.strideHeight() * paddedWidth() * beats;
    boolean onePixel = walk.pixels() == 1;
    int wanted = onePixel ? 2 * paddedPixels() * beats : span + row;
    if (!onePixel && buffering.ahead()) {
      wanted = 2 * span + 2 * row;
    }
    Banks banks =
        buffering.banked()
            ? new Banks(layout.copies(), window.strideWidth() * beats, layout.group())
            : Banks.NONE;
    WindowBuffer buffer = buffer(beats, powerOfTwo(wanted / banks.count()), banks);
    while (buffer.depth() < wanted) {
      buffer = buffer(beats, 2 * buffer.words(), banks);
    }
    return buffer;
  }

  private WindowBuffer buffer(int beatsPerPixel, int words, Banks banks) {
    return new WindowBuffer(
        frame.height(),
        frame.width(),
        window.padTop(),
        window.padLeft(),
        window.padBottom(),
        window.padRight(),
        padValue,
        beatsPerPixel,
        words,
        banks);
  }

  /** Whether copies of lanes can read from banks, one element of a beat at a time. */
  public boolean canBank(LaneLayout layout, int elements) {
    return operation != WindowUnit.Operation.DOT && layout.canBank(elements);
  }

  /** The least power of two that is not below {@code number}. */
  static int powerOfTwo(int number) {
    return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
  }
}
