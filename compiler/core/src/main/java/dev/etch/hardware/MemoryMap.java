// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the words of each unit stand in the external memory, counted in beats from an address that
 * the host sets. Regions begin with a burst. A unit's {@link OutsideWords} are read from end to
 * end, and from then on again from {@link OutsideWords#again} on: that beat begins a burst, too, so
 * only the first of all bursts and the last of a turn are shorter than the others. In front of
 * words that may be others later, a beat has their {@linkplain OutsideWords#crc CRC}; behind them
 * is {@linkplain OutsideWords#room room}, so regions stand where they do for all of them.
 *
 * <p>The reader (registers unless said otherwise, t is a cycle): each region has a queue of {@link
 * ExternalMemory#queueBeats} beats. If in t some regions have room for {@link
 * ExternalMemory#BURST_BEATS} beats that were not asked for, no address waits for the memory, and
 * fewer than {@link #mostBursts} bursts are under way, the next of these regions in turn is asked
 * for its next burst: the address is on the bus, and the burst is under way, from t + 1 on. A burst
 * whose last beat the memory gives in t is not under way any more in t + 1. A beat that the memory
 * gives in t can be taken from its queue from t + 2 on; what is taken in t is room from t + 1 on.
 * The reader is always ready for beats. No frame begins before all queues are as full as they get,
 * and no burst is under way.
 *
 * @param memory what they stand in
 * @param regions in the order of the units
 */
public record MemoryMap(ExternalMemory memory, List<Region> regions) {
  public MemoryMap {
    regions = List.copyOf(regions);
  }

  /**
   * The beats of one unit.
   *
   * @param unit whose words they are
   * @param words of the unit
   * @param first beat of all: the CRC if there is one, or the first of the words
   * @param again where reading goes on behind the last
   * @param end behind the last beat
   * @param limit behind the last beat that there is room for
   */
  public record Region(String unit, OutsideWords words, int first, int again, int end, int limit) {
    /** The first beat behind the CRC. */
    public int firstWords() {
      return first + words.headerBeats();
    }

    /** Beats from the first to the last. */
    public int beats() {
      return end - first;
    }
  }

  /** The map of a design; empty if it reads no words from outside. */
  public static Optional<MemoryMap> of(Design design) {
    Optional<ExternalMemory> memory = design.memory();
    return memory.map(outside -> new MemoryMap(outside, regions(design)));
  }

  private static List<Region> regions(Design design) {
    List<Region> regions = new ArrayList<>();
    int base = 0;
    for (WordReader unit : design.readers()) {
      OutsideWords words = unit.outsideWords();
      int header = words.headerBeats();
      int again = base + upToBurst(header + words.again());
      int first = again - words.again();
      int end = Math.addExact(first, words.beats().size());
      int limit = Math.addExact(first, words.room());
      regions.add(new Region(unit.name(), words, first - header, again, end, limit));
      base = upToBurst(limit);
    }
    return regions;
  }

  private static int upToBurst(int beats) {
    return Math.multiplyExact(
        (beats + ExternalMemory.BURST_BEATS - 1) / ExternalMemory.BURST_BEATS,
        ExternalMemory.BURST_BEATS);
  }

  /** Bursts that are under way at a time: as many whole ones as the queues have room for. */
  public int mostBursts() {
    return regions.size() * memory.queueBeats() / ExternalMemory.BURST_BEATS;
  }

  /** What the memory holds for the weights of a design, if it belongs to what the host loads. */
  public static Optional<byte[]> loaded(Design design) {
    return of(design).filter(MemoryMap::isLoaded).map(MemoryMap::image);
  }

  /** Whether words may be others later, with what the host loads of their code. */
  public boolean isLoaded() {
    return regions.stream().anyMatch(region -> region.words().crc().isPresent());
  }

  /** Beats of all regions. */
  public int beats() {
    return upToBurst(regions.get(regions.size() - 1).limit());
  }

  /** Bytes of all regions. */
  public long bytes() {
    return (long) beats() * memory.beatBytes();
  }

  /** What the memory holds, the lowest byte of a beat first. */
  public byte[] image() {
    byte[] image = new byte[Math.toIntExact(bytes())];
    for (Region region : regions) {
      List<BigInteger> beats = region.words().beats();
      for (int i = 0; i < beats.size(); i++) {
        put(beats.get(i), image, (region.firstWords() + i) * memory.beatBytes());
      }
      region
          .words()
          .crc()
          .ifPresent(
              crc ->
                  put(
                      BigInteger.valueOf(Integer.toUnsignedLong(crc)),
                      image,
                      region.first() * memory.beatBytes()));
    }
    return image;
  }

  private static void put(BigInteger beat, byte[] image, int at) {
    byte[] bytes = beat.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      int lowest = bytes.length - 1 - i;
      if (bytes[lowest] != 0) {
        image[at + i] = bytes[lowest];
      }
    }
  }
}
