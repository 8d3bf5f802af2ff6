// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/**
 * The circular memory of a {@link WindowUnit} and the padding that its writer inserts.
 *
 * @param height rows of the frame without padding
 * @param width columns of the frame without padding
 * @param padTop rows of padding above
 * @param padLeft columns of padding on the left
 * @param padBottom rows of padding below
 * @param padRight columns of padding on the right
 * @param padValue element value of padding, of the input's element type
 * @param beatsPerPixel beats that one pixel takes
 * @param words beats that each memory holds, a power of two
 * @param banks the memories that hold the beats together
 */
public record WindowBuffer(
    int height,
    int width,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight,
    int padValue,
    int beatsPerPixel,
    int words,
    Banks banks) {
  /**
   * Memories that the beats of a padded row are dealt to in turn, so that neighbouring pixels of an
   * output row are read at once, each from a memory of its own, with one copy of the window for all
   * of them. Each row begins with the first memory; the rest of its last round stays empty. If a
   * lane reads beat b of the frame, then the lane {@code lanes} further on reads beat {@code b +
   * beats} in the same step, of the same row, and so on for {@code count} of them.
   *
   * @param count of memories, a power of two; 1 if each port has a copy of the whole window
   * @param beats dealt to a memory at a time: from one output pixel to the next
   * @param lanes that neighbour each other and read for one pixel
   */
  public record Banks(int count, int beats, int lanes) {
    /** A copy of the window for each port. */
    public static final Banks NONE = new Banks(1, 1, 1);

    public Banks {
      if (Integer.bitCount(count) != 1 || beats < 1 || lanes < 1) {
        throw new IllegalArgumentException("a power of two of banks, for at least one beat");
      }
    }

    /** Whether there are several. */
    public boolean areSeveral() {
      return count > 1;
    }

    /** Beats of a round. */
    public int roundBeats() {
      return count * beats;
    }
  }

  public WindowBuffer {
    if (height < 1 || width < 1 || beatsPerPixel < 1) {
      throw new IllegalArgumentException("empty frame");
    }
    if (Math.min(Math.min(padTop, padLeft), Math.min(padBottom, padRight)) < 0) {
      throw new IllegalArgumentException("negative padding");
    }
    if (Integer.bitCount(words) != 1) {
      throw new IllegalArgumentException("words must be a power of two, got " + words);
    }
  }

  /** Rows with padding. */
  public int paddedHeight() {
    return padTop + height + padBottom;
  }

  /** Columns with padding. */
  public int paddedWidth() {
    return padLeft + width + padRight;
  }

  /** Beats of a padded row. */
  public int rowBeats() {
    return paddedWidth() * beatsPerPixel;
  }

  /** Words of each memory that a padded row takes, the empty ones behind its last beat included. */
  public int rowWords() {
    return roundUp(rowBeats(), banks.roundBeats()) / banks.count;
  }

  /**
   * Beats that the memories are sure to hold, wherever in a row the first of them is: whole rows
   * and, in what is left, rounds but for one, which the end of a row may leave empty.
   */
  public int depth() {
    if (!banks.areSeveral()) {
      return words;
    }
    int rounds = words % rowWords() / banks.beats;
    return words / rowWords() * rowBeats() + Math.max(0, rounds - 1) * banks.roundBeats();
  }

  /**
   * Where a beat is, counted from the beginning of a round that a row's beats are dealt in.
   *
   * @param bank number of the memory
   * @param word of the memory
   */
  public record Place(int bank, int word) {}

  /**
   * The place of the beat so far behind the beginning of a round; rounds do not go on in the next
   * row.
   */
  public Place place(int beats) {
    int ofRow = beats % rowBeats();
    int bank = ofRow % banks.roundBeats() / banks.beats;
    int word = ofRow / banks.roundBeats() * banks.beats + ofRow % banks.beats;
    return new Place(bank, beats / rowBeats() * rowWords() + word);
  }

  private static int roundUp(int number, int unit) {
    return (number + unit - 1) / unit * unit;
  }

  /** Beats of a padded frame. */
  public int paddedBeats() {
    return paddedHeight() * paddedWidth() * beatsPerPixel;
  }
}
