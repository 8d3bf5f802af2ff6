// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.arithmetic.SignedDigits;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The read-only memories of one requantizer: a word for each channel that it serves, or for each
 * number that it looks up. From these the generator builds, and the report counts.
 */
public final class RequantizerTables {
  private final Map<String, ConstantTable> tables = new LinkedHashMap<>();
  private final List<Integer> channels;
  private final BigInteger low;
  private final BigInteger high;

  private RequantizerTables(List<Integer> channels, BigInteger low, BigInteger high) {
    this.channels = channels;
    this.low = low;
    this.high = high;
  }

  /**
   * The memories of a requantizer.
   *
   * @param form of the requantizer
   * @param channels the channel of each index
   * @param low smallest accumulator
   * @param high largest accumulator
   * @param resultBits of the output element
   */
  public static RequantizerTables of(
      Requantizer form, List<Integer> channels, BigInteger low, BigInteger high, int resultBits) {
    RequantizerTables tables = new RequantizerTables(channels, low, high);
    tables.add(form, resultBits);
    return tables;
  }

  /** The table of that name. */
  public ConstantTable get(String name) {
    return tables.get(name);
  }

  /** Those that become memories, in a pipeline whose names begin with {@code prefix}. */
  public List<Memory> memories(String prefix) {
    return tables.values().stream()
        .filter(table -> !table.isConstant())
        .map(table -> table.memory(prefix, MemoryUse.TABLES))
        .toList();
  }

  private void add(Requantizer form, int resultBits) {
    if (form instanceof Offset offset) {
      List<BigInteger> offsets = integers(offset.offsets());
      int width = Bits.signed(low.add(least(offsets)), high.add(most(offsets)));
      put("offset", 0, offsets, width);
    } else if (form instanceof Scale scale) {
      scale(scale.multipliers(), scale.offsets(), scale.shift(), BigInteger.ZERO, BigInteger.ZERO);
    } else if (form instanceof Corrected corrected) {
      corrected(corrected);
    } else if (form instanceof TwoPieceScale pieces) {
      twoPieces(pieces);
    } else if (form instanceof BiasedScale biased) {
      biased(biased);
    } else if (form instanceof CentredScale centred) {
      centred(centred);
    } else if (form instanceof Table table) {
      table(table, resultBits);
    } else {
      thresholds((Thresholds) form);
    }
  }

  /** The offset carries what is missing to rows that are only inverted. */
  private void scale(
      List<Long> factors, List<Long> constants, int shift, BigInteger down, BigInteger up) {
    List<BigInteger> multipliers = integers(factors);
    List<BigInteger> offsets = integers(constants);
    List<BigInteger> ends = new ArrayList<>();
    for (BigInteger multiplier : multipliers) {
      ends.add(multiplier.multiply(low));
      ends.add(multiplier.multiply(high));
    }
    BigInteger bottom = least(ends).add(least(offsets)).add(down);
    BigInteger top = most(ends).add(most(offsets)).add(up);
    List<BigInteger> completed = sum(offsets, digits(multipliers, 0));
    if (completed.stream().anyMatch(value -> value.signum() != 0)) {
      int width = Math.max(Bits.signed(bottom, top), shift + 1);
      put("offset", 0, completed, Math.min(width, Bits.signed(completed)));
    }
  }

  /** Adds the digits of multipliers that differ; gives what is missing to the rows. */
  private List<BigInteger> digits(List<BigInteger> multipliers, int stage) {
    if (multipliers.stream().distinct().count() == 1) {
      return Collections.nCopies(
          multipliers.size(), SignedDigits.canonicalRest(multipliers.get(0)));
    }
    int count = SignedDigits.radix4Count(multipliers);
    List<List<Integer>> digits =
        multipliers.stream().map(value -> SignedDigits.radix4(value, count)).toList();
    put(
        "digits",
        stage,
        digits.stream().map(SignedDigits::encode).toList(),
        SignedDigits.CODE_BITS * count);
    return digits.stream().map(SignedDigits::radix4Rest).toList();
  }

  private void corrected(Corrected form) {
    boolean any = corrections(form.raised(), form.lowered());
    BigInteger half = any ? BigInteger.ONE.shiftLeft(form.shift() - 1) : BigInteger.ZERO;
    scale(form.multipliers(), form.offsets(), form.shift(), half.negate(), half);
  }

  /** A slot that a channel does not use names an accumulator that cannot occur. */
  private boolean corrections(List<List<Long>> raised, List<List<Long>> lowered) {
    BigInteger never = high.add(BigInteger.ONE);
    List<List<Long>> ups = each(raised, Function.identity());
    List<List<Long>> downs = each(lowered, Function.identity());
    int slots =
        IntStream.range(0, channels.size())
            .map(c -> ups.get(c).size() + downs.get(c).size())
            .max()
            .orElseThrow();
    for (int i = 0; i < slots; i++) {
      List<BigInteger> places = new ArrayList<>();
      List<BigInteger> lowers = new ArrayList<>();
      for (int c = 0; c < channels.size(); c++) {
        int beyond = i - ups.get(c).size();
        boolean lower = beyond >= 0 && beyond < downs.get(c).size();
        places.add(
            beyond < 0
                ? BigInteger.valueOf(ups.get(c).get(i))
                : lower ? BigInteger.valueOf(downs.get(c).get(beyond)) : never);
        lowers.add(lower ? BigInteger.ONE : BigInteger.ZERO);
      }
      put("corrected" + i, 0, places, Bits.signed(low, never));
      put("lowered" + i, 0, lowers, 1);
    }
    return slots > 0;
  }

  /** Pivots lose the zeros at their end. */
  private void twoPieces(TwoPieceScale form) {
    List<BigInteger> pivots = integers(form.pivots());
    List<BigInteger> belows = integers(form.belows());
    int operandBits = Bits.signed(low, high);
    int zeros = commonZeros(pivots, operandBits - 1);
    List<BigInteger> compared = pivots.stream().map(pivot -> pivot.shiftRight(zeros)).toList();
    put("pivot", 0, compared, Math.max(operandBits - zeros, Bits.signed(compared)));
    put("below", 0, belows, Bits.signed(belows));
    scale(form.multipliers(), form.offsets(), form.shift(), least(belows), BigInteger.ZERO);
  }

  private void biased(BiasedScale form) {
    List<BigInteger> biases = integers(form.biases());
    put("bias", 0, biases, Bits.signed(low.add(least(biases)), high.add(most(biases))));
    BigInteger half = BigInteger.ONE.shiftLeft(form.shift() - 1);
    List<BigInteger> halves =
        digits(integers(form.multipliers()), 1).stream().map(half::add).toList();
    put("half", 1, halves, Bits.signed(halves));
  }

  private void centred(CentredScale form) {
    List<BigInteger> biases = integers(form.biases());
    put("bias", 0, biases, Bits.signed(low.add(least(biases)), high.add(most(biases))));
    List<BigInteger> exponents = each(form.exponents(), e -> BigInteger.valueOf(e));
    BigInteger smallest = least(exponents);
    int choices = most(exponents).subtract(smallest).intValueExact() + 1;
    put(
        "exponent",
        1,
        exponents.stream().map(e -> e.subtract(smallest)).toList(),
        Bits.choosing(choices));
    List<BigInteger> multipliers = integers(form.multipliers());
    put("multiplier", 3, multipliers, Bits.signed(multipliers));
    boolean corrects = corrections(form.raised(), form.lowered());
    List<BigInteger> rests = integers(form.rests());
    int zeros = commonZeros(rests, form.shift());
    List<BigInteger> shortened = rests.stream().map(rest -> rest.shiftRight(zeros)).toList();
    put(
        "rest",
        corrects ? 3 : 4,
        shortened,
        Bits.signed(least(shortened).min(BigInteger.ZERO), most(shortened)));
  }

  private void thresholds(Thresholds form) {
    BigInteger never = high.add(BigInteger.ONE);
    List<List<Long>> lists = each(form.thresholds(), Function.identity());
    int most = lists.stream().mapToInt(List::size).max().orElseThrow();
    int width = Bits.signed(low, never);
    for (int i = 0; i < most; i++) {
      int at = i;
      List<BigInteger> values =
          lists.stream()
              .map(
                  list ->
                      at < list.size()
                          ? BigInteger.valueOf(list.get(at)).max(low).min(never)
                          : never)
              .toList();
      put("threshold" + i, 0, values, width);
    }
  }

  /** Addressed by the channel, if tables differ, and the raw bits of the operand. */
  private void table(Table form, int resultBits) {
    List<List<Integer>> own = each(form.tables(), Function.identity());
    boolean shared = own.stream().distinct().count() == 1;
    int size = own.get(0).size();
    List<BigInteger> entries = new ArrayList<>();
    for (List<Integer> table : shared ? own.subList(0, 1) : own) {
      for (int raw = 0; raw < size; raw++) {
        entries.add(BigInteger.valueOf(table.get(Math.floorMod(raw - form.low(), size))));
      }
    }
    int indexBits = shared ? 0 : Bits.choosing(channels.size());
    int words = 1 << (indexBits + Bits.choosing(size));
    entries.addAll(Collections.nCopies(words - entries.size(), BigInteger.ZERO));
    put("table", 2, entries, resultBits);
  }

  private void put(String name, int stage, List<BigInteger> entries, int width) {
    tables.put(name, new ConstantTable(name, stage, entries, width));
  }

  private List<BigInteger> integers(List<Long> values) {
    return each(values, BigInteger::valueOf);
  }

  private <T, R> List<R> each(List<T> values, Function<? super T, R> convert) {
    return channels.stream().map(c -> convert.apply(PerChannel.of(values, c))).toList();
  }

  private static List<BigInteger> sum(List<BigInteger> left, List<BigInteger> right) {
    return IntStream.range(0, left.size()).mapToObj(i -> left.get(i).add(right.get(i))).toList();
  }

  private static int commonZeros(List<BigInteger> values, int most) {
    return values.stream()
        .filter(value -> value.signum() != 0)
        .mapToInt(BigInteger::getLowestSetBit)
        .reduce(most, Math::min);
  }

  private static BigInteger least(List<BigInteger> values) {
    return Collections.min(values);
  }

  private static BigInteger most(List<BigInteger> values) {
    return Collections.max(values);
  }
}
